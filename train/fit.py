"""Train the reader: annotated documents in, a checkpoint out. Seeded, resumable, logged.

usage: python -m train.fit --start adapted.pt --out runs/reader [--epochs 30] FOLDER…
"""

from __future__ import annotations

import argparse
import logging
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from corpus.standoff import load_press
from dragoman.encode import load_words
from dragoman.read.labels import LAYER_INDEX
from train.corpus import Example, load_documents, make_example
from train.heads import Reader
from train.losses import arc_loss, class_loss, same_loss, tag_loss
from train.names import NameExample, load_names
from train.network import MiniLM, load_minilm
from train.silver import load_texts, make_silver

MASK = 103
FIRST_WORD = 998  # pieces below are not words but signs and spare rows
Lesson = Example | NameExample
# How much a task counts; chosen by looking at a few epochs of each.
WEIGHTS = {
    "tags": 2.0,
    "names": 2.0,
    "same": 1.0,
    "arcs": 0.5,
    "parts": 0.2,
    "classes": 0.5,
}
log = logging.getLogger("train.fit")


class Disguise:
    """Other names for the people of a document, the same all through it.

    The encoder must not learn the names of the corpus: half the time every piece of a person's name is
    swapped for another piece of some name, beginnings for beginnings and rests for rests.
    """

    def __init__(self, examples: list[Example], chance: random.Random) -> None:
        self.chance = chance
        self.pools: dict[bool, list[int]] = {True: [], False: []}
        self.rests = {n for word, n in load_words().ids.items() if word.startswith("##")}
        for example in examples:
            for piece in self._names(example).tolist():
                self.pools[piece in self.rests].append(piece)

    @staticmethod
    def _names(example: Example) -> torch.Tensor:
        """The pieces of all names of people in a document."""
        ids = torch.cat([window[0, 1:-1] for window in example.windows])
        return ids[(example.tags[:, LAYER_INDEX["person.name"]] > 0) & (ids > FIRST_WORD)]

    def windows(self, example: Example) -> list[torch.Tensor]:
        """The windows of a document, in half the cases with other names."""
        if self.chance.random() < 0.5:
            return example.windows
        other = {
            p: self.chance.choice(self.pools[p in self.rests]) for p in set(self._names(example).tolist())
        }
        changed, at = [], 0
        for window in example.windows:
            named = example.tags[at : at + window.shape[1] - 2, LAYER_INDEX["person.name"]] > 0
            at += len(named)
            window = window.clone()
            for index in (torch.nonzero(named)[:, 0] + 1).tolist():
                window[0, index] = other.get(int(window[0, index]), int(window[0, index]))
            changed.append(window)
        return changed


def encode(model: Reader, texts: list[list[torch.Tensor]], *, hide: float = 0.0) -> list[torch.Tensor]:
    """The vectors of the pieces of each text given as its windows, float32 (pieces, 384)."""
    windows = [window for text in texts for window in text]
    longest = max(window.shape[1] for window in windows)
    ids, shapes, places = torch.stack(
        [functional.pad(window, (0, longest - window.shape[1])) for window in windows], dim=1
    )
    real = ids != 0
    if hide:
        ids = torch.where((torch.rand(ids.shape) < hide) & (ids > 103), torch.tensor(MASK), ids)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = model.encoder(ids, shapes, places, real).float()
    parts = iter(vectors[n, 1 : window.shape[1] - 1] for n, window in enumerate(windows))
    return [torch.cat([next(parts) for _ in text]) for text in texts]


def losses_of(model: Reader, example: Lesson, vectors: torch.Tensor) -> dict[str, torch.Tensor]:
    """Every loss of one document."""
    if isinstance(example, NameExample):
        return {"names": tag_loss(model.tags(vectors), example.tags, example.taught)}
    put = example.tensors
    tags = example.tags if example.soft is None else example.soft
    out = {"tags": tag_loss(model.tags(vectors), tags)}
    if len(put["layer"]):
        spans = model.span_vectors(vectors, put["layer"], put["first"], put["last"])
        out["same"] = same_loss(
            model.same(spans, put["same_left"], put["same_right"], put["same_features"]), put
        )
        arcs = model.arcs(spans, put["arc_left"], put["arc_right"], put["arc_features"])
        out["arcs"], out["parts"] = arc_loss(arcs, put)
        out["classes"] = class_loss(model, spans, put)
    return out


def make_batches(examples: list[Lesson], size: int, chance: random.Random) -> list[list[Lesson]]:
    """Documents of like window length together, about `size` pieces a batch."""
    order = sorted(examples, key=lambda e: (max(w.shape[1] for w in e.windows) // 48, chance.random()))
    batches: list[list[Lesson]] = [[]]
    filled = 0
    for example in order:
        cost = sum(w.shape[1] for w in example.windows)
        if batches[-1] and filled + cost > size:
            batches.append([])
            filled = 0
        batches[-1].append(example)
        filled += cost
    chance.shuffle(batches)
    return batches


class Average:
    """Running mean of the weights; what is kept in the end."""

    def __init__(self, model: nn.Module, decay: float = 0.995) -> None:
        self.decay = decay
        self.values = {name: value.detach().clone() for name, value in model.state_dict().items()}

    def update(self, model: nn.Module, step: int) -> None:
        """Move a little towards the present weights."""
        decay = min(self.decay, (step + 1) / (step + 10))
        for name, value in model.state_dict().items():
            self.values[name].lerp_(value.detach(), 1 - decay)


def fit(
    model: Reader,
    examples: list[Example],
    out: Path,
    options: argparse.Namespace,
    *,
    names: Sequence[NameExample] = (),
    silver: Sequence[Example] = (),
) -> None:
    """Train for the epochs asked for; writes the averaged weights after each.

    Every epoch sees all of `examples`, `options.names` of `names` and `options.silver_texts` of
    `silver`, other ones each time.
    """
    torch.use_deterministic_algorithms(True)
    model.encoder.words.requires_grad_(False)  # so that names seen in training stay words like others
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    ours = {id(p) for p in body}
    heads = [p for p in model.parameters() if p.requires_grad and id(p) not in ours]
    groups = [{"params": body, "lr": options.rate}, {"params": heads, "lr": options.head_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    chance = random.Random(options.seed)
    disguise = Disguise(examples, chance)
    extra, shiny = min(options.names, len(names)), min(options.silver_texts, len(silver))
    first = [*examples, *names[:extra], *silver[:shiny]]
    steps = options.epochs * len(make_batches(first, options.batch, random.Random(0)))
    average = Average(model)
    step, begun = 0, time.monotonic()
    for epoch in range(options.epochs):
        model.train()
        sums: dict[str, float] = {}
        lessons = [*examples, *chance.sample(names, extra), *chance.sample(silver, shiny)]
        for batch in make_batches(lessons, options.batch, chance):
            for group, top in zip(optimiser.param_groups, (options.rate, options.head_rate), strict=True):
                warm = min(1.0, (step + 1) / (0.06 * steps))
                group["lr"] = (
                    top * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, step / steps))))
                )
            total = torch.zeros(())
            texts = [disguise.windows(e) if isinstance(e, Example) else e.windows for e in batch]
            for example, vectors in zip(batch, encode(model, texts, hide=options.hide), strict=True):
                for name, loss in losses_of(model, example, vectors).items():
                    total = total + WEIGHTS[name] * loss / len(batch)
                    sums[name] = sums.get(name, 0.0) + loss.item()
            optimiser.zero_grad()
            total.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            average.update(model, step)
            step += 1
        means = " ".join(f"{name} {value / len(examples):.3f}" for name, value in sums.items())
        log.info("epoch %d %s %.0f s", epoch + 1, means, time.monotonic() - begun)
        torch.save(average.values, out)


def load_start(path: Path) -> Reader:
    """The reader to start from: the public encoder, an adapted one, or a reader trained before."""
    if path.suffix == ".safetensors":
        return Reader(load_minilm(path))
    weights = torch.load(path)
    if "tags.weight" in weights:
        reader = Reader(MiniLM())
        reader.load_state_dict(weights)
        return reader
    encoder = MiniLM()
    encoder.load_state_dict(weights)
    return Reader(encoder)


def make_parser() -> argparse.ArgumentParser:
    """The options of a training run with their defaults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--epochs", type=int, default=26)
    parser.add_argument("--batch", type=int, default=1400, help="wordpieces a step")
    parser.add_argument("--rate", type=float, default=3e-4, help="of the encoder")
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--hide", type=float, default=0.08, help="share of pieces hidden from the encoder")
    parser.add_argument(
        "--names", type=int, default=200, help="texts an epoch in which only names are marked"
    )
    parser.add_argument("--data", type=Path, help="folder of the public sets, for --names")
    parser.add_argument("--press", action="store_true", help="also the press texts annotated in corpus/press")
    parser.add_argument("--silver", type=Path, help="JSONL of texts that --teachers annotate together")
    parser.add_argument("--silver-texts", type=int, default=160, help="silver texts an epoch")
    parser.add_argument("--teachers", nargs="*", type=Path, default=[], help="readers trained before")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def default_options() -> argparse.Namespace:
    """The options a shipped reader is trained with."""
    return make_parser().parse_args([])


def main() -> None:
    """Parse the command line, train, write."""
    options = make_parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(options.seed)
    documents = [*load_documents(sorted(options.files)), *(load_press() if options.press else ())]
    examples = [make_example(document) for document in documents]
    log.info("%d documents, %d pieces", len(examples), sum(len(e.tags) for e in examples))
    names = load_names(options.data) if options.data else []
    silver = _load_silver(options.silver, options.teachers) if options.silver else []
    fit(load_start(options.start), examples, options.out, options, names=names, silver=silver)


def _load_silver(path: Path, teachers: Sequence[Path]) -> list[Example]:
    """The texts as the teachers read them together."""
    readers = [load_start(teacher).eval() for teacher in teachers]
    silver = [make_silver(name, text, readers) for name, text in load_texts(path)]
    log.info("%d silver texts, %d pieces", len(silver), sum(len(e.tags) for e in silver))
    return silver


if __name__ == "__main__":
    main()
