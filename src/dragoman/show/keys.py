"""Short keys of a reading's facts: `e1`, `r1`, `q1`, `c1`, `t1` and `n1`, in the order of the text.

A key is what a person sees beside the words and what a link ends in. It holds for one reading only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.record import Engagement, Reading, Record, Role, Slot, Span, Timex, Words


class Keys(Record, frozen=True, kw_only=True):
    """Record id -> key, one table a group, for an id is unique only among its own kind."""

    engagements: dict[str, str]
    roles: dict[str, str]
    quotations: dict[str, str]
    claims: dict[str, str]
    entities: dict[str, str]
    times: dict[tuple[int, int], str]


def build_keys(reading: Reading) -> Keys:
    """The keys of every fact; what has no words of its own comes last, in the order of the reading."""
    first: dict[str, int] = {}
    for mention in reading.mentions:
        for id_ in mention.entities:
            first.setdefault(id_, mention.start)
    end = len(reading.document.text)
    entities = sorted(reading.entities, key=lambda entity: first.get(entity.id, end))
    spans = sorted({(time.start, time.end) for time in _iter_times(reading)})
    return Keys(
        engagements=_number("e", ((fact.id, _get_start(get_core(fact))) for fact in reading.engagements)),
        roles=_number("r", ((fact.id, _get_start(get_core(fact))) for fact in reading.roles)),
        quotations=_number("q", ((fact.id, _get_start(fact.spans)) for fact in reading.quotations)),
        claims=_number("c", ((fact.id, fact.start) for fact in reading.claims)),
        entities={entity.id: f"n{i}" for i, entity in enumerate(entities, 1)},
        times={span: f"t{i}" for i, span in enumerate(spans, 1)},
    )


def get_core(fact: Engagement | Role) -> tuple[Words, ...]:
    """The words that report a fact: its core evidence, else its triggers or title, else what there is."""
    core: tuple[Words, ...] = tuple(words for words in fact.evidence if words.slot is Slot.CORE)
    if not core and isinstance(fact, Engagement):
        core = fact.triggers
    if not core:
        core = tuple(words for words in fact.evidence if words.slot is Slot.TITLE)
    return core or fact.evidence


def _number(letter: str, starts: Iterable[tuple[str, int]]) -> dict[str, str]:
    ordered = sorted(starts, key=lambda pair: pair[1])
    return {id_: f"{letter}{i}" for i, (id_, _) in enumerate(ordered, 1)}


def _get_start(spans: Sequence[Span]) -> int:
    return min((span.start for span in spans), default=0)


def _iter_times(reading: Reading) -> Iterable[Timex]:
    yield from reading.times
    yield from (fact.time for fact in reading.engagements if fact.time)
    yield from (fact.time for fact in reading.claims if fact.time)
