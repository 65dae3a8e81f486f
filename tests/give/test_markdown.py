"""The brief: everything has its source, and no word of a report becomes a sign of Markdown."""

from __future__ import annotations

import msgspec

from dragoman.give.markdown import write_markdown
from tests.give.build import MET, make_contents, make_small, write


def test_brief_tells_who_when_and_from_where() -> None:
    text = write(write_markdown, make_small())[0].decode()
    assert '## 2021-03-03 · Meeting: Nadira Vesholt, Орен Калваз "the Elder"; Lirgate' in text
    assert f"> “{MET}” — [Lirgate Courier, 2021-03-05](<https://courier.example/" in text
    assert "- **reports differ on when: 3 March 2021 (1), 4 March 2021 (1)**" in text
    assert "- Nadira Vesholt: ambassador of Lirgate (new); seen 2021-03-05" in text
    assert "- Nadira Vesholt (direct): “Our ports are open,” — [Lirgate Courier" in text


def test_empty_record_says_so() -> None:
    assert write(write_markdown, make_contents([]))[0] == b"Nothing in the record fits.\n"


def test_signs_and_addresses_do_no_harm() -> None:
    (reading,) = make_small().readings()
    person = msgspec.structs.replace(reading.entities[0], name="*Star* [x](javascript:1)\n# <b>")
    document = msgspec.structs.replace(reading.document, url="javascript:alert(1)")
    odd = msgspec.structs.replace(reading, entities=(person, *reading.entities[1:]), document=document)
    text = write(write_markdown, make_contents([odd]))[0].decode()
    assert "\\*Star\\* \\[x\\](javascript:1) \\# \\<b\\>" in text
    assert "](<javascript" not in text
