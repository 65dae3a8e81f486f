"""Spans: from label scores of wordpieces to marked stretches of text, layer by layer.

Each layer is read on its own. Pieces of one word always share a label; direct quotations are found by
their marks, exactly, and join the layer of what is said. Who belongs to whom is `pairs`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dragoman.read.features import Spans
from dragoman.read.labels import LAYER_INDEX, LAYERS, MENTIONS, VECTOR
from dragoman.read.score import softmax
from dragoman.record import Span

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# What beginning a span costs in a layer whose spans run long; log odds; keeps a clause in one piece.
START_COST: Mapping[str, float] = {
    "said": 4.0,
    "claim": 4.0,
    "topic": 3.0,
    "organization.name": 1.0,
    "title": 1.0,
}
# The least mean confidence of a span, per layer, [0, 1]; best F1 on dev.
FLOORS: Mapping[str, float] = {**dict.fromkeys(MENTIONS, 0.8), "claim": 0.8, "trigger": 0.6}
FAINT_NAME = 0.5  # [0, 1]; a name that is sure elsewhere in the document need only be so sure here
NAMES = frozenset(number for name, number in LAYER_INDEX.items() if name.endswith(".name"))
APOSTROPHE = re.compile(r"(?<=\w)[’'](?!s\b)\w+")  # the rest of a name like Sana’a, no possessive
# Words that belong to the title behind them: in the train documents they never stand outside one.
RANK = re.compile(
    r"(?i)\b(?:(?:assistant|chief|deputy|executive|high|permanent|prime|senior|special|vice)[ -])+$"
)
BODY = LAYER_INDEX["organization.name"]
JOINT = re.compile(r" (?:of |for |on |(?:of|for|on|and) the |the )?")
CONNECTIVE = re.compile(r"(?:of|for|on|and|the|in|to|at)(?: the)?", re.IGNORECASE)
MIN_QUOTE_WORDS = 4  # words; shorter quoted pieces are names or irony (PolNeAR, dev: 97.6 % hold)
QUOTE = re.compile(r"[“«„]([^“”«»„\n]{2,4000})[”»]|\"([^\"\n]{2,4000})\"")
OPEN_QUOTE = re.compile(r"(?m)^[ \t]*(?:[“«„]([^“”«»„\n]{2,4000})|\"([^\"\n]{2,4000}))$")


class Window(Protocol):
    """What the encoder gives for a stretch of text; see `dragoman.encode.Window`."""

    @property
    def starts(self) -> Ints: ...  # noqa: D102
    @property
    def ends(self) -> Ints: ...  # noqa: D102
    @property
    def scores(self) -> Floats: ...  # noqa: D102
    @property
    def vectors(self) -> Floats: ...  # noqa: D102


class Marked(NamedTuple):
    """The spans of a document with what the pair scorers need.

    `first` and `last` are float32 (n, 384), the vectors of the pieces at both ends; `confidence`
    float32 (n,) in [0, 1].
    """

    spans: Spans
    first: Floats
    last: Floats
    confidence: Floats

    def of(self, *layers: str) -> Ints:
        """The numbers of the spans of these layers, in text order."""
        wanted = np.zeros(len(LAYERS), dtype=bool)
        wanted[[LAYER_INDEX[layer] for layer in layers]] = True
        return np.flatnonzero(wanted[self.spans.layers])


class Found(NamedTuple):
    """One span of one window: layer, pieces (last one included), positions, confidence."""

    layer: int
    first: int
    last: int
    start: int
    end: int
    confidence: float


def find_quotes(text: str) -> tuple[Span, ...]:
    """The stretches between double quotation marks, without the marks and a final comma.

    A paragraph that opens a quotation and does not close it (the next one goes on) counts to its end.

    >>> [("“We agree,” he said."[s.start : s.end]) for s in find_quotes("“We agree,” he said.")]
    ['We agree']
    """
    found = []
    for match in [*QUOTE.finditer(text), *OPEN_QUOTE.finditer(text)]:
        group = 1 if match.group(1) is not None else 2
        start, end = match.span(group)
        words = text[start:end]
        end -= len(words) - len(words.rstrip(" ,\t"))
        if end > start:
            found.append(Span(start=start, end=end))
    return tuple(sorted(found, key=lambda span: span.start))


def mark_spans(text: str, windows: Iterable[Window], sentences: Sequence[Span]) -> Marked:
    """Every span of every layer of a document, in text order."""
    quotes = find_quotes(text)
    begins = np.array([sentence.start for sentence in sentences], dtype=np.int64)
    rows: list[Found] = []
    first, last = [], []
    for window in windows:
        found = _read_window(text, window, quotes, begins)
        rows.extend(found)
        first.append(window.vectors[[item.first for item in found]])
        last.append(window.vectors[[item.last for item in found]])
    order = sorted(range(len(rows)), key=lambda n: (rows[n].start, -rows[n].end, rows[n].layer))
    kept = _keep_known([rows[n] for n in order], text)
    order = [n for n, keep in zip(order, kept, strict=True) if keep]
    rows = _settle_kinds([rows[n] for n in order], text)
    ends = np.array([sentence.end for sentence in sentences], dtype=np.int64)
    starts = np.array([row.start for row in rows], dtype=np.int64)
    spans = Spans(
        np.array([row.layer for row in rows], dtype=np.int64),
        starts,
        np.array([row.end for row in rows], dtype=np.int64),
        np.searchsorted(ends, starts, side="right"),
        tuple(text[row.start : row.end] for row in rows),
    )
    empty = np.zeros((0, VECTOR), dtype=np.float32)
    return Marked(
        spans,
        np.concatenate([*first, empty])[order],
        np.concatenate([*last, empty])[order],
        np.array([row.confidence for row in rows], dtype=np.float32),
    )


def _read_window(text: str, window: Window, quotes: Sequence[Span], begins: Ints) -> list[Found]:
    """The spans of one window, quotations by marks among them."""
    scores = _share_words(window, text, begins).reshape(-1, len(LAYERS), 3)
    chances = softmax(scores)
    found = []
    for layer, name in enumerate(LAYERS):
        cost = START_COST.get(name)
        runs = _runs(chances[:, layer].argmax(1)) if cost is None else _long_runs(chances[:, layer], cost)
        for first, last in runs:
            confidence = float(chances[first : last + 1, layer, 1:].sum(1).mean())
            if confidence < (FAINT_NAME if layer in NAMES else FLOORS.get(name, 0.0)):
                continue
            start, end = int(window.starts[first]), int(window.ends[last])
            if tail := APOSTROPHE.match(text, end):
                end = tail.end()
            if name == "title" and (rank := RANK.search(text, max(0, start - 30), start)):
                start = rank.start()
            found.append(Found(layer, first, last, start, end, confidence))
    said = LAYER_INDEX["said"]
    kept = _join_bodies(_settle_names([item for item in found if item.layer != said]), text)
    return kept + _join_quotes(window, [item for item in found if item.layer == said], quotes, text)


def _share_words(window: Window, text: str, begins: Ints) -> Floats:
    """The scores, equal for all pieces of a word: those of its first piece decide the start.

    Where a sentence begins a word does, though it be glued to the one before ("MarshPhoto: Embassy").
    """
    joined = (window.starts[1:] == window.ends[:-1]) & np.array(
        [text[i].isalnum() and text[i - 1].isalnum() for i in window.starts[1:]], dtype=bool
    )
    joined &= ~np.isin(window.starts[1:], begins)
    scores = window.scores.copy()
    for index in np.flatnonzero(joined) + 1:
        three = scores[index].reshape(-1, 3)
        before = scores[index - 1].reshape(-1, 3)
        three[:, 0] = before[:, 0]
        three[:, 1] = -30.0
        three[:, 2] = np.maximum(before[:, 1], before[:, 2])
    return scores


def _runs(labels: Ints) -> list[tuple[int, int]]:
    """First and last index of each run: 1 begins one, 2 goes on (or begins one after 0)."""
    before = np.concatenate([[0], labels[:-1]])
    begins = np.flatnonzero((labels == 1) | ((labels == 2) & (before == 0)))
    stops = np.flatnonzero((labels == 0) | (labels == 1))
    ends = [
        int(stops[k]) if (k := np.searchsorted(stops, b, side="right")) < len(stops) else len(labels)
        for b in begins
    ]
    return [(int(begin), end - 1) for begin, end in zip(begins, ends, strict=True)]


def _settle_names(found: list[Found]) -> list[Found]:
    """Of names that overlap only the surest is kept: a name is one mark with nothing inside."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (-item.confidence, item.start)):
        rival = item.layer in NAMES and any(
            other.layer in NAMES and item.start < other.end and other.start < item.end for other in kept
        )
        if not rival:
            kept.append(item)
    return kept


def _keep_known(rows: Sequence[Found], text: str) -> list[bool]:
    """Whether each span stays: a faint name only where it is a sure one elsewhere in the document."""
    floors = [FLOORS.get(LAYERS[row.layer], 0.0) for row in rows]
    sure = {
        text[row.start : row.end].casefold()
        for row, floor in zip(rows, floors, strict=True)
        if row.layer in NAMES and row.confidence >= floor
    }
    return [
        row.layer not in NAMES or row.confidence >= floor or text[row.start : row.end].casefold() in sure
        for row, floor in zip(rows, floors, strict=True)
    ]


def _settle_kinds(rows: Sequence[Found], text: str) -> list[Found]:
    """The spans, one name of one kind throughout the document: the kind that is surest in all."""
    belief: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        if row.layer in NAMES:
            belief[text[row.start : row.end].casefold()][row.layer] += row.confidence
    kinds = {words: max(sure, key=lambda k: (sure[k], -k)) for words, sure in belief.items()}
    return [
        row._replace(layer=kinds[text[row.start : row.end].casefold()]) if row.layer in NAMES else row
        for row in rows
    ]


def _join_bodies(found: list[Found], text: str) -> list[Found]:
    """Pieces of one long name of a body joined where only "of the" stands between them."""
    bodies = sorted((item for item in found if item.layer == BODY), key=lambda item: item.start)
    joined: list[Found] = []
    for item in bodies:
        last = joined[-1] if joined else None
        if last and JOINT.fullmatch(text, last.end, item.start):
            sure = max(last.confidence, item.confidence)
            joined[-1] = last._replace(last=item.last, end=item.end, confidence=sure)
        else:
            joined.append(item)
    joined = [item for item in joined if not CONNECTIVE.fullmatch(text, item.start, item.end)]
    return [item for item in found if item.layer != BODY] + joined


def _long_runs(chances: Floats, cost: float) -> list[tuple[int, int]]:
    """First and last index of the best runs when each costs `cost` to begin (Viterbi, two states)."""
    outside = np.log(chances[:, 0] + 1e-9).tolist()
    inside = np.log(chances[:, 1] + chances[:, 2] + 1e-9).tolist()
    out, into = 0.0, -cost
    steps: list[tuple[bool, bool]] = []  # where each state came from: True is inside
    for o, i in zip(outside, inside, strict=True):
        steps.append((into > out, into > out - cost))
        out, into = max(out, into) + o, max(into, out - cost) + i
    state, labels = into > out, []
    for from_out, from_in in reversed(steps):
        labels.append(2 if state else 0)
        state = from_in if state else from_out
    return _runs(np.array(labels[::-1], dtype=np.int64))


def _join_quotes(window: Window, said: list[Found], quotes: Sequence[Span], text: str) -> list[Found]:
    """What is said, with quotations by marks: exact where marks enclose it, else as the network has it."""
    if not len(window.starts):
        return said
    left, right = int(window.starts[0]), int(window.ends[-1])
    first_quote = bisect_left(quotes, left, key=lambda quote: quote.start)
    last_quote = bisect_left(quotes, right, key=lambda quote: quote.start)
    inside = [quote for quote in quotes[first_quote:last_quote] if quote.end <= right]
    out = []
    for item in said:
        touching = [q for q in inside if min(q.end, item.end) - max(q.start, item.start) > 0]
        if any(item.end - item.start <= 1.25 * (q.end - q.start) for q in touching) and len(touching) == 1:
            continue  # the marks say it better
        out.append(item)
    for quote in inside:
        covered = any(item.start <= quote.start and quote.end <= item.end + 1 for item in out)
        guessed = any(min(quote.end, item.end) - max(quote.start, item.start) > 0 for item in said)
        long_enough = len(text[quote.start : quote.end].split()) >= MIN_QUOTE_WORDS
        if covered or not (guessed or long_enough):
            continue
        first = int(np.searchsorted(window.ends, quote.start, side="right"))
        last = int(np.searchsorted(window.starts, quote.end, side="left")) - 1
        if first <= last:
            out.append(
                Found(LAYER_INDEX["said"], first, last, quote.start, quote.end, 0.95 if guessed else 0.6)
            )
    return out
