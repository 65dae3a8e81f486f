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
from dragoman.resolve.people import is_general
from dragoman.resolve.spelling import fold_words, get_skeleton, get_sound

FIRST_SOUNDS = str.maketrans("yjeqcghxwvfpzd", "iiikkkkkbbbbst")


def find_keys(profile: Profile) -> tuple[str, ...]:
    """The keys of an entity; none for one that can only be told inside its document."""
    if not profile.is_named:
        return ()
    keys = {key for name in profile.names for key in KEYS[profile.kind](name)}
    if profile.geonames is not None:
        keys.add(f"g{profile.geonames}")
    return tuple(sorted(keys))


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
