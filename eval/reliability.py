"""Whether the confidence of a fact says how often such facts are right.

usage: python -m eval.reliability
Facts of the dev documents are put into bins by their confidence; in each, the share that is right is
counted. A mention is right with the same words and kind, an engagement where a trigger of its kind is
touched, a quotation where words and speaker are right. Kept in `eval/reliability.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from corpus.check import read_ann
from corpus.split import list_paths
from dragoman.record import Reading
from eval.figures import ROOT, Reader
from eval.gold import gold_reading

BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


def judge_facts(gold: Reading, found: Reading) -> Iterator[tuple[str, float, bool]]:
    """Kind of fact, its confidence, and whether it is right, for every fact of a reading."""
    kinds = {e.id: e.kind for e in found.entities}
    names = {e.id: e.kind for e in gold.entities}
    marks = {(m.start, m.end, names[m.entities[0]]) for m in gold.mentions}
    for mention in found.mentions:
        right = (mention.start, mention.end, kinds[mention.entities[0]]) in marks
        yield "mentions", mention.confidence, right
    triggers = [(t.start, t.end, e.kind) for e in gold.engagements for t in e.triggers]
    for event in found.engagements:
        right = any(
            t.start < end and start < t.end and event.kind is kind
            for t in event.triggers
            for start, end, kind in triggers
        )
        yield "engagements", event.confidence, right
    said = [(q.spans[0].start, q.spans[-1].end) for q in gold.quotations]
    for quotation in found.quotations:
        start, end = quotation.spans[0].start, quotation.spans[-1].end
        right = any(2 * (min(end, b) - max(start, a)) > max(end, b) - min(start, a) for a, b in said)
        yield "quotations", quotation.confidence, right


def main() -> None:
    """Measure, print, keep."""
    reader = Reader()
    counts: dict[str, list[list[int]]] = {}
    for part in ("dev", "real dev"):
        for path in list_paths(part):
            gold, _ = read_ann(path)
            found = reader.read(gold["text"], gold.get("published"))
            for kind, confidence, right in judge_facts(gold_reading(path), found):
                rows = counts.setdefault(kind, [[0, 0] for _ in BINS[1:]])
                number = next(n for n, top in enumerate(BINS[1:]) if confidence < top)
                rows[number][0] += right
                rows[number][1] += 1
    (ROOT / "eval" / "reliability.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    for kind, rows in counts.items():
        shares = (f"{low:.2f}: {r / n:.2f} of {n}" for low, (r, n) in zip(BINS, rows, strict=False) if n)
        print(f"{kind:14}", "  ".join(shares))


if __name__ == "__main__":
    main()
