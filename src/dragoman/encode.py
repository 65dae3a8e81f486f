"""The trained encoder: text into wordpieces, wordpieces into label scores and vectors.

The only file that touches onnxruntime and the weights. What the scores mean is `read`'s business.
WordPiece follows BERT uncased (Devlin et al. 2019) with a position in the text for every piece; because
the encoder is uncased, two small inputs tell it how a word was written and where it stands.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.errors import ConfigError
from dragoman.record import Span

MAX_PIECES = 384  # wordpieces in one window, both ends included; what training used
CLS, SEP, UNK = 101, 102, 100
MAX_WORD = 100  # characters; a longer run is one unknown piece, as in BERT
N_SHAPES = 9
N_PLACES = 8
OPENERS, CLOSERS, STRAIGHT = "“«„", "”»", '"'

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


class Pieces(NamedTuple):
    """Wordpieces of a text; five int64 arrays of one length, in text order.

    `shapes` says how the word is written (0 to 8), `places` where it stands: 1 inside double
    quotation marks, plus 2 at the start of a line, plus 4 at the start of a sentence.
    """

    ids: Ints
    starts: Ints
    ends: Ints
    shapes: Ints
    places: Ints


class Window(NamedTuple):
    """What the encoder makes of one stretch of whole sentences.

    `starts` and `ends` are code points, int64 (n,); `scores` float32 (n, labels), unnormalised;
    `vectors` float32 (n, 384).
    """

    starts: Ints
    ends: Ints
    scores: Floats
    vectors: Floats


def word_shape(word: str) -> int:
    """How a word is written, as one of nine shapes (0 is for no word at all)."""
    if word.isalpha():
        if word.islower():
            return 1
        if len(word) == 1:
            return 5
        if word.isupper():
            return 3
        return 2 if word[0].isupper() and word[1:].islower() else 4
    if word.isdigit():
        return 6
    return 7 if word.isalnum() else 8


def _is_punctuation(char: str) -> bool:
    """BERT's idea of punctuation: every ASCII sign, and Unicode category P."""
    if char.isascii():
        return not char.isalnum() and not char.isspace()
    return unicodedata.category(char).startswith("P")


def _is_cjk(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"


def _plain(char: str) -> str:
    """A character as the uncased vocabulary has it: no accent, lower case, nothing for controls."""
    if char.isascii():
        return char.lower()
    if unicodedata.category(char).startswith("C"):
        return ""
    parts = unicodedata.normalize("NFD", char)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn").lower()


class WordPiece:
    """BERT's uncased tokenizer with code-point positions; remembers the words it has seen."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._seen: dict[str, tuple[tuple[int, int, int, int], ...]] = {}

    def _cut_word(self, plain: str) -> list[tuple[int, int, int]] | None:
        """The longest pieces from the left as (id, start, end); None where one is unknown."""
        pieces = []
        start = 0
        while start < len(plain):
            for end in range(len(plain), start, -1):
                piece = plain[start:end] if start == 0 else "##" + plain[start:end]
                if piece in self.ids:
                    pieces.append((self.ids[piece], start, end))
                    start = end
                    break
            else:
                return None
        return pieces

    def _word(self, word: str, offset: int) -> Iterator[tuple[int, int, int, int]]:
        plain, back = "", []
        for index, char in enumerate(word):
            letters = _plain(char)
            plain += letters
            back += [index] * len(letters)
        if not plain:
            return
        shape = word_shape(word)
        pieces = self._cut_word(plain) if len(plain) <= MAX_WORD else None
        if pieces is None:
            yield UNK, offset, offset + len(word), shape
            return
        for number, start, end in pieces:
            yield number, offset + back[start], offset + back[end - 1] + 1, shape

    def cut(self, run: str) -> tuple[tuple[int, int, int, int], ...]:
        """The pieces of a run without white space, each (id, start, end, shape)."""
        found = self._seen.get(run)
        if found is None:
            found = tuple(self._pieces(run))
            if len(run) <= MAX_WORD and len(self._seen) < 200_000:
                self._seen[run] = found
        return found

    def _pieces(self, run: str) -> Iterator[tuple[int, int, int, int]]:
        start = 0
        for index, char in enumerate(run):
            if _is_punctuation(char) or _is_cjk(char):
                yield from self._word(run[start:index], start)
                yield from self._word(char, index)
                start = index + 1
        yield from self._word(run[start:], start)

    def cut_text(self, text: str, sentences: Sequence[Span]) -> Pieces:
        """The wordpieces of the sentences of a text, with shape and place of each."""
        rows: list[tuple[int, int, int, int, int]] = []
        quoted = False
        for sentence in sentences:
            line_start = text.rfind("\n", 0, sentence.start) + 1
            first_of_line = not text[line_start : sentence.start].strip()
            quoted = quoted and not first_of_line
            place = 4 + 2 * first_of_line
            for start, run in _runs(text, sentence):
                for number, left, right, shape in self.cut(run):
                    char = text[start + left]
                    opens = char in OPENERS or (char in STRAIGHT and not quoted)
                    closes = quoted and (char in CLOSERS or char in STRAIGHT)
                    quoted = (quoted or opens) and not closes
                    rows.append((number, start + left, start + right, shape, place + quoted))
                    place = 0
        table = np.array(rows, dtype=np.int64).reshape(-1, 5)
        return Pieces(*np.ascontiguousarray(table.T))


def _runs(text: str, sentence: Span) -> Iterator[tuple[int, str]]:
    """The runs without white space in a sentence, with their position in the text."""
    at = sentence.start
    for run in text[sentence.start : sentence.end].split():
        at = text.index(run, at)
        yield at, run
        at += len(run)


def find_windows(pieces: Pieces, sentences: Sequence[Span], *, size: int = MAX_PIECES - 2) -> list[slice]:
    """Stretches of whole sentences of at most `size` pieces and about equal length."""
    bounds = np.searchsorted(pieces.starts, [sentence.end for sentence in sentences])
    total = len(pieces.ids)
    target = total / max(1, -(-total // size)) if total else size
    windows = []
    start = 0
    for left, right in zip([0, *bounds[:-1]], bounds, strict=False):
        full = left - start >= target or right - start > size
        if full and left > start:
            windows.append(slice(int(start), int(left)))
            start = left
        while right - start > size:  # one sentence longer than a window is cut where it must be
            windows.append(slice(int(start), int(start + size)))
            start += size
    if total > start:
        windows.append(slice(int(start), total))
    return windows


class Encoder:
    """The trained weights, loaded: text in, windows of scores and vectors out.

    `labels` names the columns of `Window.scores`; `heads` holds the float32 arrays of the pair and
    class scorers; `version` names the weights. One thread, same input, same bytes out.
    """

    def __init__(
        self, model: bytes, heads: dict[str, Floats], facts: dict[str, Any], words: WordPiece
    ) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.heads = heads
        self.facts = facts
        self.words = words
        self.version = str(facts["version"])

    def read_windows(self, text: str, sentences: Sequence[Span]) -> Iterator[Window]:
        """The windows of a text in order; memory is that of one window at a time."""
        for batch in _batches(sentences):
            pieces = self.words.cut_text(text, batch)
            for window in find_windows(pieces, batch):
                scores, vectors = self._session.run(None, _inputs(pieces, window))
                yield Window(pieces.starts[window], pieces.ends[window], scores[0, 1:-1], vectors[0, 1:-1])


def _batches(sentences: Sequence[Span], size: int = 2000) -> Iterator[Sequence[Span]]:
    """The sentences in lots of at most `size`, so that a book needs no more memory than a page."""
    for start in range(0, len(sentences), size):
        yield sentences[start : start + size]


def _inputs(pieces: Pieces, window: slice) -> dict[str, Ints]:
    """The three inputs of the network for one window, each int64 (1, n + 2)."""
    ids = np.concatenate([[CLS], pieces.ids[window], [SEP]])
    shapes = np.pad(pieces.shapes[window], 1)
    places = np.pad(pieces.places[window], 1)
    return {"ids": ids[None], "shapes": shapes[None], "places": places[None]}


@cache
def load_words() -> WordPiece:
    """The tokenizer over the vocabulary that ships with the package."""
    vocabulary = files("dragoman").joinpath("weights", "vocab.txt").read_text(encoding="utf-8")
    return WordPiece(vocabulary.split("\n")[:-1])


@cache
def load_encoder() -> Encoder:
    """The encoder that ships with the package; raises ConfigError where its files are not the ones made."""
    folder = files("dragoman").joinpath("weights")
    facts = json.loads(folder.joinpath("reader.json").read_text(encoding="utf-8"))
    model = folder.joinpath("reader.onnx").read_bytes()
    if hashlib.sha256(model).hexdigest() != facts["sha256"]:
        path = "dragoman/weights/reader.onnx"
        raise ConfigError(f"{path} is not the file that was trained; install the package again", path=path)
    with as_file(folder.joinpath("heads.npz")) as path_, np.load(path_) as arrays:
        heads = {name: arrays[name].astype(np.float32) for name in arrays.files}
    return Encoder(model, heads, facts, load_words())
