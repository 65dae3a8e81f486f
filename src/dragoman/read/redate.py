"""A reading closed again on another publication date, without reading its text again.

Times keep their words and places; their values, and the order that hangs on values, are computed
anew. The result is what reading with that date would have given, because values depend on the text,
the spans of the times and the date alone.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dragoman.read.order import order_engagements
from dragoman.read.times.resolve import notes_for_times, resolve_times
from dragoman.record import DateSource, Document, Engagement, Note, Reading, Slot, Span, Timex

TIME_CODES = frozenset({"time-unreadable", "order-contradiction"})  # notes that hang on times


def redate_reading(
    reading: Reading, published: date | None, source: DateSource = DateSource.GIVEN
) -> Reading:
    """The same reading, its times closed on that publication date; None opens them again.

    Notes of the codes in `TIME_CODES` are replaced; notes are kept in text order. `after`, `before` and
    their evidence are ordered anew, since dates are one of their reasons.
    """
    document = _redate_document(reading.document, published, source)
    values = _resolve_all(reading, published)
    engagements = tuple(_reopen(engagement, values) for engagement in reading.engagements)
    times = tuple(values[time.start, time.end] for time in reading.times)
    ordered, contradictions = order_engagements(document.text, (), engagements, times)
    notes = [note for note in reading.notes if note.code not in TIME_CODES]
    notes += [*notes_for_times(document.text, times), *contradictions]
    return replace(
        reading,
        document=document,
        times=times,
        engagements=ordered,
        claims=tuple(replace(c, time=_value(c.time, values)) for c in reading.claims),
        notes=sort_notes(notes),
    )


def sort_notes(notes: list[Note]) -> tuple[Note, ...]:
    """Notes in text order; the order in which a reading keeps them."""
    return tuple(sorted(notes, key=lambda note: (note.start, note.end, note.code, note.message)))


def _redate_document(document: Document, published: date | None, source: DateSource) -> Document:
    return replace(
        document,
        published=published.isoformat() if published else None,
        published_source=source if published else None,
    )


def _resolve_all(reading: Reading, published: date | None) -> dict[tuple[int, int], Timex]:
    """Every time of a reading by its place, closed on the date."""
    times = list(reading.times)
    times += [e.time for e in reading.engagements if e.time]
    times += [c.time for c in reading.claims if c.time]
    listed = {(time.start, time.end) for time in reading.times}
    spans = [Span(start=s, end=e) for s, e in sorted(listed)]
    extra = [Span(start=s, end=e) for s, e in sorted({(t.start, t.end) for t in times} - listed)]
    text = reading.document.text
    closed = resolve_times(text, spans, (), published=published)
    closed += resolve_times(text, extra, (), published=published)
    return {(time.start, time.end): time for time in closed}


def _value(time: Timex | None, values: dict[tuple[int, int], Timex]) -> Timex | None:
    return values[time.start, time.end] if time else None


def _reopen(engagement: Engagement, values: dict[tuple[int, int], Timex]) -> Engagement:
    evidence = tuple(e for e in engagement.evidence if e.slot is not Slot.ORDER)
    return replace(engagement, time=_value(engagement.time, values), after=(), before=(), evidence=evidence)
