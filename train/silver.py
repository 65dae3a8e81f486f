"""Texts nobody annotated, as several trained readers understand them together: silver examples.

The readers' scores are averaged, which is surer than each of them alone, and the student learns the
averaged chances themselves rather than the decisions (Hinton et al. 2015). Silver never tests anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch

from dragoman.encode import CLS, SEP, Window, find_windows, load_words
from dragoman.read.labels import ARC_INDEX, ARCS, LAYERS
from dragoman.read.spans import mark_spans
from dragoman.sentences import find_sentences
from dragoman.text import normalise_text
from train.corpus import Example, Span, add_pairs
from train.heads import Reader

NOTHING: dict[str, list] = {"roles": [], "events": [], "statements": [], "claims": []}
LIKELY = 0.5  # chance above which an antecedent counts as one


def load_texts(path: Path) -> list[tuple[str, str]]:
    """Id and normalised text of every line of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(row["id"], normalise_text(row["text"])) for row in rows]


@torch.no_grad()
def make_silver(name: str, text: str, teachers: Sequence[Reader]) -> Example:
    """One text with the averaged opinion of the teachers."""
    sentences = find_sentences(text)
    pieces = load_words().cut_text(text, sentences)
    inputs, windows, vectors = [], [], []
    for window in find_windows(pieces, sentences):
        ids = [CLS, *pieces.ids[window], SEP]
        shapes, places = [0, *pieces.shapes[window], 0], [0, *pieces.places[window], 0]
        inputs.append(torch.tensor([ids, shapes, places]))
        seen = [teacher.encoder(*inputs[-1][:, None])[0, 1:-1] for teacher in teachers]
        vectors.append(seen)
        scores = _mean(teacher.tags(one) for teacher, one in zip(teachers, seen, strict=True))
        cut = np.asarray(pieces.starts[window]), np.asarray(pieces.ends[window])
        windows.append(Window(*cut, scores.numpy(), seen[0].numpy()))
    seen = [torch.cat(parts) for parts in zip(*vectors, strict=True)]
    soft = torch.tensor(np.concatenate([w.scores for w in windows])).view(-1, len(LAYERS), 3).softmax(-1)
    spans = _find_spans(text, windows, pieces, sentences)
    example = Example(name, inputs, soft.argmax(-1), spans, soft=soft)
    add_pairs(example, {"text": text, **NOTHING})
    _teach_pairs(example, teachers, seen)
    return example


def _mean(values: Iterable[torch.Tensor]) -> torch.Tensor:
    return torch.stack(list(values)).mean(0)


def _find_spans(text: str, windows: list[Window], pieces: object, sentences: Sequence[object]) -> list[Span]:
    """The spans the averaged scores mark, each a thing of its own."""
    marked = mark_spans(text, windows, sentences)
    table = marked.spans
    spans = []
    for n, layer in enumerate(table.layers.tolist()):
        start, end = int(table.starts[n]), int(table.ends[n])
        first = int(np.searchsorted(pieces.ends, start, side="right"))
        last = int(np.searchsorted(pieces.starts, end, side="left")) - 1
        if first <= last:
            words = text[start:end]
            spans.append(
                Span(LAYERS[layer], start, end, words, (f"x{n}",), first, last, int(table.sentences[n]))
            )
    return spans


def _teach_pairs(example: Example, teachers: Sequence[Reader], seen: list[torch.Tensor]) -> None:
    """Fill in what the teachers together hold of pairs and classes."""
    put = example.tensors
    if not len(put["layer"]):
        return
    spans = [
        teacher.span_vectors(one, put["layer"], put["first"], put["last"])
        for teacher, one in zip(teachers, seen, strict=True)
    ]
    both = list(zip(teachers, spans, strict=True))
    same = _mean(t.same(s, put["same_left"], put["same_right"], put["same_features"]) for t, s in both)
    put["same_truth"] = (same[:, 0].sigmoid() > LIKELY) & put["same_back"]
    put["member_truth"] = same[:, 1].sigmoid()
    arcs = _mean(t.arcs(s, put["arc_left"], put["arc_right"], put["arc_features"]) for t, s in both)
    rows, kinds = put["cell_row"], put["group_arc"][put["cell_group"]]
    chances = arcs[rows, kinds].sigmoid()
    put["group_truth"] = torch.zeros(len(put["group_truth"])).index_copy(0, put["cell_group"], chances)
    part = arcs[rows][:, len(ARCS) :].argmax(-1)
    takes = (kinds == ARC_INDEX["who"]) & (chances > LIKELY)
    parts = torch.where(takes, part, torch.tensor(-1))
    put["group_part"] = torch.full_like(put["group_part"], -1).index_copy(0, put["cell_group"], parts)
    for name, layer in (("kind", "trigger"), ("status", "trigger"), ("claim", "claim"), ("mode", "said")):
        best = _mean(t.classes[name](s) for t, s in both).argmax(-1)
        bears = torch.tensor([span.layer == layer for span in example.spans])
        put[name] = torch.where(bears, best, torch.tensor(-1))
    flags = _mean(t.classes["flags"](s) for t, s in both).sigmoid()
    titles = torch.tensor([span.layer == "title" for span in example.spans])
    put["flags"] = torch.where(titles[:, None], flags, torch.tensor(-1.0))
