"""Counts are added up, and only where one lists the parts of another."""

from dragoman.read.claims import check_counts
from dragoman.record import Claim, ClaimKind, Verdict


def count(start: int, value: int, unit: str | None = None, by: str = "author") -> Claim:
    text = f"{value} {unit or ''}".strip()
    return Claim(
        id=f"claim-{start}",
        kind=ClaimKind.COUNT,
        by=by,
        start=start,
        end=start + 12,
        text=text,
        value=value,
        unit=unit,
    )


def verdicts(claims: list[Claim]) -> list[Verdict | None]:
    return [c.check.verdict if c.check else None for c in check_counts(claims)]


def test_check_counts_agrees_where_the_parts_make_the_total() -> None:
    listing = [count(0, 7, "synagogues"), count(20, 3), count(40, 2), count(60, 2)]
    checked = check_counts(listing)
    assert [c.check.verdict for c in checked if c.check] == [Verdict.CONSISTENT] * 4
    assert checked[0].check is not None
    assert checked[0].check.note == "3 + 2 + 2 = 7"
    assert checked[0].check.with_ == ("claim-20", "claim-40", "claim-60")


def test_check_counts_disagrees_where_they_do_not() -> None:
    listing = [count(0, 8, "synagogues"), count(20, 3), count(40, 2), count(60, 2)]
    assert verdicts(listing) == [Verdict.INCONSISTENT] * 4


def test_check_counts_leaves_other_counts_alone() -> None:
    assert verdicts([count(0, 7, "schools"), count(20, 3)]) == [None] * 2
    assert verdicts([count(0, 7, "schools"), count(20, 3, "churches"), count(40, 2, "parks")]) == [None] * 3
    assert verdicts([count(0, 7, "schools"), count(400, 3), count(420, 4)]) == [None] * 3
    assert (
        verdicts([count(0, 7, "schools"), count(20, 3, by="person-1"), count(40, 4, by="person-1")])
        == [None] * 3
    )
