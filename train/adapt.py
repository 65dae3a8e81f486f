"""Adapt the encoder to diplomatic prose by masked-language training on public-domain text.

usage: python -m train.adapt --start model.safetensors --out adapted.pt press/*.jsonl frus/*.jsonl
Only text is used, never an annotation; which texts is recorded in the model card.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from dragoman.encode import CLS, SEP, find_windows, load_words
from dragoman.sentences import find_sentences
from dragoman.text import normalise_text
from train.network import WIDTH, MiniLM, load_minilm

MASK = 103
RATE = 0.15  # share of pieces hidden (Devlin et al. 2019)
log = logging.getLogger("train.adapt")


def iter_windows(paths: list[Path], size: int) -> Iterator[torch.Tensor]:
    """Windows of all texts as int64 (3, time): ids, shapes, places."""
    words = load_words()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            text = normalise_text(json.loads(line)["text"])[:40_000]
            sentences = find_sentences(text)
            pieces = words.cut_text(text, sentences)
            for window in find_windows(pieces, sentences, size=size):
                ids = [CLS, *pieces.ids[window], SEP]
                yield torch.tensor([ids, [0, *pieces.shapes[window], 0], [0, *pieces.places[window], 0]])


class Guess(nn.Module):
    """The masked-language head, tied to the word embeddings."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.bias = nn.Parameter(torch.zeros(30522))

    def forward(self, x: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """Scores over the vocabulary, float32 (n, 30522)."""
        return functional.linear(self.norm(functional.gelu(self.dense(x))), words) + self.bias


def make_batches(windows: list[torch.Tensor], size: int, seed: int) -> list[list[torch.Tensor]]:
    """Windows of like length together, at most `size` pieces in a batch, in random order."""
    chance = random.Random(seed)
    order = sorted(windows, key=lambda w: (w.shape[1] // 16, chance.random()))
    batches: list[list[torch.Tensor]] = [[]]
    for window in order:
        if batches[-1] and (len(batches[-1]) + 1) * window.shape[1] > size:
            batches.append([])
        batches[-1].append(window)
    chance.shuffle(batches)
    return batches


def pad(batch: list[torch.Tensor]) -> torch.Tensor:
    """The windows as one int64 (3, batch, time) with zeros behind the shorter ones."""
    longest = max(window.shape[1] for window in batch)
    return torch.stack([functional.pad(window, (0, longest - window.shape[1])) for window in batch], dim=1)


def adapt(model: MiniLM, windows: list[torch.Tensor], out: Path, *, seconds: float, rate: float) -> None:
    """Train until the time is over; writes the encoder to `out` every two hundred steps."""
    torch.use_deterministic_algorithms(True)
    head = Guess()
    parameters = [*model.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    begun, step, mean, epoch = time.monotonic(), 0, 0.0, 0
    model.train()
    while True:
        for batch in make_batches(windows, 2048, epoch):
            done = (time.monotonic() - begun) / seconds
            if done >= 1:
                torch.save(model.state_dict(), out)
                return
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / 200) * max(0.02, 1 - done)
            ids, shapes, places = pad(batch)
            real = ids != 0
            hide = (torch.rand(ids.shape) < RATE) & real & (ids != CLS) & (ids != SEP)
            shown = torch.where(hide & (torch.rand(ids.shape) < 0.9), torch.tensor(MASK), ids)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                x = model(shown, shapes, places, real)
                scores = head(x[hide], model.words.weight)
            loss = functional.cross_entropy(scores.float(), ids[hide])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            step += 1
            mean = 0.98 * mean + 0.02 * loss.item()
            if step % 50 == 0:
                log.info("step %d epoch %d loss %.3f %d%%", step, epoch, mean / (1 - 0.98**step), 100 * done)
            if step % 200 == 0:
                torch.save(model.state_dict(), out)
        epoch += 1


def main() -> None:
    """Parse the command line, adapt, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--window", type=int, default=190)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(1)
    windows = list(iter_windows(options.texts, options.window))
    random.Random(1).shuffle(windows)
    log.info("%d windows, %d pieces", len(windows), sum(w.shape[1] for w in windows))
    model = load_minilm(options.start)
    adapt(model, windows, options.out, seconds=60 * options.minutes, rate=options.rate)


if __name__ == "__main__":
    main()
