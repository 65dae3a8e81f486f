"""Why a time expression has the value it has, as rows a person can read."""

from __future__ import annotations

from datetime import date

from dragoman.read.times.find import find_times
from dragoman.read.times.meaning import Anchor, Meaning, Op
from dragoman.read.times.parse import load_rules, parse_expression
from dragoman.read.times.resolve import notes_for_times, resolve_times
from dragoman.record import Span

Rows = tuple[tuple[str, str], ...]


def explain_time(words: str, *, published: date | None) -> Rows:
    """Rows of field and value for an expression or a sentence: what it means, by which pattern, and why.

    >>> dict(explain_time("mid-November", published=date(2023, 11, 15)))["EDTF"]
    '2023-11-10/2023-11-20'
    """
    words = words.strip()
    times = find_times(words, [], published=published)
    if len(times) != 1 or len(times[0].text) * 2 < len(words):
        times = times or resolve_times(words, [Span(start=0, end=len(words))], [], published=published)
    rows: list[tuple[str, str]] = []
    for time in times:
        meaning = parse_expression(time.text)
        rows += [("words", time.text), ("EDTF", time.edtf), ("class", time.class_.value)]
        if time.earliest or time.latest:
            rows += [("earliest", f"{time.earliest or 'open'} ({time.earliest_end})")]
            rows += [("latest", f"{time.latest or 'open'} ({time.latest_end})")]
        if time.relative:
            rows.append(("relative to publication", time.relative))
        rows += _explain_meaning(meaning, published)
    rows += [("note", note.message) for note in notes_for_times(words, times)]
    return tuple(rows)


def _explain_meaning(meaning: Meaning | None, published: date | None) -> list[tuple[str, str]]:
    if meaning is None:
        return [("why", "no pattern of the grammar reads these words")]
    rules = [rule for rule in load_rules() if rule.name == meaning.rule]
    rows = [
        ("pattern", f"{rule.name}: {rule.pattern} (as in {rule.example!r}; {rule.source})")
        for rule in rules[:1]
    ]
    steps = [_explain_step(step.op, step.what, step.n) for step in meaning.steps]
    if steps and meaning.anchor is Anchor.PUBLICATION:
        steps[0] += " from the publication date"
    if steps:
        rows.append(("why", "; then ".join(steps)))
    if meaning.anchor is Anchor.PUBLICATION and published is None:
        rows.append(("why", "it hangs on the publication date, and none is known"))
    return rows


def _explain_step(op: Op, what: str, n: int | str) -> str:
    if op is Op.SHIFT:
        return f"the {what} {int(n):+d}" if n else f"the {what} itself"
    return f"its {what}" if op is Op.PART else f"{what} {n}"
