"""What a writer looks up by id while engagements stream past: who somebody is, and the words of a report.

An engagement knows its participants and reports by id only, and a format wants names and words. Both lie
in temporary files here and are found by digest, so that a million engagements cost sixteen bytes each.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Generic, TypeVar

import msgspec
import numpy as np

from dragoman.concord import Agreement, Attested, Identity, Witness
from dragoman.give.contents import Contents
from dragoman.record import Engagement, Evidence, Reading, Record, Slot, Span
from dragoman.sentences import find_document_sentences

N_KEPT = 4096  # records kept decoded; names repeat from one engagement to the next

T = TypeVar("T")


class Report(Record, frozen=True, kw_only=True):
    """An engagement as one document tells it: where that lies, and the words for each field.

    `words` is the sentence that tells of it, on one line; empty where the reading is not at hand.
    """

    document: str
    engagement: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    evidence: tuple[Evidence, ...] = ()
    words: str = ""

    @property
    def source(self) -> str:
        """Who published it and when: "Lirgate Courier, 2021-03-05", else the id of the document."""
        return ", ".join(filter(None, (self.publisher, self.published))) or f"document {self.document}"


class Shelf(Generic[T]):
    """Records on disk by id; of each id the first. Sixteen bytes an entry stay in memory."""

    def __init__(self, kind: type[T], items: Iterable[tuple[str, T]]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._decode = msgspec.json.Decoder(tuple[str, kind]).decode  # type: ignore[valid-type]
        keys, places, end = array("Q"), array("Q"), 0
        for id_, item in items:
            keys.append(_hash(id_))
            places.append(end)
            end += self._file.write(msgspec.json.encode((id_, item)) + b"\n")
        found = np.frombuffer(keys, dtype=np.uint64) if keys else np.zeros(0, dtype=np.uint64)
        order = np.argsort(found, kind="stable")
        self._keys = found[order]
        self._places = np.frombuffer(places, dtype=np.uint64)[order] if places else found
        self.get = lru_cache(N_KEPT)(self._read)

    def _read(self, id_: str) -> T | None:
        """The record of an id, None where there is none."""
        key = np.uint64(_hash(id_))
        for place in self._places[slice(*np.searchsorted(self._keys, [key, key + np.uint64(1)]))]:
            self._file.seek(int(place))
            known, item = self._decode(self._file.readline())
            if known == id_:
                return item
        return None

    def close(self) -> None:
        """Forget everything."""
        self._file.close()


def _hash(id_: str) -> int:
    """63 bits, so that the next number still fits."""
    return int.from_bytes(hashlib.blake2b(id_.encode(), digest_size=8).digest(), "big") >> 1


class Sources:
    """Names and reports by id."""

    def __init__(self, identities: Shelf[Identity], reports: Shelf[Report]) -> None:
        self._identities = identities
        self._reports = reports

    def get_identity(self, id_: str | None) -> Identity | None:
        """The identity of an id, None where the contents do not hold it."""
        return self._identities.get(id_) if id_ else None

    def get_name(self, id_: str) -> str:
        """The name of an identity; the id itself where the contents do not hold it."""
        identity = self.get_identity(id_)
        return identity.name if identity and identity.name else id_

    def get_reports(self, engagement: Attested) -> tuple[Report, ...]:
        """One report a witness, in their order; without words where its reading did not come along."""
        return tuple(self._get_report(witness) for witness in engagement.witnesses)

    def _get_report(self, witness: Witness) -> Report:
        return self._reports.get(_key(witness.document, witness.engagement)) or Report(
            document=witness.document,
            engagement=witness.engagement,
            publisher=witness.publisher,
            published=witness.published,
        )

    def get_title(self, engagement: Attested) -> str:
        """What the engagement is in one line: "Meeting: Nadira Vesholt, Oren Calvaz; Lirgate"."""
        who = ", ".join(self.get_name(p.entity) for p in engagement.participants)
        where = self.get_name(engagement.place) if engagement.place else ""
        told = "; ".join(filter(None, (who, where)))
        return " ".join(f"{engagement.kind.capitalize()}: {told}".split()).rstrip(": ")


def list_differences(engagement: Attested) -> tuple[str, ...]:
    """The values of each field the reports differ on, and how many tell each: "where: Oslo (2), Riga (1)"."""
    return tuple(
        f"{account.slot}: "
        + ", ".join(f"{told.label or told.value} ({len(told.documents)})" for told in account.told)
        for account in engagement.accounts
        if account.agreement is Agreement.DIFFER
    )


@contextmanager
def open_sources(contents: Contents) -> Iterator[Sources]:
    """Names and words of the contents, looked up by id; the files vanish at the end."""
    named = ((identity.id, identity) for identity in contents.identities())
    with (
        closing(Shelf(Identity, named)) as identities,
        closing(Shelf(Report, _iter_reports(contents.readings()))) as reports,
    ):
        yield Sources(identities, reports)


def _iter_reports(readings: Iterable[Reading]) -> Iterator[tuple[str, Report]]:
    for reading in readings:
        document = reading.document
        sentences = find_document_sentences(document) if reading.engagements else ()
        for engagement in reading.engagements:
            yield (
                _key(document.id, engagement.id),
                Report(
                    document=document.id,
                    engagement=engagement.id,
                    title=document.title,
                    publisher=document.publisher,
                    published=document.published,
                    url=document.url,
                    evidence=engagement.evidence,
                    words=_quote(document.text, sentences, engagement),
                ),
            )


def _quote(text: str, sentences: Sequence[Span], engagement: Engagement) -> str:
    """The sentence the core words of an engagement stand in, else these words, on one line."""
    core = next((e for e in engagement.evidence if e.slot is Slot.CORE), None)
    if core is None:
        return ""
    at = bisect_right(sentences, core.start, key=lambda sentence: sentence.start) - 1
    whole = at >= 0 and core.end <= sentences[at].end
    words = text[sentences[at].start : sentences[at].end] if whole else core.text
    return " ".join(words.split())


def _key(document: str, engagement: str) -> str:
    """Ids of readings made by hand repeat from one document to the next; with the document they do not."""
    return f"{document}/{engagement}"
