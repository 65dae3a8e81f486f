"""What a writer is given: readings with who is who, and engagements as all their reports tell them.

Everything is a stream that can be asked for again; a writer holds no more than it must. Choosing what
goes in (filters, states) has happened before; nothing here opens a store or a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dragoman.concord import Attested, Decision, Identity, Judgement, Office
from dragoman.record import Reading


@dataclass(frozen=True)
class Contents:
    """The part of a record that leaves.

    `canonical` maps the entity ids of one reading to identity ids, `state` the id of any fact to what a
    person decided of it (None: nobody yet). `judgements` are those about what leaves, as they were given.
    """

    readings: Callable[[], Iterator[Reading]]
    identities: Callable[[], Iterator[Identity]]
    offices: Callable[[], Iterator[Office]]
    engagements: Callable[[], Iterator[Attested]]
    canonical: Callable[[Reading], Mapping[str, str]]
    state: Callable[[str], Decision | None]
    judgements: Callable[[], Iterator[Judgement]] = lambda: iter(())


@dataclass(frozen=True)
class Written:
    """What a writer wrote: how many entries, and what the format could not hold, one line each."""

    n_entries: int
    left_out: tuple[str, ...] = ()
