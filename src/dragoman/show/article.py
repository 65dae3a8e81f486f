"""An article as a view record: its text in pieces, its facts as cards, each with the words it rests on.

The text is cut at every boundary of every span, so that overlapping, nested and crossing spans need no
care anywhere else: a piece carries the keys of all facts it belongs to. Terminal, report and desk all
draw from this one record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from dragoman.record import (
    Claim,
    Engagement,
    EntityKind,
    Evidence,
    Part,
    Quotation,
    Reading,
    Record,
    Role,
    Slot,
    Span,
    Timex,
    Verdict,
    Words,
)
from dragoman.show.keys import Keys, build_keys, get_core
from dragoman.show.wording import (
    clip,
    describe_claim,
    describe_headcount,
    describe_time,
    get_headline,
    get_short_name,
    title_engagement,
)

LAYERS = ("person", "organization", "place", "group", "time", "said", "claim", "engagement")
SLOT_LABELS = {Slot.BEHALF: "for whom", Slot.OF: "of", Slot.TO: "to", Slot.CORE: "words"}


class Piece(Span, frozen=True, kw_only=True):
    """A stretch of text over which the set of facts does not change.

    `core` are keys whose fact these words report, `support` keys they only support; `layers` is how
    the piece is drawn; `begins` are keys whose first core words begin here.
    """

    text: str
    core: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


class Paragraph(Record, frozen=True, kw_only=True):
    """Pieces of one paragraph with the role of its block ("body" where none is known)."""

    role: str
    pieces: tuple[Piece, ...]
    tags: tuple[str, ...] = ()


class Value(Record, frozen=True, kw_only=True):
    """One entry of a line: text, the key it links to, what is added in a quieter voice."""

    text: str
    key: str | None = None
    kind: str = ""
    note: str = ""
    note_key: str | None = None
    quoted: str = ""
    detail: str = ""


class Line(Record, frozen=True, kw_only=True):
    """One slot of a card; `values` is empty where the report does not state it."""

    label: str
    values: tuple[Value, ...] = ()


class Lit(Words, frozen=True, kw_only=True):
    """Words a card rests on."""

    slot: str
    is_core: bool


class Card(Record, frozen=True, kw_only=True):
    """One fact with its lines and words. `group` is the plural noun of its kind of fact."""

    key: str
    id: str
    group: str
    kind: str
    title: str
    status: str = ""
    verdict: str = ""
    lines: tuple[Line, ...] = ()
    words: tuple[Lit, ...] = ()
    confidence: float = 1.0

    @property
    def core(self) -> tuple[Lit, ...]:
        """The words that report the fact itself."""
        return tuple(lit for lit in self.words if lit.is_core)


class Article(Record, frozen=True, kw_only=True):
    """An article ready to be drawn."""

    id: str
    title: str
    published: str | None
    published_source: str
    publisher: str | None
    url: str | None
    reader: str
    n_characters: int
    paragraphs: tuple[Paragraph, ...]
    engagements: tuple[Card, ...]
    roles: tuple[Card, ...]
    quotations: tuple[Card, ...]
    claims: tuple[Card, ...]
    entities: tuple[Card, ...]
    times: tuple[Card, ...]
    notes: tuple[Lit, ...]
    undated: tuple[str, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card, engagements first."""
        return (
            *self.engagements,
            *self.roles,
            *self.quotations,
            *self.claims,
            *self.entities,
            *self.times,
        )


def build_article(reading: Reading) -> Article:
    """The view record of a reading; the pieces of its paragraphs join to the text exactly."""
    cards = _CardBuilder(reading).build()
    document = reading.document
    paragraphs = _build_paragraphs(reading, cards)
    groups: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.group].append(card)
    relative = [t.text for t in reading.times if t.relative and t.edtf == "unknown"]
    return Article(
        id=document.id,
        title=get_headline(reading),
        published=document.published,
        published_source=str(document.published_source or ""),
        publisher=document.publisher,
        url=document.url,
        reader=reading.reader,
        n_characters=len(document.text),
        paragraphs=paragraphs,
        engagements=tuple(groups["engagements"]),
        roles=tuple(groups["roles"]),
        quotations=tuple(groups["quotations"]),
        claims=tuple(groups["claims"]),
        entities=tuple(groups["entities"]),
        times=tuple(groups["times"]),
        notes=tuple(
            Lit(start=n.start, end=n.end, text=n.message, slot=n.code, is_core=False) for n in reading.notes
        ),
        undated=() if document.published else tuple(dict.fromkeys(relative)),
    )


class _CardBuilder:
    """The cards of one reading. A class only because every card needs the same three tables."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.keys: Keys = build_keys(reading)
        self.entities = {entity.id: entity for entity in reading.entities}
        self.short = {entity.id: get_short_name(entity) for entity in reading.entities}

    def build(self) -> tuple[Card, ...]:
        """All cards, each group in the order of its keys."""
        reading, keys = self.reading, self.keys
        cards = [
            *(self.build_engagement(fact, keys.engagements[fact.id]) for fact in reading.engagements),
            *(self.build_role(fact, keys.roles[fact.id]) for fact in reading.roles),
            *(self.build_quotation(fact, keys.quotations[fact.id]) for fact in reading.quotations),
            *(self.build_claim(fact, keys.claims[fact.id]) for fact in reading.claims),
            *self.build_entities(),
            *self.build_times(),
        ]
        return tuple(sorted(cards, key=lambda card: (card.key[0], int(card.key[1:]))))

    def name(self, entity_id: str | None, **more: str) -> tuple[Value, ...]:
        """An entity as a value that links to its card; an unknown id is shown as it is."""
        if entity_id is None:
            return ()
        entity = self.entities.get(entity_id)
        if entity is None:
            return (Value(text=entity_id, **more),)
        key = self.keys.entities[entity_id]
        return (Value(text=entity.name, key=key, kind=str(entity.kind), **more),)

    def build_engagement(self, fact: Engagement, key: str) -> Card:
        """The card of an engagement, slot by slot."""
        lines = [
            Line(label="who", values=self._participants(fact)),
            Line(label="where", values=self.name(fact.place)),
            Line(label="when", values=self._when(fact.time)),
        ]
        if fact.topic:
            lines.append(Line(label="about", values=(Value(text="", quoted=fact.topic.text),)))
        if fact.at:
            lines.append(Line(label="at", values=self._engagements((fact.at,)) or self.name(fact.at)))
        if fact.headcount:
            count = Value(text=describe_headcount(fact.headcount), quoted=fact.headcount.text)
            lines.append(Line(label="count", values=(count,)))
        if fact.via:
            lines.append(Line(label="by", values=(Value(text=fact.via),)))
        order = (("after", fact.after), ("before", fact.before), ("part of", (fact.part_of,)))
        for label, ids in order:
            values = self._engagements(id_ for id_ in ids if id_)
            lines += [Line(label=label, values=values)] if values else []
        return Card(
            key=key,
            id=fact.id,
            group="engagements",
            kind=str(fact.kind),
            status=str(fact.status),
            title=title_engagement(fact, self.short),
            lines=tuple(lines),
            words=tuple(_light(get_core(fact), _iter_support(fact))),
            confidence=fact.confidence,
        )

    def _participants(self, fact: Engagement) -> tuple[Value, ...]:
        values: list[Value] = []
        for p in fact.participants:
            sponsor = self.entities.get(p.on_behalf_of or "")
            values += self.name(
                p.entity,
                note=f"for {sponsor.name}" if sponsor else "",
                note_key=self.keys.entities[sponsor.id] if sponsor else "",
                detail="" if p.part is Part.PARTICIPANT else str(p.part),
            )
        return tuple(values)

    def _when(self, time: Timex | None) -> tuple[Value, ...]:
        if time is None:
            return ()
        key = self.keys.times.get((time.start, time.end))
        anchor = self.keys.engagements.get(time.anchor or "")
        note = f"hangs on {anchor}" if anchor else ""
        meant = describe_time(time) or "not settled by the words"
        meant = "" if meant == time.text else meant
        return (Value(text=meant, key=key, kind="time", quoted=time.text, note=note, note_key=anchor),)

    def _engagements(self, ids: Iterable[str]) -> tuple[Value, ...]:
        titles = {fact.id: title_engagement(fact, self.short) for fact in self.reading.engagements}
        keys = self.keys.engagements
        return tuple(
            Value(text=keys[id_], key=keys[id_], kind="engagement", note=titles[id_])
            for id_ in ids
            if id_ in titles
        )

    def build_role(self, fact: Role, key: str) -> Card:
        """The card of an office: who bears it, whose it is, where to."""
        flags = " ".join(map(str, fact.flags))
        lines = [
            Line(label="who", values=self.name(fact.person)),
            Line(label="office", values=(Value(text="", quoted=fact.title, note=flags),)),
            Line(label="of", values=self.name(fact.of)),
            *([Line(label="to", values=self.name(fact.to))] if fact.to else []),
        ]
        support = (words for words in fact.evidence if words.slot is not Slot.CORE)
        return Card(
            key=key,
            id=fact.id,
            group="roles",
            kind="role",
            title=f"{self.short.get(fact.person, fact.person)}, {clip(fact.title, 60)}",
            status=flags,
            lines=tuple(lines),
            words=tuple(_light(get_core(fact), support)),
            confidence=fact.confidence,
        )

    def build_quotation(self, fact: Quotation, key: str) -> Card:
        """The card of what somebody is reported to have said."""
        speakers = (fact.speaker,) if isinstance(fact.speaker, str) else fact.speaker or ()
        who = " and ".join(self.short.get(id_, id_) for id_ in speakers) or "A source without a name"
        cue = fact.cue
        lines = [
            Line(label="who", values=tuple(v for id_ in speakers for v in self.name(id_))),
            Line(label="said", values=(Value(text="", quoted=fact.text),)),
        ]
        if fact.to:
            lines.append(Line(label="to", values=self.name(fact.to)))
        if fact.occasion:
            lines.append(Line(label="at", values=self._engagements((fact.occasion,))))
        spans = tuple(_cut(self.reading, span) for span in fact.spans)
        return Card(
            key=key,
            id=fact.id,
            group="quotations",
            kind=str(fact.mode),
            title=f"{who} {cue.text}" if cue and cue.text.isascii() and cue.text.islower() else who,
            lines=tuple(lines),
            words=tuple(_light(spans, (*fact.evidence, *filter(None, (cue,))))),
            confidence=fact.confidence,
        )

    def build_claim(self, fact: Claim, key: str) -> Card:
        """The card of a claim: whose it is, about what, and whether its numbers agree."""
        voice = {"author": "the report itself", "unnamed": "a source without a name"}.get(fact.by)
        lines = [
            Line(label="claim", values=(Value(text=describe_claim(fact), quoted=fact.text),)),
            Line(label="by", values=(Value(text=voice),) if voice else self.name(fact.by)),
        ]
        if fact.about:
            lines.append(Line(label="about", values=tuple(v for id_ in fact.about for v in self.name(id_))))
        if fact.place:
            lines.append(Line(label="where", values=self.name(fact.place)))
        if fact.time:
            lines.append(Line(label="when", values=self._when(fact.time)))
        verdict = str(fact.check.verdict or "") if fact.check else ""
        if fact.check and (fact.check.verdict or fact.check.note):
            lines.append(Line(label="check", values=self._check(fact)))
        core = tuple(w for w in fact.evidence if w.slot is Slot.CORE) or (_cut(self.reading, fact),)
        return Card(
            key=key,
            id=fact.id,
            group="claims",
            kind=str(fact.kind),
            title=clip(describe_claim(fact) or fact.text, 64),
            verdict=verdict,
            lines=tuple(lines),
            words=tuple(_light(core, fact.evidence)),
            confidence=fact.confidence,
        )

    def _check(self, fact: Claim) -> tuple[Value, ...]:
        assert fact.check is not None
        said = {Verdict.CONSISTENT: "the numbers agree", Verdict.INCONSISTENT: "the numbers do not agree"}
        text = said.get(fact.check.verdict, "not settled") if fact.check.verdict else "not settled"
        with_ = (self.keys.claims[id_] for id_ in fact.check.with_ if id_ in self.keys.claims)
        return (
            Value(text=text, note=fact.check.note, kind="check"),
            *(Value(text=key, key=key, kind="claim") for key in with_),
        )

    def build_entities(self) -> Iterator[Card]:
        """The cards of everybody and everything named, with all the words that mean them."""
        mentions: dict[str, list[Words]] = defaultdict(list)
        for mention in self.reading.mentions:
            for id_ in mention.entities:
                mentions[id_].append(mention)
        for entity in self.reading.entities:
            words = mentions[entity.id]
            lines = (
                Line(label="also", values=tuple(Value(text="", quoted=alias) for alias in entity.aliases)),
                Line(label="roles", values=self._roles(entity.id)),
                Line(label="in", values=self._taking_part(entity.id)),
            )
            yield Card(
                key=self.keys.entities[entity.id],
                id=entity.id,
                group="entities",
                kind=str(entity.kind),
                title=entity.name,
                status="" if entity.kind is not EntityKind.PLACE else entity.country or "",
                lines=tuple(line for line in lines if line.values),
                words=tuple(_light(words, ())),
            )

    def _roles(self, entity_id: str) -> tuple[Value, ...]:
        return tuple(
            Value(text=self.keys.roles[r.id], key=self.keys.roles[r.id], kind="role", quoted=r.title)
            for r in self.reading.roles
            if r.person == entity_id
        )

    def _taking_part(self, entity_id: str) -> tuple[Value, ...]:
        return self._engagements(
            fact.id
            for fact in sorted(self.reading.engagements, key=lambda f: int(self.keys.engagements[f.id][1:]))
            if fact.place == entity_id
            or any(entity_id in (p.entity, p.on_behalf_of) for p in fact.participants)
        )

    def build_times(self) -> Iterator[Card]:
        """The cards of every time expression, those that belong to a fact included."""
        reading = self.reading
        times = [*reading.times]
        times += [fact.time for fact in reading.engagements if fact.time]
        times += [fact.time for fact in reading.claims if fact.time]
        for time in {(time.start, time.end): time for time in reversed(times)}.values():
            meant = Value(text=describe_time(time) or "not settled by the words", detail=time.edtf)
            yield Card(
                key=self.keys.times[(time.start, time.end)],
                id=f"{time.start}-{time.end}",
                group="times",
                kind=str(time.class_),
                title=f"“{clip(time.text)}”",
                lines=(Line(label="means", values=(meant,)),),
                words=tuple(_light((time,), ())),
            )


def _iter_support(fact: Engagement) -> Iterator[Words]:
    yield from (words for words in fact.evidence if words.slot is not Slot.CORE)
    yield from fact.triggers
    yield from filter(None, (fact.time, fact.topic, fact.headcount))


def _light(core: Iterable[Words], support: Iterable[Words]) -> Iterator[Lit]:
    """The words of a card without repetitions, core first, each part in text order."""
    seen: set[tuple[int, int]] = set()
    for words_group, is_core in ((core, True), (support, False)):
        for words in sorted(words_group, key=lambda w: (w.start, w.end)):
            if words.start < words.end and (words.start, words.end) not in seen:
                seen.add((words.start, words.end))
                slot = str(words.slot) if isinstance(words, Evidence) else "core" if is_core else "words"
                yield Lit(start=words.start, end=words.end, text=words.text, slot=slot, is_core=is_core)


def _cut(reading: Reading, span: Span) -> Words:
    return Words(start=span.start, end=span.end, text=reading.document.text[span.start : span.end])


def _build_paragraphs(reading: Reading, cards: Iterable[Card]) -> tuple[Paragraph, ...]:
    """The text in paragraphs of pieces; white space belongs to the paragraph before it."""
    text = reading.document.text
    cards = tuple(cards)
    starts = _find_paragraphs(text, [block.start for block in reading.document.blocks])
    pieces = cut_pieces(text, cards, starts)
    paragraphs = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        inside = tuple(piece for piece in pieces if start <= piece.start < end)
        role = next(
            (str(b.role) for b in reading.document.blocks if b.start <= start < b.end and start < end), "body"
        )
        tags = tuple(key for piece in inside for key in piece.begins)
        paragraphs.append(Paragraph(role=role, pieces=inside, tags=tags))
    return tuple(paragraphs)


def _find_paragraphs(text: str, block_starts: Iterable[int]) -> list[int]:
    """Where paragraphs begin: after line ends, but a line that goes on in lower case is no new one."""
    starts, position = [0], 0
    for line in text.splitlines(keepends=True):
        before = text[:position].rstrip(" \t") if position else ""
        goes_on = bool(line[:1].islower() and before[-2:-1].isalnum() and not before.endswith("\n\n"))
        if position and line.strip() and not goes_on:
            starts.append(position)
        position += len(line)
    return sorted({*starts, *(start for start in block_starts if 0 <= start < len(text))})


def cut_pieces(text: str, cards: Iterable[Card], cuts: Iterable[int] = ()) -> tuple[Piece, ...]:
    """The text cut wherever some card's words begin or end, and at `cuts`; in text order, nothing lost."""
    opens: dict[int, list[tuple[str, bool, str]]] = defaultdict(list)
    closes: dict[int, list[tuple[str, bool, str]]] = defaultdict(list)
    begins: dict[int, list[str]] = defaultdict(list)
    widest = sorted(cards, key=lambda card: -max((lit.end for lit in card.core), default=0))
    for card in widest:
        if card.core and card.group in ("engagements", "quotations", "claims"):
            begins[card.core[0].start].append(card.key)
        for lit in card.words:
            entry = (card.key, lit.is_core, _get_layer(card) if lit.is_core else "")
            opens[lit.start].append(entry)
            closes[lit.end].append(entry)
    bounds = sorted({0, len(text), *opens, *closes, *cuts})
    active: list[tuple[str, bool, str]] = []
    pieces = []
    for start, end in pairwise(bounds):
        for entry in closes[start]:
            active.remove(entry)
        active += opens[start]
        core = tuple(dict.fromkeys(key for key, is_core, _ in active if is_core))
        layers = {layer for *_, layer in active}
        pieces.append(
            Piece(
                start=start,
                end=end,
                text=text[start:end],
                core=core,
                support=tuple(dict.fromkeys(k for k, is_core, _ in active if not is_core and k not in core)),
                layers=tuple(layer for layer in LAYERS if layer in layers),
                begins=tuple(begins[start]),
            )
        )
    return tuple(pieces)


def _get_layer(card: Card) -> str:
    named = {"engagements": "engagement", "quotations": "said", "claims": "claim", "times": "time"}
    return card.kind if card.group == "entities" else named.get(card.group, "")
