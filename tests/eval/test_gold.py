"""Annotated articles become readings with evidence for every field."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from dragoman.errors import RecordError
from dragoman.record import Slot, check_reading, decode_reading, encode_reading

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("DRAGOMAN_SHARED", ROOT.parent / "shared"))
_spec = importlib.util.spec_from_file_location("gold", ROOT / "eval" / "gold.py")
assert _spec and _spec.loader
gold = importlib.util.module_from_spec(_spec)
sys.modules["gold"] = gold
_spec.loader.exec_module(gold)

ANN = """# id: t-1
# published: 2024-03-08
# outlet: Lake Courier
[[Foreign Minister|ttl:t1]] [[Odo Brann|per:brann]] of [[Norway|plc:norway]] [[met|evt:e1]] \
[[Lia Sund|per:sund]] in [[Oslo|plc:oslo]] on [[Monday|tim:w1]]. \
"<s1>[[I|per:brann]] listened</s1>," [[he|per:brann]] [[said|cue:s1]].

<c1>The town has [[two|num:n1]] bridges</c1>.
---
ROLE t1 per=brann of=norway flags=new
EVENT e1 kind=meeting status=held who=brann:host,sund where=oslo when=w1 for=brann>norway
SAY s1 by=brann mode=direct cue=yes at=e1
CLAIM c1 kind=count by=author about=oslo value=2 unit="bridges"
TIME w1 edtf=2024-03-04 class=date
NUM n1 value=2
SAME brann "Odo Brann"
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.ann"
    path.write_text(text, encoding="utf-8")
    return path


def test_gold_reading_keeps_every_fact(tmp_path):
    reading = gold.gold_reading(write(tmp_path, ANN))
    (engagement,) = reading.engagements
    assert "[[" not in reading.document.text
    assert [(p.entity, str(p.part), p.on_behalf_of) for p in engagement.participants] == [
        ("brann", "host", "norway"),
        ("sund", "participant", None),
    ]
    assert engagement.time and engagement.time.earliest == engagement.time.latest == "2024-03-04"
    assert {(str(e.slot), e.entity, e.text) for e in engagement.evidence} >= {
        ("who", "brann", "Odo Brann"),
        ("who", "sund", "Lia Sund"),
        ("behalf", "brann", "Norway"),
        ("where", "oslo", "Oslo"),
        ("when", None, "Monday"),
    }
    assert reading.quotations[0].speaker == "brann" and reading.quotations[0].occasion == "e1"
    assert reading.claims[0].value == 2 and reading.claims[0].unit == "bridges"
    assert [str(m.form) for m in reading.mentions if m.entity == "brann"] == ["name", "pronoun", "pronoun"]
    assert reading.roles[0].title == "Foreign Minister" and reading.roles[0].of == "norway"


def test_gold_reading_names_the_broken_file(tmp_path):
    with pytest.raises(RecordError, match=r"a\.ann"):
        gold.gold_reading(write(tmp_path, ANN.replace("\n---\n", "\n")))


@pytest.mark.parametrize("line", ["SAY s1", "TIME w1"])
def test_gold_reading_refuses_a_fact_without_its_values(tmp_path, line):
    broken = "\n".join(row for row in ANN.split("\n") if not row.startswith(line)) + f"\n{line}\n"
    if line == "TIME w1":
        broken = broken.replace("\nTIME w1\n", "\n")
    with pytest.raises(RecordError):
        gold.gold_reading(write(tmp_path, broken))


@pytest.mark.skipif(not (SHARED / "corpus" / "ann").is_dir(), reason="the shared corpus is not here")
def test_gold_reading_reads_the_corpus():
    for path in sorted((SHARED / "corpus" / "ann" / "europe").glob("*.ann")):
        reading = gold.gold_reading(path)
        check_reading(reading)
        assert decode_reading(encode_reading(reading)) == reading
        assert all(any(e.slot is Slot.CORE for e in g.evidence) for g in reading.engagements)
