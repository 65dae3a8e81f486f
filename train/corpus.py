"""Annotated documents as what the network learns from: windows, spans, and who belongs to whom.

Reads `.ann` files (the corpus' own checker parses them). One `Example` is one document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from corpus.check import read_ann
from dragoman.encode import CLS, SEP, find_windows, load_words
from dragoman.read.features import Spans, arc_features, find_ground, find_homes, same_features
from dragoman.read.labels import (
    ANCHORS,
    ARC_INDEX,
    ARCS,
    CLAIM_KINDS,
    FLAGS,
    KINDS,
    LAYER_INDEX,
    LAYERS,
    MENTIONS,
    MODES,
    PARTS,
    STATUSES,
    mention_layer,
)
from dragoman.sentences import find_sentences

KIND = {"per": "person", "org": "organization", "plc": "place", "grp": "group"}
PLAIN = {"ttl": "title", "tim": "time", "num": "number", "evt": "trigger", "cue": "cue"}
FAR = 60  # a span is compared with at most so many spans of its kind before it


@dataclass
class Span:
    """One annotated span: where it stands, what it is called, and the ids it stands for."""

    layer: str
    start: int
    end: int
    words: str
    ids: tuple[str, ...]
    first: int = -1
    last: int = -1
    sentence: int = 0


@dataclass
class Example:
    """One document: inputs per window, tags per piece, spans, and the truth about pairs of spans.

    `soft` are chances of the tags, float32 (pieces, layers, 3), where they are not known for certain.
    """

    name: str
    windows: list[torch.Tensor]
    tags: torch.Tensor
    spans: list[Span]
    facts: dict[str, list] = field(default_factory=dict)
    tensors: dict[str, torch.Tensor] = field(default_factory=dict)
    soft: torch.Tensor | None = None


def load_documents(paths: Iterable[Path]) -> list[dict]:
    """The parsed documents; a file with errors is refused."""
    documents = []
    for path in paths:
        document, errors = read_ann(path)
        if errors:
            raise ValueError(f"{path}: {errors[0]}; run corpus/check.py on it")
        documents.append(document)
    return documents


def find_spans(document: dict) -> list[Span]:
    """Every span of a document in text order, topics found by their words near the trigger."""
    spans = []
    text = document["text"]
    for mark in document["mentions"]:
        ids = tuple(mark["ids"])
        if mark["type"] in KIND:
            layer = mention_layer(KIND[mark["type"]], mark["text"])
        else:
            layer = PLAIN[mark["type"]]
        spans.append(Span(layer, mark["start"], mark["end"], mark["text"], ids))
    for mark in document["spans"]:
        layer = "said" if mark["id"].startswith("s") else "claim"
        spans.append(Span(layer, mark["start"], mark["end"], mark["text"], (mark["id"],)))
    for event in document["events"]:
        if topic := event.get("topic"):
            triggers = [
                m["start"] for m in document["mentions"] if m["type"] == "evt" and event["id"] in m["ids"]
            ]
            places = [i for i in range(len(text)) if text.startswith(topic, i)]
            start = min(places, key=lambda i: min(abs(i - t) for t in triggers))
            spans.append(Span("topic", start, start + len(topic), topic, (event["id"],)))
    order = {name: number for number, name in enumerate(LAYERS)}
    unique = {(s.layer, s.start, s.end, s.ids): s for s in spans}
    return sorted(unique.values(), key=lambda s: (s.start, -s.end, order[s.layer]))


def make_example(document: dict) -> Example:
    """Windows, tags and spans of one document; spans without a whole piece are dropped."""
    text = document["text"]
    sentences = find_sentences(text)
    pieces = load_words().cut_text(text, sentences)
    windows = find_windows(pieces, sentences)
    inputs = []
    breaks = []
    for window in windows:
        ids = [CLS, *pieces.ids[window], SEP]
        inputs.append(torch.tensor([ids, [0, *pieces.shapes[window], 0], [0, *pieces.places[window], 0]]))
        breaks.append(window.stop)
    tags = torch.zeros(len(pieces.ids), len(LAYERS), dtype=torch.long)
    kept = []
    ends = np.array([s.end for s in sentences])
    for span in find_spans(document):
        first = int(np.searchsorted(pieces.ends, span.start, side="right"))
        last = int(np.searchsorted(pieces.starts, span.end, side="left")) - 1
        if first > last:
            continue
        limit = next(stop for stop in breaks if stop > first) - 1
        tags[first : last + 1, LAYER_INDEX[span.layer]] = 2
        tags[first, LAYER_INDEX[span.layer]] = 1
        for stop in breaks:
            if first < stop <= last:
                tags[stop, LAYER_INDEX[span.layer]] = 1
        span.first, span.last = first, min(last, limit)
        span.sentence = int(np.searchsorted(ends, span.start, side="right"))
        kept.append(span)
    example = Example(document["id"], inputs, tags, kept)
    add_pairs(example, document)
    _add_classes(example, document)
    return example


def as_spans(spans: list[Span]) -> Spans:
    """The spans as the arrays the features are computed from."""
    rows = [(LAYER_INDEX[s.layer], s.start, s.end, s.sentence) for s in spans]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Spans(*table, tuple(s.words for s in spans))


SAME_KIND = {layer: number for number, layer in enumerate(("person", "organization", "place", "group"))}


def kind_number(layer: str) -> int:
    """A number for spans that may be the same: by kind of entity, then triggers and said spans."""
    if layer in MENTIONS:
        return SAME_KIND[layer.partition(".")[0]]
    return {"trigger": 4, "said": 5}.get(layer, -1)


def add_pairs(example: Example, document: dict) -> None:
    """Where the spans are and everything about pairs of them, as tensors."""
    spans = example.spans
    arrays = as_spans(spans)
    put = example.tensors
    put["layer"] = torch.tensor(arrays.layers)
    put["first"] = torch.tensor([s.first for s in spans])
    put["last"] = torch.tensor([s.last for s in spans])
    _add_same(example, arrays, document["text"])
    _add_arcs(example, arrays, document)


def _add_same(example: Example, arrays: Spans, text: str) -> None:
    """Pairs (later, earlier) of one kind with: same thing or not, one of several or not."""
    spans = example.spans
    kinds = np.array([kind_number(s.layer) for s in spans])
    ranks = np.zeros(len(spans), dtype=np.int64)
    left, right, same, member, back = [], [], [], [], []
    for kind in range(6):
        numbers = np.flatnonzero(kinds == kind)
        ranks[numbers] = np.arange(len(numbers))
        for at, i in enumerate(numbers):
            for j in numbers[max(0, at - FAR) : at + FAR]:
                if i == j:
                    continue
                one, two = set(spans[i].ids), set(spans[j].ids)
                if kind >= 4 and j > i:
                    continue
                left.append(i)
                right.append(j)
                back.append(j < i)
                same.append(one == two if kind < 4 else bool(one & two))
                member.append(len(one) > 1 and len(two) == 1 and two <= one)
    put = example.tensors
    put["same_left"] = torch.tensor(left, dtype=torch.long)
    put["same_right"] = torch.tensor(right, dtype=torch.long)
    put["same_back"] = torch.tensor(back, dtype=torch.bool)
    put["same_truth"] = torch.tensor(same, dtype=torch.bool)
    put["member_truth"] = torch.tensor(member, dtype=torch.float32)
    one, two = np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)
    features = same_features(arrays, one, two, ranks, find_homes(text, arrays))
    put["same_features"] = torch.tensor(features)


def _truths(document: dict) -> dict[str, dict[str, list[str]]]:
    """For each arc, anchor id -> ids of its targets."""
    truth: dict[str, dict[str, list[str]]] = {name: {} for name in ARCS}

    def tell(arc: str, anchor: str, value: str | None, by: str = ",") -> None:
        if value:
            truth[arc].setdefault(anchor, []).extend(x for x in value.split(by) if x)

    for role in document["roles"]:
        for arc, key in (("holder", "per"), ("of", "of"), ("to", "to")):
            tell(arc, role["title"], role.get(key))
    for event in document["events"]:
        tell("who", event["id"], ",".join(w["id"] for w in event["who"]))
        for arc, key in (
            ("where", "where"),
            ("at", "at"),
            ("when", "when"),
            ("count", "count"),
            ("part_of", "part_of"),
        ):
            tell(arc, event["id"], event.get(key))
        if event.get("topic"):
            tell("topic", event["id"], event["id"])
    for said in document["statements"]:
        tell("says", said["id"], said["id"])
        tell("speaker", said["id"], said.get("by"), "+")
        tell("addressee", said["id"], said.get("to"))
        tell("occasion", said["id"], said.get("at"))
    for claim in document["claims"]:
        tell("about", claim["id"], ",".join(claim["about"]))
        tell("claim_place", claim["id"], claim.get("where"))
        tell("claim_time", claim["id"], claim.get("when"))
    return truth


def _add_arcs(example: Example, arrays: Spans, document: dict) -> None:
    """Pairs (anchor, target) with their features, and per arc the truth about (thing, thing) pairs."""
    spans = example.spans
    anchors = [i for i, s in enumerate(spans) if s.layer in ANCHORS]
    allowed = {layer: {t for _, (a, ts) in ARCS.items() if layer in a for t in ts} for layer in ANCHORS}
    pairs = [
        (i, j) for i in anchors for j, s in enumerate(spans) if s.layer in allowed[spans[i].layer] and i != j
    ]
    left = np.array([i for i, _ in pairs], dtype=np.int64)
    right = np.array([j for _, j in pairs], dtype=np.int64)
    put = example.tensors
    put["arc_left"], put["arc_right"] = torch.tensor(left), torch.tensor(right)
    put["arc_features"] = torch.tensor(arc_features(arrays, left, right, find_ground(arrays)))
    truth = _truths(document)
    parts = {(e["id"], w["id"]): PARTS.index(w["part"]) for e in document["events"] for w in e["who"]}
    groups: dict[tuple[str, str, str], int] = {}
    rows, cells, answers, arcs, part_cells = [], [], [], [], []
    for row, (i, j) in enumerate(pairs):
        a, t = spans[i], spans[j]
        for arc, (from_layers, to_layers) in ARCS.items():
            if a.layer not in from_layers or t.layer not in to_layers:
                continue
            for anchor in a.ids:
                for target in t.ids:
                    if arc in ("at", "part_of") and target == anchor:
                        continue
                    key = (arc, anchor, target)
                    if key not in groups:
                        groups[key] = len(groups)
                        answers.append(float(target in truth[arc].get(anchor, ())))
                        arcs.append(ARC_INDEX[arc])
                        part_cells.append(parts.get((anchor, target), -1) if arc == "who" else -1)
                    rows.append(row)
                    cells.append(groups[key])
    put["cell_row"] = torch.tensor(rows, dtype=torch.long)
    put["cell_group"] = torch.tensor(cells, dtype=torch.long)
    put["group_truth"] = torch.tensor(answers)
    put["group_arc"] = torch.tensor(arcs, dtype=torch.long)
    put["group_part"] = torch.tensor(part_cells, dtype=torch.long)


def _add_classes(example: Example, document: dict) -> None:
    """Classes of spans: kind and status of triggers, flags of titles, kind of claims, mode of quotations."""
    events = {e["id"]: e for e in document["events"]}
    flags = {r["title"]: r["flags"] for r in document["roles"]}
    claims = {c["id"]: c for c in document["claims"]}
    said = {s["id"]: s for s in document["statements"]}
    kind, status, claim, mode, flag = [], [], [], [], []
    for span in example.spans:
        name = span.ids[0]
        kind.append(KINDS.index(events[name]["kind"]) if span.layer == "trigger" else -1)
        status.append(STATUSES.index(events[name]["status"]) if span.layer == "trigger" else -1)
        claim.append(CLAIM_KINDS.index(claims[name]["kind"]) if span.layer == "claim" else -1)
        mode.append(MODES.index(said[name]["mode"]) if span.layer == "said" else -1)
        stated = flags.get(name, ()) if span.layer == "title" else ()
        flag.append([float(f in stated) for f in FLAGS] if span.layer == "title" else [-1.0] * len(FLAGS))
    put = example.tensors
    for name, values in (("kind", kind), ("status", status), ("claim", claim), ("mode", mode)):
        put[name] = torch.tensor(values, dtype=torch.long)
    put["flags"] = torch.tensor(flag).reshape(-1, len(FLAGS))
