"""People beside each other ("President A, Minister B and C of D") and beside what they take part in."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from dragoman.read.arcs import Scene

LONGEST_GAP = 110  # code points between two names of a row
NEXT = 8  # spans behind a trigger among which the first person is looked for
_JOINT = re.compile(r"(?:,? and |, (?:and )?)")
_CLAUSE = re.compile(
    r"[.;:\n]|\b(?:who|whom|which|that|is|was|were|said|with|to|in|on|at|met)\b|[a-z]{2,}ed\b"
)
_OWNER = re.compile(r"\b(?:of|for)(?: the)? $")
_RELATIVE = re.compile(r",? (?:who|whom|which)\b")
_APART = re.compile(r"\W+(?:separately|individually|in turn|one by one)\b", re.IGNORECASE)

_WITH = re.compile(r"\s+with\s+(?:[\w.'’-]+\s+){0,4}")  # a title may stand between


def find_rows(scene: Scene) -> dict[int, tuple[int, ...]]:
    """The row each name of a person stands in, by span number; rows of one are left out."""
    rows: list[list[int]] = []
    for name in map(int, scene.marked.of("person.name")):
        if rows and _goes_on(scene, rows[-1][-1], name):
            rows[-1].append(name)
        else:
            rows.append([name])
    return {name: tuple(row) for row in rows if len(row) > 1 for name in row}


def _goes_on(scene: Scene, before: int, name: int) -> bool:
    """Whether a name goes on the row of the one before it: a comma or "and", then titles at most."""
    spans = scene.marked.spans
    start, end = int(spans.ends[before]), int(spans.starts[name])
    if not 0 < end - start <= LONGEST_GAP or not _JOINT.match(scene.text, start, end):
        return False
    rest = scene.text[start:end]
    for other in range(*map(int, np.searchsorted(spans.starts, [start, end]))):
        if scene.layer(other) in ("title", "place.name", "organization.name") and spans.ends[other] <= end:
            left, right = int(spans.starts[other]) - start, int(spans.ends[other]) - start
            rest = rest[:left] + "_" * (right - left) + rest[right:]
    return not _CLAUSE.search(rest) and not _OWNER.search(rest)


def is_beside(scene: Scene, trigger: int, row: Sequence[int]) -> bool:
    """Whether a whole row stands before or behind a trigger, and is not only what "who" hangs on."""
    spans = scene.marked.spans
    first, last = int(spans.starts[row[0]]), int(spans.ends[row[-1]])
    start, end = int(spans.starts[trigger]), int(spans.ends[trigger])
    if spans.sentences[row[0]] != spans.sentences[trigger]:
        return False
    return end <= first or (last <= start and not _RELATIVE.match(scene.text, last, start))


def is_apart(scene: Scene, trigger: int) -> bool:
    """Whether a trigger tells several meetings at once ("met separately with A and B")."""
    return _APART.match(scene.text, int(scene.marked.spans.ends[trigger])) is not None


def find_company(scene: Scene) -> dict[int, int]:
    """The person right behind a trigger's "with", by trigger: "the meeting with Hoenlein"."""
    spans = scene.marked.spans
    found = {}
    for trigger in map(int, scene.marked.of("trigger")):
        end = int(spans.ends[trigger])
        behind = range(trigger + 1, min(trigger + NEXT, len(spans.starts)))
        people = (n for n in behind if scene.layer(n).startswith("person") and spans.starts[n] >= end)
        name = next(people, None)
        if name is not None and _WITH.fullmatch(scene.text, end, int(spans.starts[name])):
            found[trigger] = name
    return found
