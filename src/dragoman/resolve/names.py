"""Whether two names of people can be one person's, and why.

Names are taken apart (`parse_name`), their words paired by spelling, sound, short form and initial
(`spelling`), and what is left over decides: a patronymic too many is nothing, two given names that
differ are two people. What people do, and where, is `people`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from dragoman.resolve.spelling import compare_skeletons, compare_words, fold_words, is_vowelless
from dragoman.settings import load_lexicon

NAME_FLOOR = 0.80  # [0, 1]; names at least so alike can be one person's; set on FRUS dev
BARE = 0.5  # [0, 1]; a single word that stands in both names proves nothing alone
SHORT_FORM, INITIAL = 0.95, 0.88  # [0, 1]; what Ted for Theodore and T. for Theodore are worth
FATHERS = frozenset({"abu", "abou"})
SWAPPED = 0.9  # [0, 1]; factor where the same words stand in another order and no comma explains it
ALL_SLIPS = 0.82  # [0, 1]; factor where not one word of the names is spelt alike
NOTHING_ALIKE = ("no word of the names is alike",)
_JOINED = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
_GLUED = re.compile(r"\b([dD]e|Du|Di|La|Le|Van|Von|El|Al)(?=[A-Z][a-z])")
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]|[\"“”«»]")


class Comparison(NamedTuple):
    """How alike two names are, in [0, 1], and why, in words for people; 0 is: not one person's."""

    score: float
    reasons: tuple[str, ...]


class PersonName(NamedTuple):
    """A name taken apart: its words, family name last, without titles and particles."""

    words: tuple[str, ...]
    generation: str = ""
    vowelless: bool = False
    n_family: int = 0  # how many of the last words a comma marks as the family name; 0 where none does

    @property
    def is_bare(self) -> bool:
        """Whether only one word is there, so that the name says too little."""
        return len(self.words) < 2


class Pair(NamedTuple):
    """Two words of two names held to be the same, how surely, and how they are alike."""

    left: int
    right: int
    score: float
    how: str


@cache
def load_words(kind: str) -> frozenset[str]:
    """The words of one kind from the list of words in names."""
    return frozenset(
        word for row in load_lexicon("name-words") if row[0] == kind for word in row[1].split("|")
    )


@cache
def _load_generations() -> dict[str, str]:
    pairs = (word.split("=") for word in load_words("generation"))
    return {word: number for number, word in pairs}


@cache
def _load_forms() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, (forms,) in enumerate(load_lexicon("name-forms")):
        for form in forms.split("|"):
            groups.setdefault(form, set()).add(number)
    return {form: frozenset(numbers) for form, numbers in groups.items()}


def are_forms(left: str, right: str) -> bool:
    """Whether two given names are forms of one, as Ted and Theodore, or Isaac and Yitzhak."""
    return not find_forms(left).isdisjoint(find_forms(right))


def find_forms(word: str) -> frozenset[int]:
    """The numbers of the names a given name is a form of; empty for other words."""
    return _load_forms().get(word, frozenset())


@lru_cache(maxsize=65536)
def parse_name(name: str) -> PersonName:
    """The words of a person's name, family name last; titles, particles and brackets are left out.

    >>> parse_name("Torbert, Amb. Horace G., Jr.").words, parse_name("Dr. Nadira al-Vesholt").words
    (('horace', 'g', 'torbert'), ('nadira', 'vesholt'))
    """
    plain = _GLUED.sub(r"\1 ", _JOINED.sub(" ", _BRACKETS.sub(" ", name)))
    plain = re.sub(r"['’]s\b", "", plain)
    parts = [_split_words(part) for part in plain.split(",") if part.strip()]
    generation = next((g for part in parts for w in part[-1:] if (g := _generation(w, parts))), "")
    parts = [[w for w in part if not (generation and _generation(w, parts))] for part in parts]
    titles = load_words("credential") | load_words("rank")
    parts = [part for n, part in enumerate(filter(None, parts)) if n == 0 or not titles.issuperset(part)]
    words = [word for part in (*parts[1:], *parts[:1]) for word in _strip(part, is_family=part is parts[0])]
    words = _drop_particles(_join_servants(_join_fathers(words)))
    n_family = min(len(_drop_particles(parts[0])), len(words)) if len(parts) > 1 else 0
    return PersonName(tuple(words), generation, is_vowelless(name), n_family)


def _split_words(part: str) -> list[str]:
    """Folded words; initials written together (E.L.M., JC) become words of one letter."""
    spaced = re.sub(r"(?<=\w)\.(?=\S)|\.", ". ", part)
    shouted = part.upper() == part
    words: list[str] = []
    for raw in re.split(r"[\s\-‐–—/·・]+", spaced):
        bare = raw.strip(".'’")
        is_initials = not shouted and bare.isascii() and bare.isupper() and len(bare) in (2, 3)
        if is_initials and fold_words(bare) not in _load_generations() and not re.search("[AEIOUY]", bare):
            words += list(bare.lower())
        else:
            words += fold_words(bare).split()
    return words


def _generation(word: str, parts: Sequence[Sequence[str]]) -> str:
    """The generation a word names (Jr is 2), where it is not the only word."""
    return _load_generations().get(word, "") if sum(map(len, parts)) > 1 else ""


def _strip(words: Sequence[str], *, is_family: bool) -> list[str]:
    """The words without titles and ranks before and degrees after; a word alone is always a name."""
    honorific, credential = load_words("honorific"), load_words("credential")
    kept = [w for i, w in enumerate(words) if w not in honorific or (i == len(words) - 1 and is_family)]
    while len(kept) > 1 and kept[0] in load_words("rank"):
        kept.pop(0)
    while len(kept) > 2 and kept[-1] in credential:
        kept.pop()
    return kept


def _join_fathers(words: Sequence[str]) -> list[str]:
    """ "Abu Zahl" and "Abuzahl" as one word: a father of somebody is not named without him."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in FATHERS:
            joined[-1] = f"abu{word}"
        else:
            joined.append(word)
    return joined


def _join_servants(words: Sequence[str]) -> list[str]:
    """ "Abd al-Aziz", "Abdul Aziz" and "Abdulaziz" as one word."""
    joined: list[str] = []
    skip = load_words("article")
    for word in words:
        if joined and joined[-1] == "abd" and word not in skip:
            joined[-1] = f"abdul{word}"
        elif not (joined and joined[-1] == "abd"):
            joined.append("abd" if word in {"abdul", "abdel", "abdal", "abd"} else word)
    return joined


def _drop_particles(words: Sequence[str]) -> list[str]:
    """The words without particles; the first stays where little else is there (Ben Gurion, Al Smith)."""
    dropped = load_words("particle") | load_words("article")
    kept = [w for n, w in enumerate(words) if w not in dropped or (n == 0 and len(w) == 1)]
    if len(kept) < 2 and words and words[0] in dropped and words[0] != "al":
        return [words[0], *kept]
    if len(kept) == 1 and len(words) == 2 and words[0] == "al":
        return list(words)
    return kept or list(words)


def compare_names(left: str, right: str) -> Comparison:
    """How alike two names of people are, in [0, 1], and why.

    A name may be spelt differently, shortened, put in another order or stand with fewer words; it may not
    have another initial, another given name or another generation. From `NAME_FLOOR` on two names can be
    one person's.

    >>> compare_names("Məmmədov, Rauf", "Rauf Mammadov").score > NAME_FLOOR
    True
    >>> compare_names("Olen Vasht Jr.", "Olen Vasht Sr.")
    Comparison(score=0.0, reasons=('one is of another generation (Jr., Sr.)',))
    """
    return compare_parsed(parse_name(left), parse_name(right))


@lru_cache(maxsize=262144)
def compare_parsed(left: PersonName, right: PersonName) -> Comparison:
    """What `compare_names` says, of names taken apart already."""
    if left.generation and right.generation and left.generation != right.generation:
        return Comparison(0.0, ("one is of another generation (Jr., Sr.)",))
    if left.words == right.words and left.words:
        return Comparison(1.0 if len(left.words) > 1 else 0.9, ("the names are written alike",))
    vowelless = left.vowelless or right.vowelless
    one, two = _join_split(left.words, right.words), _join_split(right.words, left.words)
    pairs = _pair_words(one, two, vowelless=vowelless)
    if left.n_family and right.n_family and not _has_family(one, two, pairs, (left.n_family, right.n_family)):
        return Comparison(0.0, (f"{one[-1].title()} is not {two[-1].title()}",))
    if not pairs:
        return Comparison(0.0, NOTHING_ALIKE)
    alone = [w for i, w in enumerate(one) if all(p.left != i for p in pairs)]
    other = [w for i, w in enumerate(two) if all(p.right != i for p in pairs)]
    if alone and other and "".join(sorted("".join(one))) != "".join(sorted("".join(two))):
        return Comparison(0.0, (_explain_conflict(alone, other),))
    if hidden := _find_hidden(one, two, pairs):
        return Comparison(0.0, (hidden,))
    if _is_generation_swapped(one, two, pairs):
        return Comparison(0.0, ("the given names stand in another order, as those of a father and a son do",))
    sure = bool(left.n_family or right.n_family)
    return _score(one, two, pairs, sure=sure, slips=ALL_SLIPS if not vowelless else 1.0)


def _has_family(one: Sequence[str], two: Sequence[str], pairs: Sequence[Pair], size: tuple[int, int]) -> bool:
    """Whether a word of one family name is a word of the other."""
    return any(
        p.how != "initial" and p.left >= len(one) - size[0] and p.right >= len(two) - size[1] for p in pairs
    )


def _is_generation_swapped(one: Sequence[str], two: Sequence[str], pairs: Sequence[Pair]) -> bool:
    """Whether only the given names changed places: Salem bin Rauf is the son of Rauf bin Salem."""
    places = {p.left: p.right for p in pairs if p.how != "initial"}
    if len(one) < 3 or len(one) != len(two) or places.get(len(one) - 1) != len(two) - 1:
        return False
    return len(places) == len(one) and places[0] == 1 and places[1] == 0


def _find_hidden(one: Sequence[str], two: Sequence[str], pairs: Sequence[Pair]) -> str | None:
    """Why two given names differ though an initial hides it: Walter is not Murat W. of the same family."""
    for pair in pairs:
        if pair.how != "initial":
            continue
        for full, short, (a, b) in ((one, two, pair[:2]), (two, one, (pair.right, pair.left))):
            taken = {p.right if short is two else p.left for p in pairs}
            if (
                a == 0
                and b > 0
                and len(full[0]) > 1 == len(short[b])
                and len(short[0]) > 1
                and 0 not in taken
            ):
                return _explain_conflict(full[:1], short[:1])
    return None


def _score(
    one: Sequence[str], two: Sequence[str], pairs: Sequence[Pair], *, sure: bool, slips: float
) -> Comparison:
    weights = [max(2, min(len(one[p.left]), len(two[p.right]))) for p in pairs]
    score = sum(p.score * w for p, w in zip(pairs, weights, strict=True)) / sum(weights)
    reasons = [_explain_pair(one[p.left], two[p.right], p.how) for p in pairs if p.how != "alike"]
    full = [p for p in pairs if p.how != "initial"]
    if not full or (len(pairs) == 1 and max(len(one), len(two)) > 1):
        return Comparison(BARE * score, ("only one word stands in both names",))
    if not _is_in_order(pairs) and not sure and len(one) == len(two) == 2:
        score *= SWAPPED
        reasons.append("the words stand in another order")
    if all(p.score < 0.93 for p in full) and len(pairs) > 1:
        score *= slips
    if extra := abs(len(one) - len(two)):
        reasons.append(f"one name has {extra} more word{'s' if extra > 1 else ''}")
    return Comparison(round(score, 4), tuple(reasons) or ("the names are written alike",))


def _is_in_order(pairs: Sequence[Pair]) -> bool:
    order = [p.right for p in sorted(pairs)]
    return order == sorted(order)


def _join_split(words: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The words, neighbours joined where together they make one word of the other name."""
    joined = list(words)
    for size in (3, 2):
        for start in range(len(joined) - size + 1):
            whole = "".join(joined[start : start + size])
            parts = joined[start : start + size]
            if len(whole) > 4 and any(
                compare_words(whole, w) > 0.88 and all(compare_words(part, w) < 0.88 for part in parts)
                for w in other
            ):
                joined[start : start + size] = [whole]
                break
    return tuple(joined)


def _pair_words(one: Sequence[str], two: Sequence[str], *, vowelless: bool) -> list[Pair]:
    """Each word with its partner in the other name, the surest pairs first."""
    found = [
        Pair(i, j, *_compare_pair(a, b, vowelless=vowelless))
        for i, a in enumerate(one)
        for j, b in enumerate(two)
    ]
    ends = len(one) - len(two)
    found.sort(key=lambda p: (-p.score, abs(p.left - p.right - ends), p.left))
    pairs: list[Pair] = []
    for pair in found:
        taken = any(pair.left == p.left or pair.right == p.right for p in pairs)
        if pair.score and not taken:
            pairs.append(pair)
    return pairs


@lru_cache(maxsize=262144)
def _compare_pair(left: str, right: str, *, vowelless: bool) -> tuple[float, str]:
    """How alike two words are and how: alike, spelt, short, initial; 0 where they differ."""
    if left == right:
        return (INITIAL + 0.02, "initial") if len(left) == 1 else (1.0, "alike")
    if 1 in (len(left), len(right)):
        return (INITIAL, "initial") if left[0] == right[0] else (0.0, "")
    score = compare_words(left, right)
    if score < SHORT_FORM and are_forms(left, right):
        return SHORT_FORM, "short"
    if vowelless:
        score = max(score, compare_skeletons(left, right))
    return score, "spelt"


def _explain_pair(left: str, right: str, how: str) -> str:
    if how == "initial":
        return f"{min(left, right, key=len).upper()} is the initial of {max(left, right, key=len).title()}"
    if how == "short":
        return f"{left.title()} and {right.title()} are forms of one name"
    return f"{left.title()} and {right.title()} are spellings of one name"


def _explain_conflict(alone: Sequence[str], other: Sequence[str]) -> str:
    return f"{' '.join(alone).title()} is not {' '.join(other).title()}"
