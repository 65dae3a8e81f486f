"""Sentences: where one ends, by rules that know titles, initials and abbreviations.

A line break always ends a sentence; inside a line a full stop does, unless the word before it is one
that news prose abbreviates ("Amb.", "Lt. Gen.", "U.S.") or the text goes on in small letters.
"""

from __future__ import annotations

import re

from dragoman.record import BlockRole, Document, Span

# Words that never end a sentence: they stand before a name or a number.
BEFORE_NAME = frozenset(
    "mr mrs ms dr prof rev fr st sr hon amb gov sen rep lt col gen maj capt sgt cmdr adm brig pres "
    "min sec dep supt det insp hrh hh messrs mme mlle msgr no nos art sec fig vol pp para al vs v eds "
    "jan feb mar apr jun jul aug sep sept oct nov dec mt ft cf approx dept atty asst e.g i.e".split()
)
# Words that may end one: the next word decides ("the U.S. The minister", "Acme Inc. said").
MAYBE_LAST = frozenset("inc corp co ltd bros jr sr phd esq etc a.m p.m u.s u.k u.n e.u d.c b.c a.d".split())
STARTERS = frozenset(
    "the a an this that these those he she it they we i you his her its their our in on at for but and "
    "after before when while as if both there two three many some it's asked meanwhile however also".split()
)
CLOSERS = "\"'”’»)]}"
_STOP = re.compile(r"[.!?…]+[" + re.escape(CLOSERS) + r"]*(?=\s)")
_WORD_BEFORE = re.compile(r"[\w.’'-]*$")
_NEXT = re.compile(r"\s+([\"'“‘«(\[]*)(\S+)")


def _ends_sentence(line: str, start: int, end: int) -> bool:
    """Whether the stop `line[start:end]` ends a sentence, by the words on both sides."""
    following = _NEXT.match(line, end)
    if following is None:
        return True
    opener, word = following.group(1), following.group(2)
    if word[0].islower() and not opener:
        return False
    if line[start] != "." or line[start : start + 2] == "..":
        return True
    before = _WORD_BEFORE.search(line, max(0, start - 24), start)
    last = before.group().strip("’'-").casefold() if before else ""
    if not last:
        return True
    if last in BEFORE_NAME:
        return False
    bare = word.strip(CLOSERS + ".,;:").casefold()
    if last in MAYBE_LAST or re.fullmatch(r"(?:\w\.)+\w", last):
        return bare in STARTERS or bool(opener)
    return not (len(last) == 1 and last.isalpha() and last != "i")  # an initial


def find_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text in order, without the white space around them.

    >>> [s.end for s in find_sentences("Amb. J. Roe left the U.S. on May 2. He flew home.")]
    [35, 49]

    Source: measured on the news documents of GUM (Universal Dependencies), see eval.
    """
    found = []
    offset = 0
    for line in text.split("\n"):
        start = 0
        for stop in _STOP.finditer(line):
            if _ends_sentence(line, stop.start(), stop.end()):
                found.append((offset + start, offset + stop.end()))
                start = stop.end()
        found.append((offset + start, offset + len(line)))
        offset += len(line) + 1
    return tuple(trimmed for start, end in found if (trimmed := _trim(text, start, end)))


def find_document_sentences(document: Document) -> tuple[Span, ...]:
    """The sentences of every block that belongs to the article, boilerplate left out.

    A line break inside a block is a wrapped line, not an end. A document without blocks is read line by
    line.
    """
    if not document.blocks:
        return find_sentences(document.text)
    found = []
    for block in document.blocks:
        if block.role is BlockRole.BOILERPLATE:
            continue
        words = document.text[block.start : block.end].replace("\n", " ")
        for sentence in find_sentences(words):
            found.append(Span(start=block.start + sentence.start, end=block.start + sentence.end))
    return tuple(found)


def _trim(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; None where nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    if left == len(piece):
        return None
    return Span(start=start + left, end=end - (len(piece) - len(piece.rstrip())))
