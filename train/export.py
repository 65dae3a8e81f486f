"""Write a checkpoint as the files that ship: int8 ONNX network, heads, and their facts.

usage: python -m train.export CHECKPOINT.pt src/dragoman/weights
The network is quantised dynamically, per channel, with 7-bit weights, so that processors without VNNI
give the same labels.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from dragoman.read.labels import ARCS, LAYERS
from train.heads import Reader
from train.network import MiniLM


class Network(nn.Module):
    """What runs per window: ids, shapes and places to label scores and vectors."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.encoder = reader.encoder
        self.tags = reader.tags

    def forward(self, ids: Tensor, shapes: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (1, time) each; float32 (1, time, labels) and (1, time, 384)."""
        vectors = self.encoder(ids, shapes, places)
        return self.tags(vectors), vectors


def export(checkpoint: Path, folder: Path) -> None:
    """Write reader.onnx, heads.npz and reader.json into the folder, made where it is missing."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    reader = Reader(MiniLM())
    reader.load_state_dict(torch.load(checkpoint))
    reader.eval()
    example = tuple(torch.ones(1, 16, dtype=torch.long) for _ in range(3))
    with tempfile.TemporaryDirectory() as place:
        plain = Path(place) / "plain.onnx"
        axes = {name: {1: "time"} for name in ("ids", "shapes", "places", "scores", "vectors")}
        torch.onnx.export(
            Network(reader),
            example,
            str(plain),
            input_names=["ids", "shapes", "places"],
            output_names=["scores", "vectors"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            plain, folder / "reader.onnx", per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )
    heads = {name: value.numpy().astype(np.float16) for name, value in reader.state_dict().items()}
    heads = {name: value for name, value in heads.items() if not name.startswith(("encoder.", "tags."))}
    np.savez(folder / "heads.npz", **heads)
    digest = hashlib.sha256((folder / "reader.onnx").read_bytes()).hexdigest()
    facts = {"version": f"reader-{digest[:8]}", "sha256": digest, "layers": list(LAYERS), "arcs": list(ARCS)}
    (folder / "reader.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    export(options.checkpoint, options.folder)


if __name__ == "__main__":
    main()
