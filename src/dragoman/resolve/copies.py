"""Copies of one text under several mastheads, so that an agency's report counts as one witness.

Each text is reduced to a few fingerprints of runs of words (winnowing); texts that share most of them are
copies. Cost grows with the length of the texts: only those that share a fingerprint are compared.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping

RUN = 8  # words; shorter runs are shared by texts that only speak of the same things
WINDOW = 6  # runs of which one is kept
SAME_TEXT = 0.6  # [0, 1]; share of the smaller text's fingerprints; below it a report was rewritten
_WORD = re.compile(r"\w+")
MOST_SHARED = 200  # documents; a run in more of them is a phrase of the house ("For Immediate Release")


def find_copies(texts: Mapping[str, tuple[str, str | None]]) -> dict[str, str]:
    """The document each copy repeats, by document id; originals are left out.

    Of copies the earliest published is the original, the first given of equals, undated ones last.

    Args:
        texts: text and day of publication by document id.

    Source:
        Schleimer, Wilkerson and Aiken, Winnowing: local algorithms for document fingerprinting (2003).
    """
    return compare_prints({id_: (find_fingerprints(text), day) for id_, (text, day) in texts.items()})


def compare_prints(documents: Mapping[str, tuple[frozenset[int], str | None]]) -> dict[str, str]:
    """What `find_copies` finds, from fingerprints that were kept."""
    prints = {id_: marks for id_, (marks, _) in documents.items()}
    holders: dict[int, list[str]] = {}
    order = sorted(
        documents, key=lambda id_: documents[id_][1] or "9999"
    )  # stable: the first given of equals
    copies: dict[str, str] = {}
    for id_ in order:
        shared = Counter(h for mark in prints[id_] for h in holders.get(mark, ())[:MOST_SHARED])
        for other, n_shared in shared.most_common(3):
            if n_shared >= SAME_TEXT * max(1, min(len(prints[id_]), len(prints[other]))):
                copies[id_] = copies.get(other, other)
                break
        for mark in prints[id_]:
            holders.setdefault(mark, []).append(id_)
    return copies


def find_fingerprints(text: str) -> frozenset[int]:
    """The kept digests of runs of words: the least of every window, so that shared stretches share one."""
    words = _WORD.findall(text.casefold())
    phrases = (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
    runs = [zlib.crc32(phrase.encode("utf-8", "surrogatepass")) for phrase in phrases]
    return frozenset(min(runs[i : i + WINDOW]) for i in range(max(1, len(runs) - WINDOW + 1)) if runs)
