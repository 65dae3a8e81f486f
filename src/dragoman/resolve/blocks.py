"""Keys under which entities that may be one meet, so that only those few are compared.

A key holds what no spelling changes: the consonants of one word of the name and the first sound of
another. Names of one person share a key; a common word alone is none, so blocks stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from dragoman.concord import Profile
from dragoman.record import EntityKind
from dragoman.resolve.countries import get_state
from dragoman.resolve.names import find_forms, parse_name
from dragoman.resolve.organisations import parse_body
from dragoman.resolve.people import find_ends, is_full, is_general
from dragoman.resolve.spelling import fold_words, get_skeleton, get_sound

FULL, BARE = "f", "b"  # what a key begins with whose name is written out, or is short, in what it is about
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


def find_wanted(keys: Sequence[str]) -> tuple[str, ...]:
    """The keys under which those are met that an entity of these `keys` may be.

    A name written out looks for short ones by its initial, office and company, a short one for both; names
    written out never look for each other by so little, so that blocks stay small.
    """
    written = [BARE + key[1:] if key[0] == FULL else key for key in keys]
    return (*written, *(FULL + key[1:] for key in keys if key[0] == BARE))


def _mark_ends(profile: Profile, mark: str) -> set[str]:
    """The ends of the names with the countries and titles of offices, and with the first of the company."""
    ends = {_bones(word) for word in find_ends(profile.names)}
    titles = (post.title.rsplit(" ", 1)[-1] for post in profile.posts)
    places = {*profile.countries, *titles, *profile.company[:MOST_COMPANY]}
    return {f"{mark}{end}|{place}" for end in ends for place in places if place}


@lru_cache(maxsize=65536)
def _find_person_keys(name: str) -> frozenset[str]:
    """Keys of each word with those before it, ends swapped, too; and one that a slip in the last leaves."""
    words = parse_name(name).words
    if len(words) < 2:
        return frozenset()
    pairs = [(word, other) for n, word in enumerate(words) for other in words[:n]]
    pairs.append((words[0], words[-1]))
    keys = {key for word, other in pairs if len(word) > 1 for key in _pair_words(_bones(word), other)}
    keys.add(f"q{_bones(words[0])}|{_sound_first(words[-1])}{get_skeleton(words[-1])[-1:]}")
    return frozenset(keys)


def _sound_first(word: str) -> str:
    return get_sound(word)[:1].translate(FIRST_SOUNDS)


def _bones(word: str) -> str:
    return get_skeleton(word) or get_sound(word)


def _pair_words(bones: str, word: str) -> Iterator[str]:
    """The keys of one word by its consonants with another that is written out or an initial."""
    first = _sound_first(word)
    if len(word) == 1:
        yield f"{BARE}{bones}|{first}."
        return
    yield f"{FULL}{bones}|{first}."
    yield f"p{bones}|{first}{get_skeleton(word)[:2]}"
    yield from (f"p{bones}|{number}" for number in sorted(find_forms(word)))


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
        about = f"{body.kind}|{body.of_country}|{''.join(words[:1])}"
        keys |= {f"o{about}|{body.in_country}", f"{FULL}{about}"} if body.in_country else {f"{BARE}{about}"}
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
