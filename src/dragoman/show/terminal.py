"""Readings, dossiers and lists as rich renderables: tables where there is room, blocks where there is not.

Everything is made of `Text`, never of markup: a bracket in an article is a bracket. Where the output is
no terminal rich leaves out colour and style, and what remains is plain text that reads as well.
"""

# ruff: noqa: D102  (the properties of the two protocols say everything by their names)

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dragoman.record import Engagement, Entity, Quotation, Reading
from dragoman.show.article import Article, Card, Line, Value, build_article
from dragoman.show.wording import clip
from dragoman.text import fold_name

WIDE = 100  # columns from which engagements are drawn as a table; below it as blocks
MOST_WORDS = 240  # characters of evidence quoted under a fact
STYLES = {
    "person": "cyan",
    "organization": "magenta",
    "place": "green",
    "group": "blue",
    "held": "bold cyan",
    "planned": "bold yellow",
    "alleged": "bold magenta",
    "cancelled": "bold red",
    "negated": "bold red",
    "recurring": "bold blue",
    "consistent": "bold green",
    "inconsistent": "bold red",
}
STATUS_SIGNS = {
    "held": "●",
    "planned": "○",
    "alleged": "?",
    "cancelled": "×",
    "negated": "≠",
    "recurring": "↻",
    "consistent": "✓",
    "inconsistent": "✗",
}


class ArticleLine(Protocol):
    """What a list of articles needs of each; the rows of the store fit."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str | None: ...
    @property
    def published(self) -> str | None: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def n_engagements(self) -> int: ...
    @property
    def n_quotations(self) -> int: ...
    @property
    def n_claims(self) -> int: ...


class HitLine(Protocol):
    """What a list of search results needs of each; the hits of the store fit."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def render_article(reading: Reading) -> RenderableType:
    """Everything one article says: engagements, people and roles, quotations, claims, times, notes."""
    article = build_article(reading)
    parts: list[RenderableType] = [_render_head(article)]
    parts += _section("Engagements", article.engagements, _Engagements(article.engagements))
    parts += _section("People and roles", article.roles, _render_people(article))
    parts += _section("Said", article.quotations, _Blocks(article.quotations))
    parts += _section("Claims", article.claims, _render_claims(article.claims))
    parts += _section("Times", article.times, _render_times(article.times))
    if article.notes:
        notes = Table.grid(padding=(0, 2))
        for note in article.notes:
            notes.add_row(
                _text(note.slot, "yellow"), _text(note.text), _text(f"{note.start}–{note.end}", "dim")
            )
        parts += [*_heading("Notes", len(article.notes)), Padding(notes, (0, 0, 0, 2))]
    if not any((article.engagements, article.roles, article.quotations, article.claims)):
        parts.append(_text("No facts were found in this article.", "dim"))
    return Group(*parts)


def render_engagement(reading: Reading, engagement_id: str) -> RenderableType:
    """One engagement with every slot and the words each slot rests on, by id or by key ("e1").

    An id the reading does not hold gives one line that says so.
    """
    article = build_article(reading)
    card = next((c for c in article.engagements if engagement_id in (c.id, c.key)), None)
    if card is None:
        known = ", ".join(c.key for c in article.engagements) or "none"
        return _text(f"no engagement {engagement_id!r} in this article; it has {known}", "red")
    words = Table.grid(padding=(0, 2))
    for lit in card.words:
        where = f"{lit.start}–{lit.end}"
        words.add_row(_text(lit.slot, "dim"), _quote(lit.text, MOST_WORDS), _text(where, "dim"))
    head = _text(f"{article.title} · {article.published or 'no publication date'}", "dim")
    return Group(
        head, _Blocks((card,), quotes=False), *_heading("Words it rests on"), Padding(words, (0, 0, 0, 2))
    )


def render_dossier(name: str, readings: Iterable[Reading]) -> RenderableType:
    """What several articles say of one person, organisation or place: names, roles, engagements, words.

    The name is compared folded, with every full name and alias of the readings.
    """
    found = [(reading, entity) for reading in readings for entity in _find_entities(reading, name)]
    if not found:
        return _text(f"nobody and nothing is called {name!r} in these articles", "red")
    names = [n for _, entity in found for n in (entity.name, *entity.aliases)]
    title = max((entity.name for _, entity in found), key=len)
    also = [n for n in dict.fromkeys(names) if n != title]
    n_articles = len({reading.document.id for reading, _ in found})
    head = Text.assemble(
        _text(title, "bold"), _text(f"  {found[0][1].kind} · {_count(n_articles, 'article')}", "dim")
    )
    parts: list[RenderableType] = [head]
    if also:
        parts.append(Text.assemble(_text("also ", "dim"), _text(", ".join(f"“{n}”" for n in also))))
    parts += _render_dossier_facts(found)
    return Group(*parts)


def render_articles(rows: Iterable[ArticleLine]) -> RenderableType:
    """Articles as a list: number, date, title, source and how much each says."""
    table = _table("", "published", "article", "source", "eng.", "said", "claims")
    for column in (0, 4, 5, 6):
        table.columns[column].justify = "right"
    table.columns[2].ratio = 1
    for row in rows:
        table.add_row(
            _text(str(row.number), "bold"),
            _text(row.published or "no date", "" if row.published else "dim"),
            _text(clip(row.title or "(no title)", 110)),
            _text(clip(row.publisher or "", 26), "dim"),
            *(_text(str(n), "" if n else "dim") for n in (row.n_engagements, row.n_quotations, row.n_claims)),
        )
    return table if table.row_count else _text("Nothing read yet. Start with: dragoman read FILE", "dim")


def render_hits(hits: Iterable[HitLine]) -> RenderableType:
    """Search results, grouped by article, each with the words that answer the search."""
    groups: dict[int, list[HitLine]] = {}
    for hit in hits:
        groups.setdefault(hit.number, []).append(hit)
    if not groups:
        return _text("Nothing found.", "dim")
    parts: list[RenderableType] = []
    for number, group in groups.items():
        title = clip(group[0].title or "(no title)", 100)
        parts.append(Text.assemble(_text(f"{number:>4}  ", "bold"), _text(title, "bold")))
        grid = Table.grid(padding=(0, 2))
        for hit in group:
            where = f"{hit.start}–{hit.end}" if hit.end else "title"
            label = Text.assemble(
                _text(hit.kind, STYLES.get(hit.kind, "dim")), _text(f" {hit.name}" if hit.name else "")
            )
            grid.add_row(label, _quote(hit.words, MOST_WORDS), _text(where, "dim"))
        parts.append(Padding(grid, (0, 0, 1, 6)))
    return Group(*parts)


class _Blocks:
    """Cards one under the other: key and title, then a line a slot."""

    def __init__(self, cards: Sequence[Card], *, quotes: bool = True) -> None:
        self.cards = cards
        self.quotes = quotes

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The blocks, with the longest label setting the indent of all of them."""
        labels = [line.label for card in self.cards for line in card.lines]
        indent = max(map(len, [*labels, "words"]))
        for i, card in enumerate(self.cards):
            if i:
                yield Text()
            yield Text.assemble(_text(f"{card.key:>4}  ", "bold yellow"), *_title(card))
            grid = Table.grid(padding=(0, 1))
            grid.add_column(width=5)
            grid.add_column(width=indent, style="dim")
            grid.add_column(ratio=1)
            for line in card.lines:
                grid.add_row("", _text(line.label), _values(line))
            if self.quotes and card.group == "engagements":
                grid.add_row("", _text("words"), _evidence(card))
            yield grid


class _Engagements:
    """Engagements as a table on a wide terminal, as blocks on a narrow one."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards = cards

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The drawing that fits the width."""
        if options.max_width < WIDE:
            yield _Blocks(self.cards)
            return
        table = _table("", "what", "when", "who, for whom", "where", "words")
        for column, ratio in ((1, 2), (2, 3), (3, 5), (4, 2), (5, 6)):
            table.columns[column].ratio = ratio
        for card in self.cards:
            lines = {line.label: line for line in card.lines}
            table.add_row(
                _text(card.key, "bold yellow"),
                Text("\n").join([_text(card.kind, "bold"), _status(card.status)]),
                _values(lines["when"]),
                Text("\n").join([_values(lines["who"]), *_more(lines)]),
                _values(lines["where"]),
                _evidence(card),
            )
        yield table


def _more(lines: dict[str, Line]) -> Iterator[Text]:
    """The slots without a column of their own."""
    for label, line in lines.items():
        if label not in ("who", "when", "where"):
            yield Text.assemble(_text(f"{label} ", "dim"), _values(line, sign="; "))


def _render_head(article: Article) -> RenderableType:
    """Title, where it comes from, and the line that says the publication date is missing."""
    source = [article.publisher or "source not stated", _date(article), article.url or ""]
    source.append(f"{article.n_characters:,} characters")
    source.append(f"read by {article.reader}" if article.reader else "")
    lines = [_text(article.title, "bold"), _text(" · ".join(filter(None, source)), "dim")]
    if article.undated:
        words = ", ".join(f"“{clip(word)}”" for word in article.undated)
        lines.append(_text(f"No publication date: {words} cannot be placed in the calendar.", "yellow"))
    return Group(*lines)


def _date(article: Article) -> str:
    if not article.published:
        return "no publication date"
    return (
        f"{article.published} ({article.published_source})" if article.published_source else article.published
    )


def _section(title: str, cards: Sequence[Card], body: RenderableType) -> list[RenderableType]:
    return [*_heading(title, len(cards)), body] if cards else []


def _heading(title: str, count: int | None = None) -> list[RenderableType]:
    number = "" if count is None else f" {count}"
    return [Text(), Text.assemble(_text(title, "bold underline"), _text(number, "dim"))]


def _render_people(article: Article) -> RenderableType:
    """One row a role: who, the office in the report's words, whose, where to."""
    table = _table("", "who", "office", "of", "to")
    for column, ratio in ((1, 3), (2, 3), (3, 4), (4, 2)):
        table.columns[column].ratio = ratio
    for card in article.roles:
        lines = {line.label: line for line in card.lines}
        table.add_row(
            _text(card.key, "bold yellow"),
            _values(lines["who"]),
            _values(lines["office"]),
            _values(lines["of"]) if lines["of"].values else Text(),
            _values(lines["to"]) if "to" in lines else Text(),
        )
    return table


def _render_claims(cards: Sequence[Card]) -> RenderableType:
    """One row a claim: its words, whose voice, and whether its numbers agree."""
    table = _table("", "kind", "claim", "by", "check")
    table.columns[2].ratio = 5
    table.columns[3].ratio = 2
    table.columns[4].ratio = 2
    for card in cards:
        lines = {line.label: line for line in card.lines}
        check = _status(card.verdict) if card.verdict else Text()
        if "check" in lines:
            note = next((v.note for v in lines["check"].values if v.note), "")
            check = Text("\n").join([check, _text(note, "dim")]) if note else check
        table.add_row(
            _text(card.key, "bold yellow"),
            _text(card.kind, "dim"),
            _values(lines["claim"]),
            _values(lines["by"]),
            check,
        )
    return table


def _render_times(cards: Sequence[Card]) -> RenderableType:
    table = _table("", "words", "means", "EDTF")
    for card in cards:
        meant = card.lines[0].values[0]
        table.add_row(
            _text(card.key, "bold yellow"), _text(card.title), _text(meant.text), _text(meant.detail, "dim")
        )
    return table


def _render_dossier_facts(found: Sequence[tuple[Reading, Entity]]) -> list[RenderableType]:
    """Roles, engagements, said, said about and partners, over all readings."""
    tables = [_table("published", *names) for names in _DOSSIER_COLUMNS]
    partners: Counter[str] = Counter()
    for reading, entity in sorted(found, key=lambda pair: pair[0].document.published or "9999"):
        date = _text(reading.document.published or "no date", "dim")
        for table, rows in zip(tables, _dossier_rows(reading, entity.id), strict=True):
            for row in rows:
                table.add_row(date, *row)
        partners.update(_find_partners(reading, entity.id))
    parts: list[RenderableType] = []
    for title, table in zip(("Roles", "Engagements", "Said", "Said about"), tables, strict=True):
        parts += [*_heading(title, table.row_count), table] if table.row_count else []
    if partners:
        ranked = sorted(partners.items(), key=lambda pair: (-pair[1], pair[0]))
        named = " · ".join(f"{name} ({n})" if n > 1 else name for name, n in ranked)
        parts += [*_heading("Met, called or signed with", len(ranked)), Padding(_text(named), (0, 0, 0, 2))]
    return parts


def _dossier_rows(reading: Reading, entity_id: str) -> Iterator[Iterator[tuple[RenderableType, ...]]]:
    """The rows of the four tables of a dossier that one reading adds, without their date."""
    article = build_article(reading)
    roles = {role.id for role in reading.roles if entity_id in (role.person, role.of, role.to)}
    events = {event.id for event in reading.engagements if _is_in(entity_id, event)}
    said = (q for q in reading.quotations if entity_id in _speakers(q))
    about = (claim for claim in reading.claims if entity_id in claim.about)
    yield (_line_values(card, "who", "office", "of") for card in article.roles if card.id in roles)
    yield (
        (
            Text.assemble(_text(f"{card.kind} "), _status(card.status)),
            *_line_values(card, "when", "who", "where"),
            _evidence(card),
        )
        for card in article.engagements
        if card.id in events
    )
    yield ((_text(str(q.mode), "dim"), _quote(q.text)) for q in said)
    yield ((_text(str(claim.kind), "dim"), _quote(claim.text)) for claim in about)


def _line_values(card: Card, *labels: str) -> tuple[RenderableType, ...]:
    """The values of some lines of a card."""
    lines = {line.label: line for line in card.lines}
    return tuple(_values(lines[label]) for label in labels)


def _speakers(quotation: Quotation) -> tuple[str, ...]:
    speaker = quotation.speaker
    return (speaker,) if isinstance(speaker, str) else speaker or ()


def _find_partners(reading: Reading, entity_id: str) -> Iterator[str]:
    """The name of everybody in an engagement with this entity, once for each engagement."""
    names = {entity.id: entity.name for entity in reading.entities}
    for event in reading.engagements:
        ids = [p.entity for p in event.participants]
        if entity_id in ids:
            yield from (names.get(other, other) for other in ids if other != entity_id)


_DOSSIER_COLUMNS = (
    ("who", "office", "of"),
    ("what", "when", "who, for whom", "where", "words"),
    ("mode", "words"),
    ("kind", "words"),
)


def _is_in(entity_id: str, fact: Engagement) -> bool:
    return fact.place == entity_id or any(entity_id in (p.entity, p.on_behalf_of) for p in fact.participants)


def _find_entities(reading: Reading, name: str) -> list[Entity]:
    wanted = fold_name(name)
    return [e for e in reading.entities if wanted in {fold_name(n) for n in (e.name, *e.aliases, e.id)}]


def _table(*columns: str) -> Table:
    """A table of rules and white space only, so that it stays readable as plain text."""
    table = Table(
        box=None, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=True
    )
    for column in columns:
        fixed = column in ("", "published", "kind", "mode", "eng.", "said", "claims")
        table.add_column(column, no_wrap=fixed, overflow="fold")
    return table


def _title(card: Card) -> Iterator[Text]:
    yield _text(card.title, "bold")
    yield _text(f"  {card.kind}", "dim")
    if card.status:
        yield Text.assemble("  ", _status(card.status))


def _status(status: str) -> Text:
    sign = STATUS_SIGNS.get(status, "")
    return _text(f"{sign} {status}" if sign else status, STYLES.get(status, ""))


def _values(line: Line, sign: str = "\n") -> Text:
    """The values of a slot, one a line; "not stated" where the report does not state it."""
    if not line.values:
        return _text("not stated", "dim italic")
    return Text(sign).join([_value(value) for value in line.values])


def _value(value: Value) -> Text:
    parts = []
    if value.quoted:
        parts.append(_quote(value.quoted, 10_000))
    if value.text:
        parts.append(_text(value.text, "dim" if value.quoted else STYLES.get(value.kind, "")))
    parts += [_text(f"({value.detail})", "dim")] if value.detail else []
    parts += [_text(value.note, "dim")] if value.note else []
    return Text(" ").join(parts)


def _evidence(card: Card) -> Text:
    """The words that report the fact, with their place in the text."""
    quoted = [
        Text.assemble(_quote(lit.text, MOST_WORDS), _text(f" {lit.start}–{lit.end}", "dim"))
        for lit in card.core
    ]
    return Text("\n").join(quoted)


def _quote(words: str, length: int = MOST_WORDS) -> Text:
    return _text(f"“{clip(words, length)}”", "italic")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _text(words: str, style: str = "") -> Text:
    """Text without the control characters some terminals obey (C1, and bidirectional overrides)."""
    plain = "".join(c for c in words if not ("\x7f" <= c <= "\x9f" or (c < " " and c not in "\n\t")))
    return Text(plain.translate(_OVERRIDES), style=style)


_OVERRIDES = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
