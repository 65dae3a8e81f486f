"""How far two annotators agree: the real documents that were annotated twice, one against the other.

usage: python -m eval.agreement
The second annotation is scored as if a reader had found it; the figures are the ceiling of any reader
under today's guidelines. Kept in `eval/agreement.json`.
"""

from __future__ import annotations

import json
from pathlib import Path

from corpus import score
from corpus.check import read_ann
from dragoman.record import encode_reading
from eval.figures import CORPUS_FIGURES, ROOT, SHARED, finish_table
from eval.gold import gold_reading


def measure_agreement(first: Path, second: Path) -> dict[str, dict[str, float]]:
    """The scorer's figures of the documents in `second` against those of the same name in `first`."""
    total = score.Score()
    for path in sorted(second.glob("*.ann")):
        gold, _ = read_ann(first / path.name)
        score.score_document(gold, json.loads(encode_reading(gold_reading(path))), total, None)
    return finish_table(total)


def main() -> None:
    """Measure, print, keep."""
    folder = SHARED / "corpus" / "ann"
    figures = measure_agreement(folder / "real", folder / "real-second")
    for name in CORPUS_FIGURES:
        print(f"{name:28}{figures[name]['f1']:7.3f}{figures[name]['gold']:7}")
    (ROOT / "eval" / "agreement.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
