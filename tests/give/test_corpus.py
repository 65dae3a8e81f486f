"""Annotated articles: what comes back through the reader of gold, and what is said to be lost."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from dragoman.concord import Decision
from dragoman.give.corpus import write_ann
from dragoman.record import Mention, MentionForm, Reading, Timex
from eval.gold import gold_reading
from tests.conftest import ROOT
from tests.factory import make_document, make_reading
from tests.give.build import make_contents, make_small, write
from tests.give.consumers import read_ann_zip

PATHS = sorted((ROOT / "corpus" / "ann").rglob("*.ann"))[::9]


def read_back(data: bytes, folder: Path) -> Reading:
    with ZipFile(io.BytesIO(data)) as archive:
        (name,) = archive.namelist()
        path = folder / name
        path.write_bytes(archive.read(name))
    return gold_reading(path)


def list_facts(reading: Reading) -> dict[str, object]:
    """Everything an article can say, without the ids that are given anew."""

    def when(time: Timex | None) -> object:
        return time and (time.start, time.end, time.edtf, time.class_, time.relative)

    replace = msgspec.structs.replace
    return {
        "text": (reading.document.text, reading.document.published, reading.document.publisher),
        "mentions": reading.mentions,
        "times": [when(time) for time in reading.times],
        "roles": [replace(role, id="") for role in reading.roles],
        "engagements": reading.engagements,
        "quotations": [replace(quotation, id="") for quotation in reading.quotations],
        "claims": [replace(claim, id="", check=None) for claim in reading.claims],
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_gold_reading_comes_back_whole(path: Path, tmp_path: Path) -> None:
    reading = gold_reading(path)
    data, _ = write(write_ann, make_contents([reading]))
    assert list_facts(read_back(data, tmp_path)) == list_facts(reading)


def test_rejected_facts_are_no_training_data(tmp_path: Path) -> None:
    contents = make_small()
    (reading,) = contents.readings()
    facts = (*reading.roles, *reading.engagements, *reading.quotations, *reading.claims)
    rejected = make_contents([reading], states={fact.id: Decision.REJECTED for fact in facts})
    kept = read_back(write(write_ann, contents)[0], tmp_path)
    left = read_back(write(write_ann, rejected)[0], tmp_path)
    assert all((kept.roles, kept.engagements, kept.quotations, kept.claims))
    assert not any((left.roles, left.engagements, left.quotations, left.claims))
    assert left.mentions == kept.mentions


def test_engagement_has_one_id_in_all_its_articles(tmp_path: Path) -> None:
    first = make_reading()
    second = make_reading(make_document(f"{first.document.text} More."))
    told = next(iter(make_contents([first]).engagements()))
    witness = msgspec.structs.replace(
        told.witnesses[0], document=second.document.id, engagement=second.engagements[0].id
    )
    told = msgspec.structs.replace(told, witnesses=(*told.witnesses, witness))
    data, _ = write(write_ann, make_contents([first, second], engagements=[told]))
    articles = read_ann_zip(data, tmp_path).values()
    assert [event["id"] for article in articles for event in article["events"]] == [told.id] * 2


@pytest.mark.parametrize(
    "text",
    ["They wrote [[ here.", "A <s1> tag.", "One\n---\ntwo", "# heading", "x|per:a]] y", "bell \x07 rang"],
)
def test_text_that_reads_as_marks_is_left_out_and_said(text: str) -> None:
    document = make_document(text)
    data, written = write(write_ann, make_contents([Reading(document=document)]))
    assert written.n_entries == 0
    assert ZipFile(io.BytesIO(data)).namelist() == []
    assert any(line.startswith("1 documents whose text looks like marks") for line in written.left_out)


def test_marks_that_cross_lose_one_and_say_so(tmp_path: Path) -> None:
    reading = make_reading()
    entity = reading.entities[1].id
    crossing = Mention(
        start=7, end=20, text=reading.document.text[7:20], entity=entity, form=MentionForm.NAME
    )
    reading = msgspec.structs.replace(reading, mentions=(*reading.mentions, crossing))
    data, written = write(write_ann, make_contents([reading]))
    assert read_ann_zip(data, tmp_path)
    assert any(line.startswith("1 marks that cross") for line in written.left_out)
