import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.acquire.blocks import find_blocks, find_credit_start, find_dateline_day
from dragoman.record import BlockRole

CASES = tomllib.loads((Path(__file__).parent / "cases" / "blocks.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_find_blocks_roles(case: dict[str, object]) -> None:
    text = str(case["text"])
    found = [[block.role.value, text[block.start : block.end]] for block in find_blocks(text)]
    assert found == case["expected"]


def test_find_blocks_takes_told_roles() -> None:
    blocks = find_blocks("One\n\nTwo", roles=(BlockRole.CAPTION, None))
    assert [block.role for block in blocks] == [BlockRole.CAPTION, BlockRole.BODY]


def test_find_blocks_guess_no_headline_where_the_source_states_one() -> None:
    blocks = find_blocks("Press Briefing Room of Quba\n\nThey met.", title="Ferry agreed")
    assert [block.role for block in blocks] == [BlockRole.BODY, BlockRole.BODY]


@given(st.text(alphabet=st.sampled_from("aB .:\n(/)—-\t9PhotoBy©|"), max_size=300))
def test_find_blocks_cover_every_word_once_in_order(text: str) -> None:
    blocks = find_blocks(text)
    end = 0
    for block in blocks:
        assert end <= block.start < block.end
        assert not text[end : block.start].strip()
        end = block.end
    assert not text[end:].strip()


def test_find_blocks_of_a_long_line_is_quick() -> None:
    for words in ("Photo by ", "A ", "A, ", "By A ", "A-", "A.", "(", " | "):
        assert find_blocks(words * (200_000 // len(words)) + "x")


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("Orla Venn with guestsPhoto by Max Pell", 21),
        ("Orla Venn (left). Photo: Max Pell", 18),
        ("Photo: Max Pell", 0),
        ("She said the photo by the door was old.", None),
        ("The picture: nobody knows what will come of it next year, said Venn.", None),
    ],
)
def test_find_credit_start(line: str, start: int | None) -> None:
    assert find_credit_start(line) == start


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Thursday, January 24, 2019\n\nThey met.", "2019-01-24"),
        ("QUBA, Oct. 9, 2007 (Reed) — They met.", "2007-10-09"),
        ("11.05.2023 | News item\n\nThey met.", "2023-05-11"),
        ("QUBA, Oct. 9 (Reed) — They met.", None),
        ("Today: Nov 23, 2026\n\nThey met.", None),
        ("They met on October 9, 2007 in Quba.", None),
        ("Updated: 9 October 2007\nThey met.", None),
    ],
)
def test_find_dateline_day(text: str, day: str | None) -> None:
    assert find_dateline_day(text) == day
