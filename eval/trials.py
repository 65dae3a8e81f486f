"""Score trained variants on real dev for the model card.

usage: python -m eval.trials NAME=FOLDER…   each folder holds reader.onnx, heads.npz and reader.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from dragoman.encode import Encoder, load_words
from eval.figures import ROOT, Reader, measure_corpus


def load_variant(folder: Path) -> Encoder:
    """The encoder of a folder of weights."""
    arrays = np.load(folder / "heads.npz")
    heads = {name: arrays[name].astype(np.float32) for name in arrays.files}
    facts = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    return Encoder((folder / "reader.onnx").read_bytes(), heads, facts, load_words())


def main() -> None:
    """Measure each variant and keep the figures in `eval/trials.json`."""
    reader, rows = Reader(), []
    for argument in sys.argv[1:]:
        name, _, folder = argument.partition("=")
        reader.encoder = load_variant(Path(folder))
        figures = measure_corpus(reader, "real dev")
        rows.append({"what": name, "f1": {figure: row["f1"] for figure, row in figures.items()}})
    (ROOT / "eval" / "trials.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
