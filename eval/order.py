"""How well engagements are ordered, given the gold engagements and times of the corpus.

    python eval/order.py [--dev] [--shared DIR]

Gold edges are the corpus's `after` and `before` fields and what follows from them. An edge of ours is
right, reversed, or not judged by the corpus; found is the share of the stated edges we have.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from times import FOLDERS, load_module

from dragoman.read.order import order_engagements
from dragoman.read.times.resolve import resolve_times
from dragoman.record import Engagement, EngagementKind, Slot, Span, Status, Timex, Words

Pairs = set[tuple[str, str]]  # (later, earlier)


def read_documents(root: Path, *, held_out: bool) -> Iterator[dict[str, Any]]:
    """The corpus documents of one part, split as in `times.py`."""
    check = load_module(root / "check.py")
    for folder in FOLDERS:
        for path in sorted((root / "ann" / folder).glob("*.ann")):
            number = int(re.findall(r"\d+", path.stem)[-1])
            if (number % 4 == 0 if folder == "real" else number % 20 < 3) is held_out:
                yield check.read_ann(path)[0]


def read_engagements(document: dict[str, Any]) -> tuple[list[Engagement], tuple[Timex, ...]]:
    """The gold engagements with our values of the gold times."""
    known = document.get("published") not in (None, "unknown")
    published = date.fromisoformat(document["published"]) if known else None
    marks = [m for m in document["mentions"] if m["type"] == "tim"]
    spans = [Span(start=m["start"], end=m["end"]) for m in marks]
    times = resolve_times(document["text"], spans, (), published=published)
    named = {m["ids"][0]: t for m, t in reversed(list(zip(marks, times, strict=True)))}
    engagements = []
    for event in document["events"]:
        triggers = [m for m in document["mentions"] if m["type"] == "evt" and event["id"] in m["ids"]]
        engagements.append(
            Engagement(
                id=event["id"],
                kind=EngagementKind(event["kind"]),
                status=Status(event["status"]),
                time=named.get(event.get("when")),
                part_of=event.get("part_of"),
                triggers=tuple(Words(start=m["start"], end=m["end"], text=m["text"]) for m in triggers),
                evidence=(),
            )
        )
    return engagements, times


def read_gold(document: dict[str, Any]) -> tuple[Pairs, Pairs]:
    """The stated edges, and all that follow from them."""
    ids = {event["id"] for event in document["events"]}
    stated: Pairs = set()
    for event in document["events"]:
        stated |= {(event["id"], other) for other in (event.get("after") or "").split(",") if other in ids}
        stated |= {(other, event["id"]) for other in (event.get("before") or "").split(",") if other in ids}
    closed = set(stated)
    while new := {(a, d) for a, b in closed for c, d in closed if b == c} - closed:
        closed |= new
    return stated, closed


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="the held-out part")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    for document in read_documents(arguments.shared / "corpus", held_out=arguments.dev):
        engagements, times = read_engagements(document)
        ordered, notes = order_engagements(document["text"], (), engagements, times)
        stated, closed = read_gold(document)
        ours = {(e.id, other) for e in ordered for other in e.after}
        told = {e.id for e in ordered if any(x.slot is Slot.ORDER for x in e.evidence)}
        counts["stated"] += len(stated)
        counts["found"] += len(stated & ours)
        counts["notes"] += len(notes)
        for later, earlier in ours:
            source = "words" if {later, earlier} <= told else "dates"
            judged = (later, earlier) in closed or (earlier, later) in closed
            kind = "right" if (later, earlier) in closed else "reversed" if judged else "not judged"
            counts[f"{source} {kind}"] += 1
    for name, count in sorted(counts.items()):
        print(f"{name:20} {count}")


if __name__ == "__main__":
    main()
