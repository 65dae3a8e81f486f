"""A store for tests of what leaves and comes back: four invented articles, and what people judged."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dragoman.attesting import catch_up
from dragoman.concord import Decision, Judgement
from dragoman.identify import identify_reading
from dragoman.keep.store import Store
from dragoman.record import Reading, RoleFlag
from tests.factory import make_document, make_reading
from tests.give.synthetic import make_synthetic

AT = "2026-03-14T09:00:00+00:00"
OTHER = "Nadira Vesholt met Ismet Draval in Kamor on 9 May 2022."
UNDATED = "Pelle Ordstrand met Oren Calvaz in Kamor again."


def make_readings() -> tuple[Reading, ...]:
    """Two people met, one of them somebody else later, the other at no known time; and odd signs."""
    first = make_reading()
    role = msgspec.structs.replace(first.roles[0], flags=(RoleFlag.NEW,))
    day = {"edtf": "2022-05-09", "earliest": "2022-05-09", "latest": "2022-05-09"}
    other = make_reading(make_document(OTHER, published="2022-05-10"), other="Ismet Draval", place="Kamor")
    start = OTHER.index("9 May 2022")
    time = msgspec.convert(
        day | {"start": start, "end": start + 10, "text": "9 May 2022"}, type(first.times[0])
    )
    met = msgspec.structs.replace(other.engagements[0], time=time)
    return (
        msgspec.structs.replace(first, roles=(role,)),
        msgspec.structs.replace(other, engagements=(met,), times=(time,)),
        make_reading(make_document(UNDATED, published="2023-01-02"), person="Pelle Ordstrand", place="Kamor"),
        make_synthetic(2),
    )


def make_store(path: Path, *, judged: bool = False) -> Store:
    """A store with those articles; `judged` with decisions, one of them undone, and two people made one."""
    store = Store.open(path)
    readings = make_readings()
    for reading in readings:
        store.add(reading)
        identify_reading(store, reading)
    catch_up(store)
    if judged:
        _judge(store, readings)
    return store


def _judge(store: Store, readings: tuple[Reading, ...]) -> None:
    from dragoman.identify import merge, undo

    first, other, undated, _ = readings
    for target, action in (
        (first.engagements[0].id, Decision.ACCEPTED),
        (other.engagements[0].id, Decision.REJECTED),
        (undated.engagements[0].id, Decision.REJECTED),
        (first.quotations[0].id, Decision.REJECTED),
    ):
        store.judge(Judgement(at=AT, by="ada", target=target, action=action))
    undo(store, 3, by="ada", at=AT)
    merge(store, "Pelle Ordstrand", "Ismet Draval", by="ben", at=AT, why="one passport")
