"""The query string all lists and pictures share: what is asked for, checked, and written again as a link.

A link is the saved view. What cannot be understood is left out and said, never an error: a hand-written
or shortened address still opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from msgspec.structs import asdict, replace

from dragoman.record import ClaimKind, EngagementKind, EntityKind, Mode, Record, Status, Verdict

PER_PAGE = 50
MOST_PAGES = 100_000
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(map(str, EngagementKind)),
    "status": tuple(map(str, Status)),
    "type": tuple(map(str, EntityKind)),
    "claim": tuple(map(str, ClaimKind)),
    "mode": tuple(map(str, Mode)),
    "verdict": tuple(map(str, Verdict)),
    "dated": ("yes", "no"),
    "conflict": ("yes", "no"),
    "state": ("all", "rejected"),
}
NAMES = {"from": "start", "to": "end", "with": "with_", "for": "behalf", "type": "type_"}
_ASKED = {field: name for name, field in NAMES.items()}


class Asked(Record, frozen=True, kw_only=True):
    """What a list is asked for; empty where it is not. Names are ids or words, days ISO.

    `conflict` is "yes" for engagements in which reports differ; `state` "rejected" for what people rejected,
    "all" for it and the rest: by itself a list leaves it out.
    """

    q: str = ""
    who: str = ""
    with_: str = ""
    behalf: str = ""
    place: str = ""
    kind: str = ""
    status: str = ""
    type_: str = ""
    claim: str = ""
    mode: str = ""
    verdict: str = ""
    dated: str = ""
    conflict: str = ""
    state: str = ""
    source: str = ""
    start: str = ""
    end: str = ""
    sort: str = ""
    page: int = 1
    wrong: tuple[str, ...] = ()

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * PER_PAGE

    @property
    def is_filtered(self) -> bool:
        """Whether anything but order and page is asked for."""
        return any(value for name, value in self.items() if name not in ("sort", "page"))

    def items(self) -> list[tuple[str, str]]:
        """The pairs of the query string, without what is not asked for."""
        fields = asdict(self)
        pairs = [(_ASKED.get(name, name), str(value)) for name, value in fields.items() if name != "wrong"]
        return [(name, value) for name, value in pairs if value and (name, value) != ("page", "1")]

    def link(self, **changes: str | int) -> str:
        """The query string with some values changed, on the first page unless told; "?" for nothing."""
        changed = {NAMES.get(name, name): value for name, value in changes.items()}
        return "?" + urlencode(replace(self, **{"page": 1, **changed}).items())


def read_asked(params: Mapping[str, str]) -> Asked:
    """What a query string asks for; `wrong` says what of it was not understood.

    >>> read_asked({"from": "2021-03", "kind": "meeting", "page": "2"}).items()
    [('kind', 'meeting'), ('from', '2021-03-01'), ('page', '2')]
    >>> read_asked({"kind": "dance"}).wrong
    ('kind “dance”',)
    """
    values: dict[str, str | int] = {}
    wrong = []
    for name, raw in params.items():
        field, value = NAMES.get(name, name), " ".join(raw.split())[:400]
        if name in _ASKED or field not in Asked.__struct_fields__ or field == "wrong" or not value:
            continue
        read = _read(name, value)
        if read is None:
            wrong.append(f"{name} “{value[:60]}”")
        else:
            values[field] = read
    return Asked(**values, wrong=tuple(wrong))  # type: ignore[arg-type]


def _read(name: str, value: str) -> str | int | None:
    """The value as it is used, or None where it makes no sense for that name."""
    if name in CHOICES:
        return value if value in CHOICES[name] else None
    if name in ("from", "to"):
        return read_day(value, is_end=name == "to")
    if name == "page":
        is_page = value.isascii() and value.isdigit() and 0 < int(value[:9]) <= MOST_PAGES
        return int(value) if is_page else None
    return value


def read_day(value: str, *, is_end: bool) -> str | None:
    """The ISO day of a day, month or year; the last day of it for an end; None for anything else.

    >>> read_day("2024-02", is_end=True), read_day("2024", is_end=False), read_day("soon", is_end=True)
    ('2024-02-29', '2024-01-01', None)
    """
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        if day or not is_end:
            return first.isoformat()
        after = (
            date(first.year + 1, 1, 1)
            if not month or first.month == 12
            else date(first.year, first.month + 1, 1)
        )
        return date.fromordinal(after.toordinal() - 1).isoformat()
    except (ValueError, OverflowError):
        return None
