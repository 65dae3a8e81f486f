"""The heads of the reader: tags for pieces, classes for spans, scores for pairs of spans.

Everything from `span_vectors` on is small enough to run in numpy at reading time (`dragoman.read.score`).
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from dragoman.read.features import N_ARC, N_SAME
from dragoman.read.labels import ARCS, CLAIM_KINDS, FLAGS, KINDS, LAYERS, MODES, PARTS, STATUSES
from train.network import WIDTH, MiniLM

SPAN = 160  # width of a span vector
HIDDEN = 128  # width of a pair's hidden vector
CLASSES = {
    "kind": len(KINDS),
    "status": len(STATUSES),
    "claim": len(CLAIM_KINDS),
    "mode": len(MODES),
    "flags": len(FLAGS),
}


class Pair(nn.Module):
    """Scores of pairs of span vectors: relu(A l + B r + C (l * r) + F f), then linear."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.left = nn.Linear(SPAN, HIDDEN)
        self.right = nn.Linear(SPAN, HIDDEN, bias=False)
        self.both = nn.Linear(SPAN, HIDDEN, bias=False)
        self.facts = nn.Linear(features, HIDDEN, bias=False)
        self.out = nn.Linear(HIDDEN, outputs)

    def forward(self, spans: Tensor, left: Tensor, right: Tensor, features: Tensor) -> Tensor:
        """float32 (pairs, outputs); `left` and `right` index `spans`, float32 (n, SPAN)."""
        product = spans[left] * spans[right]
        mixed = self.left(spans)[left] + self.right(spans)[right] + self.both(product) + self.facts(features)
        return self.out(functional.dropout(functional.relu(mixed), 0.1, self.training))


class Reader(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: MiniLM) -> None:
        super().__init__()
        self.encoder = encoder
        self.tags = nn.Linear(WIDTH, 3 * len(LAYERS))
        self.first = nn.Linear(WIDTH, SPAN)
        self.last = nn.Linear(WIDTH, SPAN, bias=False)
        self.layer = nn.Embedding(len(LAYERS), SPAN)
        nn.init.normal_(self.layer.weight, std=0.02)
        self.classes = nn.ModuleDict({name: nn.Linear(SPAN, width) for name, width in CLASSES.items()})
        self.same = Pair(N_SAME, 2)
        self.arcs = Pair(N_ARC, len(ARCS) + len(PARTS))

    def span_vectors(self, vectors: Tensor, layer: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """float32 (spans, SPAN) from the vectors of first and last piece and the layer."""
        mixed = self.first(vectors[first]) + self.last(vectors[last]) + self.layer(layer)
        return functional.dropout(functional.relu(mixed), 0.1, self.training)
