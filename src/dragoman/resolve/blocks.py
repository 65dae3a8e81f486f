"""Keys under which entities that may be one meet, so that only those few are compared.

A key holds what no spelling changes: the consonants of one word of the name and the first sound of
another. Names of one person share a key; a common word alone is none, so blocks stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from dragoman.concord import Profile
from dragoman.record import EntityKind
from dragoman.resolve.countries import get_state
from dragoman.resolve.names import find_forms, parse_name
from dragoman.resolve.organisations import parse_body
from dragoman.resolve.people import find_ends, is_full, is_general
from dragoman.resolve.spelling import fold_words, get_skeleton, get_sound

FULL, BARE = "f", "b"  # marks of keys of people known by more words than one, and by one
MOST_COMPANY = 4  # of those reported with a person, as keys
FIRST_SOUNDS = str.maketrans("yjeqcghxwvfpzd", "iiikkkkkbbbbst")


def find_keys(profile: Profile) -> tuple[str, ...]:
    """The keys an entity is met under; none for one that can only be told inside its document."""
    if not profile.is_named:
        return ()
    keys = {key for name in profile.names for key in KEYS[profile.kind](name)}
    if profile.geonames is not None:
        keys.add(f"g{profile.geonames}")
    if profile.kind is EntityKind.PERSON:
        keys.update(_mark_ends(profile, FULL if is_full(profile) else BARE))
    return tuple(sorted(keys))


def find_wanted(profile: Profile) -> tuple[str, ...]:
    """The keys under which those are met that an entity may be.

    A full name looks for full names and single words, a single word for both, too, but by its office and
    company only; a full name never looks for full names by office, so that blocks stay small.
    """
    keys = set(find_keys(profile))
    if profile.kind is EntityKind.PERSON and profile.is_named:
        full, bare = _mark_ends(profile, FULL), _mark_ends(profile, BARE)
        keys = (keys - full) | bare if is_full(profile) else keys | full
    return tuple(sorted(keys))


def _mark_ends(profile: Profile, mark: str) -> set[str]:
    """The ends of the names with the countries and titles of offices, and with the first of the company."""
    ends = {_bones(word) for word in find_ends(profile.names)}
    titles = (post.title.rsplit(" ", 1)[-1] for post in profile.posts)
    places = {*profile.countries, *titles, *profile.company[:MOST_COMPANY]}
    return {f"{mark}{end}|{place}" for end in ends for place in places if place}


@lru_cache(maxsize=65536)
def _find_person_keys(name: str) -> frozenset[str]:
    """Consonants of each word with the first sound, or the forms, of those before it; ends swapped."""
    parsed = parse_name(name)
    if parsed.is_bare:
        return frozenset()
    words = parsed.words
    pairs = [(word, other) for n, word in enumerate(words) for other in words[:n]] + [(words[0], words[-1])]
    return frozenset(
        f"p{_bones(word)}|{mark}" for word, other in pairs if len(word) > 1 for mark in _find_marks(other)
    )


def _bones(word: str) -> str:
    return get_skeleton(word) or get_sound(word)


def _find_marks(word: str) -> Iterator[str]:
    yield get_sound(word)[:1].translate(FIRST_SOUNDS)
    yield from (str(number) for number in sorted(find_forms(word)))


@lru_cache(maxsize=65536)
def _find_body_keys(name: str) -> frozenset[str]:
    """Kind and countries, the longest words, and the initials of a body."""
    if is_general(name):
        return frozenset()
    body = parse_body(name)
    words = sorted({_bones(word) for word in body.words}, key=lambda w: (-len(w), w))
    keys = {f"o{'+'.join(sorted(words[:2]))}|{body.kind or ''}"} if words else set()
    keys |= {f"o{body.kind or ''}|{words[0]}|{body.of_country or ''}"} if words else set()
    if body.kind and body.of_country:
        keys.add(f"o{body.kind}|{body.of_country}|{body.in_country or ''}|{''.join(words[:1])}")
    if letters := body.letters or (body.initials if len(body.initials) > 2 else ""):
        keys.add(f"a{letters}")
    return frozenset(keys)


@lru_cache(maxsize=65536)
def _find_place_keys(name: str) -> frozenset[str]:
    state = get_state(name)
    return frozenset({f"s{state}"} if state else {f"l{get_sound(fold_words(name))}"})


def _find_group_keys(name: str) -> frozenset[str]:
    return frozenset({f"r{fold_words(name)}"})


KEYS: dict[EntityKind, Callable[[str], frozenset[str]]] = {
    EntityKind.PERSON: _find_person_keys,
    EntityKind.ORGANIZATION: _find_body_keys,
    EntityKind.PLACE: _find_place_keys,
    EntityKind.GROUP: _find_group_keys,
}
