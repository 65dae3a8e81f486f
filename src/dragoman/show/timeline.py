"""When things happened, as the report dates them: bars with hard, soft and open ends on a broken axis.

A hard end is a stroke, a soft end fades, an open end is an arrow. Held is solid, planned hatched, alleged
dotted, cancelled struck through. The axis is broken where nothing is dated, so that last week and the
seventh century stand on one strip. What has no date is listed under it, never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dragoman.record import Reading, Record, TimeEnd, Timex
from dragoman.show.draw import (
    clean,
    fmt,
    make_line,
    make_link,
    make_path,
    make_rect,
    make_svg,
    make_text,
    measure,
)
from dragoman.show.keys import build_keys
from dragoman.show.wording import (
    clip,
    describe_claim,
    describe_relative,
    get_short_name,
    split_day,
    title_engagement,
    write_year,
)

ROW, TOP, BAR = 27.0, 40.0, 12.0  # pixels: height of a row, of the axis, of a bar
SOFT = 0.4  # share of a bar over which a soft end fades
BREAK_SHARE = 0.4  # the axis is broken at a gap longer than this share of what would be drawn,
THINNEST = 1 / 50  # but only while the shortest bar would be a smaller share of the axis than this
MOST_BREAKS = 5
LEAST_PART = 96.0  # pixels the narrowest part of a broken axis gets
_STEPS = (
    *((1, "d"), (2, "d"), (7, "d"), (14, "d"), (1, "m"), (3, "m"), (6, "m")),
    *((n, "y") for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Bar(Record, frozen=True, kw_only=True):
    """One row of a timeline. `earliest` and `latest` are ISO days, both included, or None.

    `href` is the page it leads to; empty for the card of its key on the same page.
    """

    key: str
    title: str
    quoted: str = ""
    note: str = ""
    earliest: str | None = None
    latest: str | None = None
    earliest_end: TimeEnd = TimeEnd.HARD
    latest_end: TimeEnd = TimeEnd.HARD
    status: str = "held"
    before: tuple[str, ...] = ()
    href: str = ""


class _Part(Record, frozen=True, kw_only=True):
    """An unbroken stretch of axis: days `low` to `high` on pixels `x` to `x + width`."""

    low: float
    high: float
    x: float = 0.0
    width: float = 0.0

    def place(self, day: float) -> float:
        return self.x + (day - self.low) / (self.high - self.low) * self.width


def list_engagement_bars(reading: Reading) -> tuple[Bar, ...]:
    """One bar an engagement, in the order of keys."""
    keys = build_keys(reading).engagements
    short = {entity.id: get_short_name(entity) for entity in reading.entities}
    before: dict[str, list[str]] = {fact.id: list(fact.before) for fact in reading.engagements}
    for fact in reading.engagements:
        for id_ in fact.after:
            before.setdefault(id_, []).append(fact.id)
    bars = [
        _make_bar(
            keys[fact.id],
            title_engagement(fact, short),
            fact.time,
            status=str(fact.status),
            before=tuple(keys[i] for i in dict.fromkeys(before[fact.id]) if i in keys),
        )
        for fact in reading.engagements
    ]
    return tuple(sorted(bars, key=lambda bar: int(bar.key[1:])))


def list_claim_bars(reading: Reading) -> tuple[Bar, ...]:
    """One bar a claim that names a time; the others say nothing a timeline could show."""
    keys = build_keys(reading).claims
    bars = [
        _make_bar(keys[claim.id], clip(describe_claim(claim) or claim.text, 56), claim.time, status="claim")
        for claim in reading.claims
        if claim.time
    ]
    return tuple(sorted(bars, key=lambda bar: int(bar.key[1:])))


def _make_bar(key: str, title: str, time: Timex | None, *, status: str, before: tuple[str, ...] = ()) -> Bar:
    if time is None:
        return Bar(key=key, title=title, status=status, before=before)
    return Bar(
        key=key,
        title=title,
        quoted=time.text,
        note=describe_relative(time.relative) if time.relative and time.edtf == "unknown" else "",
        earliest=time.earliest,
        latest=time.latest,
        earliest_end=time.earliest_end,
        latest_end=time.latest_end,
        status=status,
        before=before,
    )


def draw_timeline(bars: Sequence[Bar], *, width: int = 1100, published: str | None = None) -> str:
    """The timeline as SVG, or the list of undated rows alone where no bar has a date."""
    dated = sorted((b for b in bars if b.earliest or b.latest), key=lambda b: (_get_span(b), int(b.key[1:])))
    undated = [bar for bar in bars if not (bar.earliest or bar.latest)]
    gutter = min(0.38 * width, max((_measure_label(bar) for bar in dated), default=0) + 24)
    parts = _lay_axis([_get_span(bar) for bar in dated], width - gutter) if dated else []
    inside: list[str] = []
    height = TOP + ROW * len(dated) + 8 if dated else 4.0
    if dated:
        inside += _draw_axis(parts, height)
        if published:
            inside += _draw_published(parts, published, height)
        places = {bar.key: TOP + ROW * i + ROW / 2 for i, bar in enumerate(dated)}
        inside += _draw_arrows(dated, places, parts)
        for bar in dated:
            inside.append(_draw_bar(bar, places[bar.key], parts, width))
    if undated:
        height, lines = _list_undated(undated, height + (10 if dated else 0), width)
        inside += lines
    label = f"Timeline: {len(dated)} dated, {len(undated)} without a date"
    return make_svg(width, height + 8, label, inside, "timeline")


def to_day(day: str) -> int:
    """Days since 1 March of the year 0, for years of any sign (the usual civil calendar algorithm)."""
    year, month, number = split_day(day)
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + number - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year


def from_day(day: int) -> tuple[int, int, int]:
    """Year, month and day of a day number.

    >>> from_day(to_day("2024-02-29")), from_day(to_day("-0043-03-15"))
    ((2024, 2, 29), (-43, 3, 15))
    """
    era, doe = divmod(day, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1


def _get_span(bar: Bar) -> tuple[float, float]:
    """First day and the day after the last; an open side reaches as far as the other is precise."""
    low = to_day(bar.earliest) if bar.earliest else None
    high = to_day(bar.latest) + 1 if bar.latest else None
    if low is None and high is not None:
        return high - _reach(bar.latest or ""), high
    if high is None and low is not None:
        return low, low + _reach(bar.earliest or "")
    assert low is not None and high is not None
    return low, max(high, low + 1)


def _reach(day: str) -> int:
    """Days an open end is drawn: a fortnight beside a day, two years beside a year, a century of old."""
    year, *rest = split_day(day)
    if rest not in ([1, 1], [12, 31]):
        return 14
    return 36525 if year % 100 in (0, 99) and year < 1800 else 730


def _lay_axis(spans: Sequence[tuple[float, float]], width: float) -> list[_Part]:
    """The axis in parts, each as wide as the root of its days allows."""
    merged: list[list[float]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    joints = sorted(range(1, len(merged)), key=lambda i: merged[i - 1][1] - merged[i][0])
    shortest = min(high - low for low, high in spans)
    breaks: set[int] = set()
    drawn = merged[-1][1] - merged[0][0]
    for joint in joints[:MOST_BREAKS]:
        gap = merged[joint][0] - merged[joint - 1][1]
        if gap <= BREAK_SHARE * drawn or shortest >= THINNEST * drawn:
            break
        breaks.add(joint)
        drawn -= gap
    parts = []
    for a, b in pairwise([0, *sorted(breaks), len(merged)]):
        low, high = merged[a][0], merged[b - 1][1]
        finest = min(y - x for x, y in spans if low <= x and y <= high)
        pad = max((high - low) * 0.06, finest * 1.2, 2.0)
        parts.append(_Part(low=low - pad, high=high + pad))
    return _share_width(parts, width)


def _share_width(parts: Sequence[_Part], width: float) -> list[_Part]:
    left, gap = 14.0, 22.0
    room = width - 2 * left - gap * (len(parts) - 1)
    roots = [(part.high - part.low) ** 0.25 for part in parts]
    least = min(LEAST_PART, room / len(parts))
    spare = room - least * len(parts)
    laid, x = [], left
    for part, root in zip(parts, roots, strict=True):
        w = least + spare * root / sum(roots)
        laid.append(_Part(low=part.low, high=part.high, x=x, width=w))
        x += w + gap
    return laid


def _draw_axis(parts: Sequence[_Part], height: float) -> list[str]:
    """The line with its ticks, their labels, and a zig-zag at every break."""
    y = TOP - 10
    inside = []
    for part in parts:
        inside.append(make_line(part.x, y, part.x + part.width, y, "axis"))
        taken = part.x - 14
        for day, words, year in _list_ticks(part):
            x = part.place(day)
            inside.append(make_line(x, y, x, height - 4, "grid"))
            label = f"{words} {year}".strip() if taken < part.x or words in ("", "Jan") else words
            half = measure(label, 11) / 2
            if x - half > taken + 6 and x + half < part.x + part.width + 8:
                inside.append(make_text(x, y - 7, label, "tick", "middle"))
                taken = x + half
    for before, after in pairwise(parts):
        x = (before.x + before.width + after.x) / 2
        inside.append(
            make_path(f"M{fmt(x - 6)} {fmt(y + 6)}l5 -12M{fmt(x + 1)} {fmt(y + 6)}l5 -12", "zigzag")
        )
        inside.append(make_line(x, y + 12, x, height - 4, "gap"))
    return inside


def _list_ticks(part: _Part) -> list[tuple[float, str, str]]:
    """Day, words and year of each tick: the finest step that leaves 62 pixels for a label."""
    days_a_pixel = (part.high - part.low) / part.width
    unit_days = {"d": 1, "m": 30.4, "y": 365.25}
    n, unit = next((s for s in _STEPS if s[0] * unit_days[s[1]] / days_a_pixel >= 62), _STEPS[-1])
    low, high = int(part.low) + 1, int(part.high)
    if unit == "d":
        days = (from_day(day) for day in range(-(-low // n) * n, high + 1, n))
        return [(_count_day(y, m, d), f"{d} {_SHORT_MONTHS[m - 1]}", write_year(y)) for y, m, d in days]
    first, last = from_day(low), from_day(high)
    if unit == "y":
        years = range(first[0] // n * n, last[0] + 1, n)
        ticks = [(_count_day(y, 1, 1), "", write_year(y)) for y in years]
    else:
        months = range((first[0] * 12 + first[1] - 1) // n * n, last[0] * 12 + last[1], n)
        ticks = [
            (_count_day(i // 12, i % 12 + 1, 1), _SHORT_MONTHS[i % 12], write_year(i // 12)) for i in months
        ]
    return [tick for tick in ticks if low <= tick[0] <= high]


def _count_day(year: int, month: int, day: int) -> int:
    return to_day(f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}")


def _draw_published(parts: Sequence[_Part], published: str, height: float) -> list[str]:
    day = to_day(published) + 0.5
    part = next((p for p in parts if p.low <= day <= p.high), None)
    if part is None:
        return []
    x = part.place(day)
    side = "end" if x > part.x + part.width - 70 else "start"
    return [
        make_line(x, TOP - 10, x, height - 4, "published"),
        make_text(x + (-4 if side == "end" else 4), height - 1, "published", "published-label", side),
    ]


def _locate(bar: Bar, parts: Sequence[_Part]) -> tuple[float, float]:
    """Pixels where the bar begins and ends; at least four wide."""
    low, high = _get_span(bar)
    part = next((p for p in parts if p.low <= low and high <= p.high), parts[-1])
    x1, x2 = part.place(low), part.place(high)
    return (x1, x2) if x2 - x1 >= 5 else ((x1 + x2) / 2 - 2.5, (x1 + x2) / 2 + 2.5)


def _draw_bar(bar: Bar, y: float, parts: Sequence[_Part], width: int) -> str:
    x1, x2 = _locate(bar, parts)
    inside = [make_rect(0, y - ROW / 2 + 1, width, ROW - 2, "row")]
    inside += _draw_body(bar, x1, x2, y)
    inside += _draw_ends(bar, x1, x2, y)
    inside += _draw_label(bar, x1, x2, y, width)
    if bar.status in ("cancelled", "negated"):
        inside.append(make_line(x1 - 4, y, x2 + 4, y, "strike"))
    return make_link(bar.key, inside, f"{bar.key} {bar.title}: “{bar.quoted}”", bar.href)


def _draw_body(bar: Bar, x1: float, x2: float, y: float) -> list[str]:
    """The bar itself: solid, hatched or dotted, in slices where an end is soft."""
    top, name = y - BAR / 2, f"bar {bar.status}"
    soft_left, soft_right = bar.earliest_end is not TimeEnd.HARD, bar.latest_end is not TimeEnd.HARD
    if bar.status in ("planned", "recurring"):
        steps = range(int((x2 - x1 + BAR) // 5) + 1)
        strokes = [_hatch(x1 + 5 * i, x1, x2, top) for i in steps]
        return [
            make_rect(x1, top, x2 - x1, BAR, f"{name} pale"),
            make_path("".join(strokes), f"hatch {bar.status}"),
        ]
    if bar.status == "alleged" or x2 - x1 < 12 or not (soft_left or soft_right):
        return [make_rect(x1, top, x2 - x1, BAR, name)]
    return _fade(x1, x2, top, name, (soft_left, soft_right))


def _hatch(x: float, x1: float, x2: float, top: float) -> str:
    """One slanting stroke from the foot of the bar at x, cut to the bar."""
    foot, head = x - BAR, x
    low, high = max(foot, x1), min(head, x2)
    if low >= high:
        return ""
    return f"M{fmt(low)} {fmt(top + BAR - (low - foot))}L{fmt(high)} {fmt(top + BAR - (high - foot))}"


def _fade(x1: float, x2: float, top: float, name: str, soft: tuple[bool, bool]) -> list[str]:
    """Slices of rising opacity at the soft ends, on whole pixels so that no seam shows; solid between."""
    low, high = round(x1), round(x2)
    reach = int((high - low) * SOFT)
    step = max(1, min(3, reach // 6))
    n = reach // step
    inside = [make_rect(low + n * step * soft[0], top, high - low - n * step * sum(soft), BAR, name)]
    for i in range(n):
        more = f' opacity="{(i + 0.5) / n:.2f}"'
        if soft[0]:
            inside.append(make_rect(low + i * step, top, step, BAR, name, more))
        if soft[1]:
            inside.append(make_rect(high - (i + 1) * step, top, step, BAR, name, more))
    return inside


def _draw_ends(bar: Bar, x1: float, x2: float, y: float) -> list[str]:
    inside = []
    for x, end, sign in ((x1, bar.earliest_end, 1), (x2, bar.latest_end, -1)):
        if end is TimeEnd.HARD:
            inside.append(make_line(x, y - BAR / 2 - 2, x, y + BAR / 2 + 2, f"end {bar.status}"))
        elif end is TimeEnd.OPEN:
            tip = f"M{fmt(x + 1 * sign)} {fmt(y - 5)}l{-6 * sign} 5l{6 * sign} 5"
            inside.append(make_path(tip, f"open {bar.status}"))
    return inside


def _measure_label(bar: Bar, title: str | None = None) -> float:
    quoted = f" “{clip(bar.quoted, 44)}”" if bar.quoted else ""
    return measure(f"{bar.key.upper()} {bar.title if title is None else title}{quoted}") + 4


def _draw_label(bar: Bar, x1: float, x2: float, y: float, width: int) -> list[str]:
    """Key, title and the report's words: right of the bar where they fit, else left, else cut."""
    gap = 11.0
    right, left = width - x2 - gap - 4, x1 - gap - 4
    title = bar.title
    goes_right = _measure_label(bar) <= right or right >= left
    while _measure_label(bar, title) > max(right, left) and len(title) > 12:
        title = clip(title, len(title) - 3)
    quoted = f"“{clip(bar.quoted, 44)}”" if bar.quoted else ""
    words = (
        f'<tspan class="key">{clean(bar.key.upper())}</tspan> <tspan class="title">{clean(title)}</tspan> '
        f'<tspan class="quoted">{clean(quoted)}</tspan>'
    )
    x, anchor = (x2 + gap, "") if goes_right else (x1 - gap, ' text-anchor="end"')
    return [f'<text x="{fmt(x)}" y="{fmt(y + 4)}" class="label {bar.status}"{anchor}>{words}</text>']


def _draw_arrows(bars: Sequence[Bar], places: dict[str, float], parts: Sequence[_Part]) -> list[str]:
    """A dashed arrow from what came first to what came after."""
    starts = {bar.key: _locate(bar, parts)[0] for bar in bars}
    inside = []
    for bar in bars:
        for later in (key for key in bar.before if key in places):
            x1, y1, x2, y2 = starts[bar.key] - 5, places[bar.key], starts[later] - 6, places[later]
            bend = max(min(x1, x2) - 26, 2)
            inside.append(
                make_path(
                    f"M{fmt(x1)} {fmt(y1)}C{fmt(bend)} {fmt(y1)} {fmt(bend)} {fmt(y2)} {fmt(x2)} {fmt(y2)}",
                    "order",
                )
            )
            inside.append(make_path(f"M{fmt(x2)} {fmt(y2)}l-6 -3.5v7z", "order-tip"))
    return inside


def _list_undated(bars: Sequence[Bar], y: float, width: int) -> tuple[float, list[str]]:
    """The rows without a date, with what the report does say of their time and order."""
    inside = [make_text(14, y + 12, "No date", "undated-head")]
    y += 18
    columns = 2 if width >= 1000 and len(bars) > 3 else 1
    rows, room = -(-len(bars) // columns), width / columns
    for i, bar in enumerate(bars):
        column, row = divmod(i, rows)
        inside.append(_draw_undated(bar, column * room, y + 21 * row, room))
    return y + 21 * rows, inside


def _draw_undated(bar: Bar, x: float, y: float, room: float) -> str:
    said = f"“{clip(bar.quoted, 44)}”" if bar.quoted else "no time stated"
    order = "before " + ", ".join(key.upper() for key in bar.before) if bar.before else ""
    detail = "".join(f"· {words} " for words in (bar.note, order) if words).strip()
    title = bar.title
    while measure(f"{bar.key} {title} {said} {detail}") > room - 36 and len(title) > 14:
        title = clip(title, len(title) - 3)
    words = (
        f'<tspan class="key">{clean(bar.key.upper())}</tspan> <tspan class="title">{clean(title)}</tspan> '
        f'<tspan class="{"quoted" if bar.quoted else "detail"}">{clean(said)}</tspan> '
        f'<tspan class="detail">{clean(detail)}</tspan>'
    )
    text = f'<text x="{fmt(x + 14)}" y="{fmt(y + 14)}" class="label {bar.status}">{words}</text>'
    return make_link(bar.key, [make_rect(x, y, room, 21, "row"), text], f"{bar.key} {bar.title}", bar.href)
