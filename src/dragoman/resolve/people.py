"""Whether two people, bodies, places or groups of different reports are one, and why.

`build_profiles` gathers what a reading tells of each entity; `compare_profiles` weighs it. Scores come
with reasons in words a diplomat can read; the numbers behind them are in the constants below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

from dragoman.concord import Decision, Edge, Post, Profile
from dragoman.record import Entity, EntityKind, MentionForm, Reading
from dragoman.resolve.countries import Stated, find_states, get_state, name_state
from dragoman.resolve.names import (
    NAME_FLOOR,
    NOTHING_ALIKE,
    Comparison,
    PersonName,
    compare_parsed,
    parse_name,
)
from dragoman.resolve.organisations import BODY_FLOOR, compare_bodies, parse_body
from dragoman.resolve.places import compare_places
from dragoman.resolve.spelling import compare_words, fold_words
from dragoman.settings import load_lexicon

# Points a comparison of two people adds up, in [0, 1]; set on FRUS dev and corpus train.
NAME_WORTH = 0.80  # the same full name of two words, and nothing else known
LONG_NAME = 0.04  # for each further word in which the names agree
SAME_POST, SAME_COUNTRY, SAME_COMPANY = 0.15, 0.05, 0.05
OTHER_COUNTRY, OTHER_CALLING, BOTH_TOLD = -0.25, -0.25, -0.02
FAR_APART = -0.1  # points for reports further apart than FAR_DAYS that tell different offices
FAR_DAYS = 1826  # days
MOST_COMPANY = 3  # counted members of the company kept
WHOLE = 0.93  # [0, 1]; names this alike, of as many words, hold against other names that contradict
LENIENCE = 0.1  # how much looser names may be where the office is the same
SAME_FLOOR, UNSURE_FLOOR = 0.72, 0.60
BARE_WORTH = 0.58  # [0, 1]; a surname or first name alone: it takes an office, or company, to tell whose
BARE_FLOOR = 0.85  # [0, 1]; how alike the one word must be
GROUP_WORTH = 0.75  # [0, 1]; what groups are worth that are held to be one
GROUP_DAYS = 14  # days; a delegation is gone after that
LOOSE_POST_WORTH = 0.10  # [0, 1]; points for the same title, where not both say whose office it is
BARE_DAYS = 730  # days; between reports further apart the office alone does not tell who held it
LOOSE_POST = 0.6  # [0, 1]; what one word of a title in common is worth where nobody says whose office it is
POST_FLOOR = 0.5  # [0, 1]; share of the words of two titles that must agree
_PLAIN = frozenset("the of for in to and a an at on from by until after then thereafter".split())
NOT_NAMES = frozenset("the this that these those a an my his her our their your its".split())
ABROAD = frozenset({"to", "in"})
TIMES = frozenset({"former", "new", "first", "acting", "then", "the", "west", "east"})
_WHOLE_NAME = re.compile(r"\(([A-Z][\w.'’-]*(?: [\w.'’-]+)+)\)")
_BRACKET = re.compile(r"(\w+)\s*\(([A-Z][a-z]+)\)")


def build_profiles(reading: Reading) -> tuple[Profile, ...]:
    """What the reading tells of each of its entities, in the order of the reading."""
    entities = {entity.id: entity for entity in reading.entities}
    named = {i for m in reading.mentions if m.form is MentionForm.NAME for i in m.entities}
    company = _gather_company(reading, entities)
    posts = {entity_id: _gather_posts(reading, entity_id, entities) for entity_id in entities}
    return tuple(
        _build(entity, reading, posts[entity.id], company.get(entity.id, ()), is_named=entity.id in named)
        for entity in reading.entities
    )


def _build(
    entity: Entity, reading: Reading, posts: tuple[Post, ...], company: Iterable[str], *, is_named: bool
) -> Profile:
    aliases = (name for name in entity.aliases if is_proper(name))
    names = tuple(dict.fromkeys(v for n in (entity.name, *aliases) for v in expand_name(n)))
    told = (post.of for post in posts if post.of and len(post.of) == 2)
    published = reading.document.published
    return Profile(
        id=entity.id,
        kind=entity.kind,
        names=names,
        is_named=is_named or is_proper(entity.name) or entity.kind is EntityKind.GROUP,
        posts=posts,
        countries=tuple(dict.fromkeys(told)),
        company=tuple(company),
        country=entity.country,
        geonames=entity.geonames,
        lat=entity.lat,
        lon=entity.lon,
        first=published,
        last=published,
        documents=(reading.document.id,),
    )


def is_proper(name: str) -> bool:
    """Whether words are a name and not "my brother" or "the ambassador": most of them are capitals' own."""
    words = [word for word in name.split() if word[:1].isalpha()]
    lower = sum(word[0].islower() for word in words)
    return bool(words) and lower * 2 <= len(words) and words[0].casefold() not in NOT_NAMES


def expand_name(name: str) -> tuple[str, ...]:
    """The name, and where it holds a second one in brackets both of them apart.

    >>> expand_name("Mordechai (Mark) Vesholt")
    ('Mordechai Vesholt', 'Mark Vesholt')
    """
    if whole := _WHOLE_NAME.search(name):
        return _WHOLE_NAME.sub(" ", name).strip(), whole.group(1)
    if not _BRACKET.search(name):
        return (name,)
    return _BRACKET.sub(r"\1", name), _BRACKET.sub(r"\2", name)


def _gather_posts(reading: Reading, person: str, entities: Mapping[str, Entity]) -> tuple[Post, ...]:
    return tuple(
        make_post(role.title, of=_name(role.of, entities), to=_name(role.to, entities))
        for role in reading.roles
        if role.person == person
    )


def _name(entity_id: str | None, entities: Mapping[str, Entity]) -> str | None:
    return entities[entity_id].name if entity_id and entity_id in entities else None


def make_post(title: str, *, of: str | None = None, to: str | None = None) -> Post:
    """An office, its bodies and states as codes where the words name a state.

    >>> make_post("Azerbaijani ambassador", to="Israel")
    Post(title='ambassador', of='AZ', to='IL')
    """
    folded = fold_words(re.sub(r"['’]s\b", "", title)).split()
    words = " ".join(_load_titles().get(word, word) for word in folded).split()
    stated = find_states(words)
    inside = {n for state in stated for n in range(state.start, state.end)}
    plain = [w for n, w in enumerate(words) if n not in inside and w not in _PLAIN]
    own = next((s.code for s in stated if _is_own(words, s)), None)
    sent = next((s.code for s in stated if not s.is_adjective and _before(words, s) in ABROAD), None)
    return Post(title=" ".join(plain), of=_code(of) or own, to=_code(to) or sent)


@cache
def _load_titles() -> dict[str, str]:
    """What short forms and plurals of titles stand for."""
    return {word: to for words, to in load_lexicon("title-words") for word in words.split("|")}


def _before(words: Sequence[str], state: Stated) -> str:
    """The word before the name of a state, "the" passed over."""
    return next((word for word in reversed(words[: state.start]) if word != "the"), "")


def _is_own(words: Sequence[str], state: Stated) -> bool:
    """Whether an office belongs to the state: "Soviet ambassador", "President of France"."""
    if state.is_adjective:
        return all(word in TIMES for word in words[: state.start])
    return _before(words, state) in ("of", "")


def _code(name: str | None) -> str | None:
    """The code of the state that is named or that a body belongs to, else the folded name."""
    if not name:
        return None
    return get_state(name) or parse_body(name).of_country or fold_words(name)


def _gather_company(reading: Reading, entities: Mapping[str, Entity]) -> dict[str, tuple[str, ...]]:
    """Folded names of those each entity takes part with, acts for, and of the places it is met at."""
    company: dict[str, dict[str, None]] = {}
    for engagement in reading.engagements:
        takers = (i for p in engagement.participants for i in (p.entity, p.on_behalf_of))
        ids = [i for i in dict.fromkeys((*takers, engagement.place, engagement.at)) if i in entities]
        for one in ids:
            names = (fold_words(entities[i or ""].name) for i in ids if i != one)
            company.setdefault(one or "", {}).update(dict.fromkeys(names))
    return {entity_id: tuple(names) for entity_id, names in company.items()}


def compare_profiles(left: Profile, right: Profile) -> Edge:
    """Whether two entities of different reports are one, how surely, and why.

    Names must be able to be one person's; then offices, countries, walks of life and the company kept
    speak for or against. A surname alone proves nothing, nor does "the ministry" without its country.
    """
    if left.kind is not right.kind:
        return _edge(left, right, 0.0, (f"one is a {left.kind.value}, the other a {right.kind.value}",))
    return COMPARISONS[left.kind](left, right)


def _edge(left: Profile, right: Profile, score: float, reasons: Sequence[str]) -> Edge:
    score = round(min(max(score, 0.0), 1.0), 3)
    decision = (
        Decision.SAME
        if score >= SAME_FLOOR
        else Decision.UNSURE
        if score >= UNSURE_FLOOR
        else Decision.DIFFERENT
    )
    return Edge(left=left.id, right=right.id, decision=decision, score=score, reasons=tuple(reasons))


def _compare_people(left: Profile, right: Profile) -> Edge:
    if not (left.is_named and right.is_named):
        return _edge(left, right, 0.0, ("one of them has no name in its report",))
    if not (is_full(left) and is_full(right)):
        return _compare_bare(left, right)
    name = compare_name_lists(left.names, right.names)
    posts = _weigh_posts(left, right)
    floor = NAME_FLOOR - LENIENCE * (bool(posts) and posts[0][0] == SAME_POST)
    if name.score < floor:
        return _edge(left, right, min(name.score, UNSURE_FLOOR) * 0.9, name.reasons)
    score, reasons = NAME_WORTH * name.score + _weigh_length(left, right), list(name.reasons)
    company = _weigh_company(left, right)
    for worth, reason in (*posts, *company, *_weigh_gap(left, right, posts, company)):
        score += worth
        reasons.append(reason)
    return _edge(left, right, score, reasons)


def _weigh_gap(
    left: Profile, right: Profile, posts: Sequence[tuple[float, str]], company: Sequence[tuple[float, str]]
) -> list[tuple[float, str]]:
    """What it says that reports lie far apart, where neither office nor company ties them."""
    tied = company or any(worth == SAME_POST for worth, _ in posts)
    if not posts or tied or _find_gap(left, right) <= FAR_DAYS:
        return []
    return [(FAR_APART, "the reports lie years apart")]


@lru_cache(maxsize=65536)
def find_ends(names: tuple[str, ...]) -> frozenset[str]:
    """The words of names that may stand alone: first, last, and the first of two family names."""
    parsed = [parse_name(name).words for name in names]
    found = (word for words in parsed for word in (*words[:1], *words[max(1, len(words) - 2) :]))
    return frozenset(word for word in found if len(word) > 1)


def is_full(profile: Profile) -> bool:
    """Whether a person is known by more than one word."""
    return bool(_find_full(profile.names))


def _compare_bare(left: Profile, right: Profile) -> Edge:
    """Two of whom one is known by a single word: the office, or the company kept, must tell who it is."""
    words = [(a, b) for a in find_ends(left.names) for b in find_ends(right.names)]
    alike = max((compare_words(a, b) for a, b in words), default=0.0)
    if alike < BARE_FLOOR:
        return _edge(left, right, 0.0, NOTHING_ALIKE)
    score, reasons = BARE_WORTH * alike, [f"one is called only {(right if is_full(left) else left).names[0]}"]
    for worth, reason in (*_weigh_posts(left, right), *_weigh_company(left, right)):
        score += min(worth, LOOSE_POST_WORTH) if worth == SAME_POST and not _is_firm(left, right) else worth
        reasons.append(reason)
    if _find_gap(left, right) > BARE_DAYS:
        score, reasons = min(score, UNSURE_FLOOR), [*reasons, "the reports lie years apart"]
    return _edge(left, right, score, reasons)


def _is_firm(left: Profile, right: Profile) -> bool:
    """Whether both say whose office it is."""
    owners = [{post.of for post in profile.posts if post.of} for profile in (left, right)]
    return not owners[0].isdisjoint(owners[1])


def _find_gap(left: Profile, right: Profile) -> int:
    """Days between the reports of two; 0 where they overlap or one is undated."""
    if not (left.first and left.last and right.first and right.last):
        return 0
    later, earlier = max(left.first, right.first), min(left.last, right.last)
    return max(0, (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days)


def _weigh_length(left: Profile, right: Profile) -> float:
    words = min(len(parse_name(left.names[0]).words), len(parse_name(right.names[0]).words))
    return LONG_NAME * max(0, min(words, 4) - 2)


@lru_cache(maxsize=262144)
def compare_name_lists(left: tuple[str, ...], right: tuple[str, ...]) -> Comparison:
    """The best of all pairs of full names; two full names that contradict outweigh a looser pair."""
    full = [_find_full(names) for names in (left, right)]
    if not all(full):
        return Comparison(0.0, ("a surname or first name alone does not tell who it is",))
    found = [compare_parsed(one, two) for one in full[0] for two in full[1]]
    best = max(found, key=lambda comparison: comparison.score)
    conflict = next((c for c in found if not c.score and c.reasons != NOTHING_ALIKE), None)
    pairs = [(one, two) for one in full[0] for two in full[1]]
    whole = any(
        c.score >= WHOLE and len(a.words) == len(b.words) for c, (a, b) in zip(found, pairs, strict=True)
    )
    return conflict if conflict and not whole else best


@lru_cache(maxsize=65536)
def _find_full(names: tuple[str, ...]) -> tuple[PersonName, ...]:
    """The names of more than one word, without family names that another has a given name before."""
    full = [name for name in map(parse_name, names) if not name.is_bare]
    return tuple(name for name in full if not any(_is_end(name.words, other.words) for other in full))


def _is_end(words: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    return len(words) < len(longer) and longer[-len(words) :] == words


def _weigh_posts(left: Profile, right: Profile) -> list[tuple[float, str]]:
    """What offices, countries and walks of life say, each with its reason."""
    if not (left.posts and right.posts):
        return []
    pairs = ((compare_posts(one, two), one, two) for one in left.posts for two in right.posts)
    share, post, _ = max(pairs, key=lambda pair: pair[0])
    if share >= POST_FLOOR:
        return [
            (SAME_POST, f"both are called {post.title}" + (f" of {name_state(post.of)}" if post.of else ""))
        ]
    found: list[tuple[float, str]] = []
    callings = _find_callings(left.posts), _find_callings(right.posts)
    if all(callings) and callings[0].isdisjoint(callings[1]):
        found.append((OTHER_CALLING, f"one is {left.posts[0].title}, the other {right.posts[0].title}"))
    if left.countries and right.countries:
        shared = set(left.countries) & set(right.countries)
        if shared:
            found.append((SAME_COUNTRY, f"both hold office for {name_state(min(shared))}"))
        else:
            one, two = name_state(left.countries[0]), name_state(right.countries[0])
            found.append((OTHER_COUNTRY, f"one belongs to {one}, the other to {two}"))
    return found or [(BOTH_TOLD, f"one is {left.posts[0].title}, the other {right.posts[0].title}")]


@lru_cache(maxsize=262144)
def compare_posts(left: Post, right: Post) -> float:
    """How much of two offices is the same, in [0, 1]; 0 where they belong to different states or bodies."""
    for one, two in ((left.of, right.of), (left.to, right.to)):
        if one and two and one != two and not _overlap(one, two):
            return 0.0
    one_words, two_words = set(left.title.split()), set(right.title.split())
    shared = one_words & two_words
    if not shared:
        return 0.0
    owner, other = left.of or left.to, right.of or right.to
    firm = len(shared) > 1 or (owner is not None and owner == other)
    return len(shared) / min(len(one_words), len(two_words)) * (1.0 if firm else LOOSE_POST)


def _overlap(one: str, two: str) -> bool:
    """Whether two names of bodies share words; codes of states do not overlap."""
    return len(one) > 2 and len(two) > 2 and not set(one.split()).isdisjoint(set(two.split()) - _PLAIN)


@cache
def _load_callings() -> dict[str, str]:
    rows = load_lexicon("callings")
    return {word: calling for calling, words in reversed(rows) for word in words.split("|")}


def _find_callings(posts: Iterable[Post]) -> set[str]:
    known = _load_callings()
    return {known[word] for post in posts for word in post.title.split() if word in known}


def _weigh_company(left: Profile, right: Profile) -> list[tuple[float, str]]:
    """What the company kept says: names that stand in engagements of both."""
    others = set(right.company)
    shared = [name for name in left.company if name in others]
    if not shared:
        return []
    worth = SAME_COMPANY * min(len(shared), MOST_COMPANY)
    return [(worth, "both are reported with " + ", ".join(n.title() for n in shared[:MOST_COMPANY]))]


def _compare_bodies(left: Profile, right: Profile) -> Edge:
    names = [(one, two) for one in left.names for two in right.names]
    found = [_place_body(compare_bodies(one, two), one, two, left, right) for one, two in names]
    best = max(found, key=lambda comparison: comparison.score)
    conflict = next(
        (c for c in found if not c.score and " of " in c.reasons[0] and "one is" in c.reasons[0]), None
    )
    best = conflict or best
    if not (left.is_named and right.is_named):
        best = Comparison(0.0, ("one of them has no name in its report",))
    return _edge(left, right, best.score if best.score >= BODY_FLOOR else best.score * 0.7, best.reasons)


def _place_body(comparison: Comparison, one: str, two: str, left: Profile, right: Profile) -> Comparison:
    """The comparison, unless the names say too little without a country ("the Foreign Ministry")."""
    one_country = left.country is not None and left.country == right.country
    if comparison.score and not one_country and (is_general(one) or is_general(two)):
        return Comparison(0.0, ("the name fits such a body of any country",))
    return comparison


@lru_cache(maxsize=65536)
def is_general(name: str) -> bool:
    """Whether many countries have a body of that name: a kind of body without country, or plain words."""
    body = parse_body(name)
    if body.of_country or body.letters:
        return False
    words = [word for word in body.words if word not in _load_general()]
    return not words and not (body.in_country and body.of_country)


@cache
def _load_general() -> frozenset[str]:
    return frozenset(words for what, words, _ in load_lexicon("organisation-words") if what == "general")


def _compare_places(left: Profile, right: Profile) -> Edge:
    found = compare_places(left, right)
    return _edge(left, right, found.score, found.reasons)


def _compare_groups(left: Profile, right: Profile) -> Edge:
    """Groups are one under a name of their own, or met by the same people in the same days.

    "Officials" are others each time, unless they are reported with two names in common within a week or two.
    """
    one, two = fold_words(left.names[0]), fold_words(right.names[0])
    shared = [name for name in left.company if name in set(right.company)]
    if one != two:
        return _edge(left, right, 0.0, ("the groups are named differently",))
    if len(one.split()) > 1 and _has_own_name(left.names[0]):
        return _edge(left, right, GROUP_WORTH, ("the groups are named alike",))
    if len(shared) > 1 and left.first and right.first and _find_gap(left, right) <= GROUP_DAYS:
        names = ", ".join(name.title() for name in shared[:MOST_COMPANY])
        return _edge(left, right, GROUP_WORTH, (f"the same days report them with {names}",))
    return _edge(left, right, 0.0, ("a group without a name of its own is another in each report",))


def _has_own_name(name: str) -> bool:
    """Whether the name of a group holds a name: a capital behind its first word, or a state."""
    return any(word[:1].isupper() for word in name.split()[1:]) or bool(find_states(fold_words(name).split()))


COMPARISONS = {
    EntityKind.PERSON: _compare_people,
    EntityKind.ORGANIZATION: _compare_bodies,
    EntityKind.PLACE: _compare_places,
    EntityKind.GROUP: _compare_groups,
}
