"""The trained heads in numpy: span vectors, classes of spans, scores of pairs.

Arrays come from `dragoman.encode.Encoder.heads` under the names training gave them. All float32.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Heads = Mapping[str, Floats]


def span_vectors(heads: Heads, first: Floats, last: Floats, layers: Ints) -> Floats:
    """float32 (n, span width) from the vectors of the first and last piece, each (n, 384)."""
    mixed = first @ heads["first.weight"].T + heads["first.bias"] + last @ heads["last.weight"].T
    out: Floats = np.maximum(mixed + heads["layer.weight"][layers], 0)
    return out


def score_pairs(heads: Heads, name: str, spans: Floats, left: Ints, right: Ints, facts: Floats) -> Floats:
    """float32 (pairs, outputs), unnormalised; `left` and `right` index the rows of `spans`."""
    mixed = (spans @ heads[f"{name}.left.weight"].T + heads[f"{name}.left.bias"])[left]
    mixed += (spans @ heads[f"{name}.right.weight"].T)[right]
    mixed += (spans[left] * spans[right]) @ heads[f"{name}.both.weight"].T
    mixed += facts @ heads[f"{name}.facts.weight"].T
    out: Floats = np.maximum(mixed, 0) @ heads[f"{name}.out.weight"].T + heads[f"{name}.out.bias"]
    return out


def score_classes(heads: Heads, name: str, spans: Floats) -> Floats:
    """float32 (n, classes), unnormalised."""
    out: Floats = spans @ heads[f"classes.{name}.weight"].T + heads[f"classes.{name}.bias"]
    return out


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return out


def probability(score: float) -> float:
    """The logistic function, [0, 1]."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def soft_maximum(scores: Sequence[float]) -> float:
    """log of the sum of exponentials: one score for a thing mentioned several times."""
    highest = max(scores)
    return highest + math.log(sum(math.exp(score - highest) for score in scores))
