"""Annotated articles (`.ann`) as readings: what a perfect reader would have found.

`gold_reading` turns one file into a `Reading` of the record, so that everything that takes a reading
(views, reports, exports, the scorer) can be tried on articles whose facts are known. The marks give
positions of mentions, not which words support which field; the evidence is therefore chosen here, by one
rule: of all mentions of the right thing take the one nearest to the words that name the fact, those
of the same sentence first. The format is defined in the guidelines of the corpus.

usage: gold.py FILE.ann [...]    one reading a line, as JSON
"""

from __future__ import annotations

import calendar
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dragoman.errors import RecordError
from dragoman.record import (
    Claim,
    ClaimKind,
    DateSource,
    Document,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Headcount,
    Mention,
    MentionForm,
    Mode,
    Part,
    Participation,
    Quotation,
    Reading,
    Role,
    RoleFlag,
    Slot,
    Span,
    Status,
    TimeClass,
    TimeEnd,
    Timex,
    Words,
    check_reading,
    encode_reading,
    make_document_id,
)
from dragoman.text import normalise_text

KINDS = dict(zip(("per", "org", "plc", "grp"), EntityKind, strict=True))  # both in this order
PRONOUN = re.compile(
    r"(?:i|he|she|they|it|we|him|her|his|hers|their|theirs|them|its|our|ours|us|who|whom|whose|you|your|my"
    r"|me|himself|herself|themselves|itself|myself|both|each)\Z",
    re.IGNORECASE,
)
NOT_A_NAME = re.compile(r"(?:the|this|that|these|those|a|an)\s", re.IGNORECASE)
_TOKEN = re.compile(r"\[\[|\|(?:per|org|plc|grp|ttl|tim|num|evt|cue):[a-z0-9][a-z0-9+._-]*\]\]|</?[sc]\d+>")
_SENTENCE_END = re.compile(r"(?<![A-Z]\.)(?<!\b[A-Z][a-z]\.)(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z])|\n+")
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}


@dataclass(frozen=True)
class Mark:
    """Marked words: `kind` is the type of the mark, `ids` what it stands for."""

    start: int
    end: int
    kind: str
    ids: tuple[str, ...]


@dataclass
class Annotation:
    """One parsed file: header, plain text, marks in text order, spans by id, facts by head word."""

    header: dict[str, str]
    text: str
    marks: list[Mark]
    spans: dict[str, list[Span]]
    facts: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    roles: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def get_marks(self, kind: str, id_: str) -> list[Mark]:
        """The marks of one kind that carry the id, in text order."""
        return [mark for mark in self.marks if mark.kind == kind and id_ in mark.ids]

    def get_mentions(self, id_: str) -> list[Mark]:
        """The mentions of one entity, in text order."""
        return [mark for mark in self.marks if mark.kind in KINDS and id_ in mark.ids]


def gold_reading(path: Path | str) -> Reading:
    """The reading an annotated article stands for; ids of entities and engagements are the file's own.

    Raises RecordError, with the path, where the file breaks the format.
    """
    try:
        reading = convert_annotation(parse_annotation(Path(path).read_text(encoding="utf-8")))
        check_reading(reading)
    except (RecordError, ValueError, KeyError, IndexError) as exc:
        raise RecordError(f"{path}: {exc}; check the annotation") from exc
    return reading


def parse_annotation(raw: str) -> Annotation:
    """The parts of an `.ann` file. Raises RecordError at a mark that does not close."""
    lines = normalise_text(raw).split("\n")
    n_header = next(i for i, line in enumerate([*lines, ""]) if not line.startswith("# "))
    header = {}
    for line in lines[:n_header]:
        key, _, value = line[2:].partition(":")
        header[key.strip()] = value.strip()
    marked, found, tail = "\n".join(lines[n_header:]).partition("\n---\n")
    if not found:
        raise RecordError("no line --- between text and facts")
    annotation = _parse_marks(header, marked)
    _parse_facts(annotation, tail.split("\n"))
    return annotation


def _parse_marks(header: dict[str, str], marked: str) -> Annotation:
    """The plain text with its marks and spans."""
    plain: list[str] = []
    opened: list[int] = []
    begun: dict[str, int] = {}
    annotation = Annotation(header, "", [], {})
    position = size = 0
    for match in _TOKEN.finditer(marked):
        plain.append(marked[position : match.start()])
        size += match.start() - position
        position = match.end()
        token = match.group()
        if token == "[[":
            opened.append(size)
        elif token.startswith("|"):
            kind, ids = token[1:-2].split(":", 1)
            annotation.marks.append(Mark(opened.pop(), size, kind, tuple(ids.split("+"))))
        elif token.startswith("</"):
            name = token[2:-1]
            annotation.spans.setdefault(name, []).append(Span(start=begun.pop(name), end=size))
        else:
            begun[token[1:-1]] = size
    if opened or begun:
        raise RecordError(f"{len(opened)} marks and {len(begun)} spans never close")
    annotation.text = "".join([*plain, marked[position:]])
    annotation.marks.sort(key=lambda mark: (mark.start, -mark.end))
    return annotation


def _parse_facts(annotation: Annotation, lines: Iterable[str]) -> None:
    """The lines after `---`, by head word and id; roles stay a list, for two people may share a title."""
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        head, key, *rest = shlex.split(line)
        values = dict(part.split("=", 1) for part in rest if "=" in part)
        if head == "SAME":
            values["name"] = rest[0]
        if head == "ROLE":
            annotation.roles.append((key, values))
        else:
            annotation.facts.setdefault(head, {})[key] = values


def convert_annotation(annotation: Annotation) -> Reading:
    """The annotation as a reading, evidence chosen by nearness."""
    published = annotation.header.get("published", "unknown")
    known = published != "unknown"
    document = Document(
        id=make_document_id(annotation.text),
        published=published if known else None,
        published_source=DateSource.GIVEN if known else None,
        publisher=annotation.header.get("outlet") or None,
        language="en",
        text=annotation.text,
    )
    finder = Finder(annotation)
    return Reading(
        document=document,
        entities=_convert_entities(annotation),
        mentions=_convert_mentions(annotation),
        roles=_convert_roles(finder),
        engagements=_convert_engagements(finder),
        quotations=_convert_quotations(finder),
        claims=_convert_claims(finder),
        times=tuple(finder.make_time(mark) for mark in annotation.marks if mark.kind == "tim"),
        reader="gold",
    )


def get_form(surface: str, kind: str) -> MentionForm:
    """How the words name their entity, by the scorer's rule: a capital first letter and no article.

    >>> [str(get_form(words, "per")) for words in ("He", "Aliyev", "the envoy")]
    ['pronoun', 'name', 'nominal']
    """
    if PRONOUN.match(surface):
        return MentionForm.PRONOUN
    if kind == "grp" or NOT_A_NAME.match(surface) or not surface[0].isupper():
        return MentionForm.NOMINAL
    return MentionForm.NAME


def _convert_mentions(annotation: Annotation) -> tuple[Mention, ...]:
    return tuple(
        Mention(
            start=mark.start,
            end=mark.end,
            text=annotation.text[mark.start : mark.end],
            entity=mark.ids[0] if len(mark.ids) == 1 else mark.ids,
            form=get_form(annotation.text[mark.start : mark.end], mark.kind),
        )
        for mark in annotation.marks
        if mark.kind in KINDS
    )


def _convert_entities(annotation: Annotation) -> tuple[Entity, ...]:
    """One entity an id, in order of first mention; the name is the SAME line's, else the longest words."""
    surfaces: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for mark in annotation.marks:
        for id_ in mark.ids if mark.kind in KINDS else ():
            kinds.setdefault(id_, mark.kind)
            words = surfaces.setdefault(id_, [])
            if len(mark.ids) == 1:
                words.append(" ".join(annotation.text[mark.start : mark.end].split()))
    entities = []
    for id_, words in surfaces.items():
        names = [word for word in words if get_form(word, kinds[id_]) is MentionForm.NAME]
        plain = [word for word in words if not PRONOUN.match(word)]
        given = annotation.facts.get("SAME", {}).get(id_, {}).get("name")
        name = given or _pick_name(names or plain or words or [id_], kinds[id_])
        aliases = tuple(dict.fromkeys(word for word in names if word != name))
        entities.append(Entity(id=id_, kind=KINDS[kinds[id_]], name=name, aliases=aliases))
    return tuple(entities)


def _pick_name(names: Sequence[str], kind: str) -> str:
    """The longest name; of a place the commonest, and without the ending that makes it an adjective."""
    if kind != "plc":
        return max(names, key=len)
    common = max(dict.fromkeys(names), key=names.count)
    stems = [name for name in names if common.startswith(name) and len(common) - len(name) < 4]
    return min(stems, key=len)


class Finder:
    """The annotation together with its sentences: picks the words that support a field."""

    def __init__(self, annotation: Annotation) -> None:
        self.annotation = annotation
        self.text = annotation.text
        self.entity_ids = {id_ for mark in annotation.marks if mark.kind in KINDS for id_ in mark.ids}
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text)]
        self.sentences = [
            Span(start=a, end=b) for a, b in zip([0, *ends], [*ends, len(self.text)], strict=True) if a < b
        ]

    def make_words(self, start: int, end: int) -> Words:
        """The words of a stretch."""
        return Words(start=start, end=end, text=self.text[start:end])

    def find_sentence(self, position: int) -> Span:
        """The sentence a position lies in."""
        return next(s for s in self.sentences if position < s.end)

    def pick(self, marks: Sequence[Mark], anchor: Span | Mark) -> Mark | None:
        """The mark nearest to the anchor: same sentence before others, then distance, then order."""
        home = self.find_sentence(anchor.start)

        def far(mark: Mark) -> tuple[bool, int, int]:
            gap = max(mark.start - anchor.end, anchor.start - mark.end, 0)
            return (not home.start <= mark.start < home.end, gap, mark.start)

        return min(marks, key=far, default=None)

    def pick_evidence(
        self, slot: Slot, marks: Sequence[Mark], anchor: Span | Mark, entity: str | None = None
    ) -> tuple[Evidence, ...]:
        """The nearest mark as evidence of a slot; nothing where there is no mark."""
        mark = self.pick(marks, anchor)
        return () if mark is None else (self.make_evidence(slot, mark.start, mark.end, entity),)

    def make_evidence(self, slot: Slot, start: int, end: int, entity: str | None = None) -> Evidence:
        """The words of a stretch as evidence of a slot."""
        return Evidence(start=start, end=end, text=self.text[start:end], slot=slot, entity=entity)

    def get_entity(self, value: str | None) -> str | None:
        """The first entity of a comma list, None where it names something else."""
        first = (value or "").split(",")[0]
        return first if first in self.entity_ids else None

    def get_entities(self, value: str | None) -> tuple[str, ...]:
        """The entities of a list joined by commas or plus signs."""
        return tuple(id_ for id_ in re.split(r"[,+]", value or "") if id_ in self.entity_ids)

    def get_events(self, value: str | None) -> tuple[str, ...]:
        """The engagements of a comma list."""
        events = self.annotation.facts.get("EVENT", {})
        return tuple(id_ for id_ in (value or "").split(",") if id_ in events)

    def make_time(self, mark: Mark) -> Timex:
        """The time expression of a mark, its value from the TIME line."""
        values = self.annotation.facts["TIME"][mark.ids[0]]
        edtf = values.get("edtf", "unknown")
        earliest, latest, left, right = parse_bounds(edtf)
        return Timex(
            start=mark.start,
            end=mark.end,
            text=self.text[mark.start : mark.end],
            edtf=edtf,
            earliest=earliest,
            latest=latest,
            class_=TimeClass(values.get("class", "date")),
            relative=values.get("rel"),
            earliest_end=left,
            latest_end=right,
        )

    def find_time(self, id_: str | None, anchor: Span | Mark) -> Timex | None:
        """The time expression of an id nearest to the anchor."""
        mark = self.pick(self.annotation.get_marks("tim", id_), anchor) if id_ else None
        return self.make_time(mark) if mark else None


def _cover(words: Iterable[Span | Mark]) -> Span:
    """The stretch from the first to the last of some words."""
    spans = list(words)
    return Span(start=min(s.start for s in spans), end=max(s.end for s in spans))


def _convert_roles(finder: Finder) -> tuple[Role, ...]:
    """One role a ROLE line and person; an office whose holder has no name is left out."""
    roles: list[Role] = []
    for title_id, values in finder.annotation.roles:
        marks = finder.annotation.get_marks("ttl", title_id)
        for person in finder.get_entities(values.get("per")) if marks else ():
            of, to = finder.get_entity(values.get("of")), finder.get_entity(values.get("to"))
            role_id = title_id if not any(role.id == title_id for role in roles) else f"{title_id}-{person}"
            roles.append(
                Role(
                    id=role_id,
                    person=person,
                    title=finder.text[marks[0].start : marks[0].end],
                    of=of,
                    to=to,
                    flags=tuple(
                        RoleFlag(flag) for flag in values.get("flags", "").split(",") if flag in set(RoleFlag)
                    ),
                    evidence=_find_role_evidence(finder, marks[0], person, of, to),
                )
            )
    return tuple(roles)


def _find_role_evidence(
    finder: Finder, title: Mark, person: str, of: str | None, to: str | None
) -> tuple[Evidence, ...]:
    evidence = [finder.make_evidence(Slot.TITLE, title.start, title.end)]
    for slot, id_ in ((Slot.WHO, person), (Slot.OF, of), (Slot.TO, to)):
        if id_:
            evidence += finder.pick_evidence(slot, finder.annotation.get_mentions(id_), title, id_)
    home = finder.find_sentence(title.start)
    near = _cover(e for e in evidence if home.start <= e.start and e.end <= home.end)
    return (finder.make_evidence(Slot.CORE, near.start, near.end), *evidence)


def _convert_engagements(finder: Finder) -> tuple[Engagement, ...]:
    engagements = []
    for id_, values in finder.annotation.facts.get("EVENT", {}).items():
        triggers = finder.annotation.get_marks("evt", id_)
        participants = _parse_participants(finder, values)
        main = _pick_trigger(finder, triggers, participants)
        number = finder.pick(finder.annotation.get_marks("num", values.get("count", "")), main)
        topic = _find_topic(finder, values.get("topic"), main)
        time = finder.find_time(values.get("when"), main)
        at = values.get("at")
        engagements.append(
            Engagement(
                id=id_,
                kind=EngagementKind(values["kind"]),
                status=Status(values["status"]),
                participants=participants,
                place=finder.get_entity(values.get("where")),
                at=at if at and (finder.get_entity(at) or finder.get_events(at)) else None,
                time=time,
                topic=topic,
                headcount=_make_headcount(finder, number) if number else None,
                via=values.get("via"),
                after=finder.get_events(values.get("after")),
                before=finder.get_events(values.get("before")),
                part_of=next(iter(finder.get_events(values.get("part_of"))), None),
                triggers=tuple(finder.make_words(mark.start, mark.end) for mark in triggers),
                evidence=_find_engagement_evidence(finder, main, participants, values, time, topic, number),
            )
        )
    return tuple(engagements)


def _parse_participants(finder: Finder, values: dict[str, str]) -> tuple[Participation, ...]:
    """Who takes part and for whom, from `who=a,b:host` and `for=a>c`."""
    behalf = dict(pair.split(">", 1) for pair in values.get("for", "").split(",") if ">" in pair)
    participants = []
    for item in filter(None, values.get("who", "").split(",")):
        id_, _, part = item.partition(":")
        if id_ in finder.entity_ids:
            participants.append(
                Participation(
                    entity=id_,
                    part=Part(part or "participant"),
                    on_behalf_of=finder.get_entity(behalf.get(id_)),
                )
            )
    return tuple(participants)


def _pick_trigger(finder: Finder, triggers: Sequence[Mark], who: Sequence[Participation]) -> Mark:
    """The trigger whose sentence names most of the participants; the first of equals."""

    def count_named(trigger: Mark) -> int:
        home = finder.find_sentence(trigger.start)
        return sum(
            any(home.start <= mark.start < home.end for mark in finder.annotation.get_mentions(p.entity))
            for p in who
        )

    return max(triggers, key=count_named)


def _make_headcount(finder: Finder, mark: Mark) -> Headcount:
    values = finder.annotation.facts["NUM"][mark.ids[0]]
    low, high = (_parse_number(values.get(key, values.get("value"))) for key in ("min", "max"))
    if "min" in values and "max" not in values:
        high = None
    return Headcount(
        start=mark.start,
        end=mark.end,
        text=finder.text[mark.start : mark.end],
        min=None if low is None else int(low),
        max=None if high is None else int(high),
    )


def _parse_number(value: str | None) -> float | int | None:
    if value is None or not re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return None
    return float(value) if "." in value else int(value)


def _find_topic(finder: Finder, topic: str | None, main: Mark) -> Words | None:
    """The topic where it stands nearest to the trigger."""
    starts = [m.start() for m in re.finditer(re.escape(topic), finder.text)] if topic else []
    if not topic or not starts:
        return None
    start = min(starts, key=lambda position: abs(position - main.start))
    return finder.make_words(start, start + len(topic))


def _find_engagement_evidence(
    finder: Finder,
    main: Mark,
    participants: Sequence[Participation],
    values: dict[str, str],
    time: Timex | None,
    topic: Words | None,
    number: Mark | None,
) -> tuple[Evidence, ...]:
    mentions = finder.annotation.get_mentions
    evidence: list[Evidence] = []
    for p in participants:
        evidence += finder.pick_evidence(Slot.WHO, mentions(p.entity), main, p.entity)
        if p.on_behalf_of:
            anchor = evidence[-1]
            evidence += finder.pick_evidence(Slot.BEHALF, mentions(p.on_behalf_of), anchor, p.entity)
    if place := finder.get_entity(values.get("where")):
        evidence += finder.pick_evidence(Slot.WHERE, mentions(place), main, place)
    if time:
        evidence.append(finder.make_evidence(Slot.WHEN, time.start, time.end))
    if topic:
        evidence.append(finder.make_evidence(Slot.ABOUT, topic.start, topic.end))
    if number:
        evidence.append(finder.make_evidence(Slot.COUNT, number.start, number.end))
    home = finder.find_sentence(main.start)
    near = _cover([main, *(e for e in evidence if home.start <= e.start and e.end <= home.end)])
    return (finder.make_evidence(Slot.CORE, near.start, near.end), *evidence)


def _convert_quotations(finder: Finder) -> tuple[Quotation, ...]:
    quotations = []
    for id_, values in finder.annotation.facts.get("SAY", {}).items():
        spans = finder.annotation.spans[id_]
        cue = finder.pick(finder.annotation.get_marks("cue", id_), spans[0])
        speakers = finder.get_entities(values.get("by"))
        anchor = cue or spans[0]
        evidence: list[Evidence] = []
        for speaker in speakers:
            evidence += finder.pick_evidence(
                Slot.WHO, finder.annotation.get_mentions(speaker), anchor, speaker
            )
        quotations.append(
            Quotation(
                id=id_,
                speaker=speakers if len(speakers) > 1 else next(iter(speakers), None),
                mode=Mode(values["mode"]),
                text=" ".join(finder.text[span.start : span.end] for span in spans),
                spans=tuple(spans),
                cue=finder.make_words(cue.start, cue.end) if cue else None,
                to=finder.get_entity(values.get("to")),
                occasion=next(iter(finder.get_events(values.get("at"))), None),
                evidence=tuple(evidence),
            )
        )
    return tuple(quotations)


def _convert_claims(finder: Finder) -> tuple[Claim, ...]:
    claims = []
    for id_, values in finder.annotation.facts.get("CLAIM", {}).items():
        span = _cover(finder.annotation.spans[id_])
        about = finder.get_entities(values.get("about"))
        place = finder.get_entity(values.get("where"))
        time = finder.find_time(values.get("when"), span)
        by = values.get("by", "author").split("+")[0]
        mentions = finder.annotation.get_mentions
        evidence = [finder.make_evidence(Slot.CORE, span.start, span.end)]
        for subject in about:
            evidence += finder.pick_evidence(Slot.ABOUT, mentions(subject), span, subject)
        if by in finder.entity_ids:
            evidence += finder.pick_evidence(Slot.WHO, mentions(by), span, by)
        if place:
            evidence += finder.pick_evidence(Slot.WHERE, mentions(place), span, place)
        if time:
            evidence.append(finder.make_evidence(Slot.WHEN, time.start, time.end))
        claims.append(
            Claim(
                id=id_,
                start=span.start,
                end=span.end,
                text=finder.text[span.start : span.end],
                kind=ClaimKind(values["kind"]),
                by=by if by in finder.entity_ids else "author" if by == "author" else "unnamed",
                about=about,
                value=_parse_number(values.get("value")),
                unit=values.get("unit"),
                place=place,
                time=time,
                evidence=tuple(evidence),
            )
        )
    return tuple(claims)


def parse_bounds(edtf: str) -> tuple[str | None, str | None, TimeEnd, TimeEnd]:
    """First and last ISO day of an EDTF value, and how firm each end is.

    >>> parse_bounds("2023-11-10/2023-11-20")[:2], parse_bounds("187X")[:2], parse_bounds("2022/..")[:2]
    (('2023-11-10', '2023-11-20'), ('1870-01-01', '1879-12-31'), ('2022-01-01', None))
    >>> parse_bounds("1867/1900~")[3].value, parse_bounds("../06XX")[2].value
    ('soft', 'open')
    """
    if edtf in ("", "unknown"):
        return None, None, TimeEnd.OPEN, TimeEnd.OPEN
    left, _, right = edtf.partition("/")
    right = right or left
    return _parse_days(left)[0], _parse_days(right)[1], _get_end(left), _get_end(right)


def _get_end(side: str) -> TimeEnd:
    return TimeEnd.OPEN if side == ".." else TimeEnd.SOFT if "~" in side else TimeEnd.HARD


def _parse_days(value: str) -> tuple[str | None, str | None]:
    """First and last day of one EDTF date: a day, a month, a season, a year, `187X`, `06XX`."""
    match = re.fullmatch(
        r"(-?[\dX]{4})(?:-(\d\d|XX))?(?:-(\d\d|XX))?", re.sub(r"[~?%]", "", value).split("T")[0]
    )
    if not match:
        return None, None
    year, month, day = match.groups()
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    months = (1, 12) if month in (None, "XX") else _SEASONS.get(int(month), (int(month), int(month)))
    end = calendar.monthrange(last if last > 0 else 2000 + last % 400, months[1])[1]
    days = (1, end) if day in (None, "XX") else (int(day), int(day))
    return _write_day(first, months[0], days[0]), _write_day(last, months[1], days[1])


def _write_day(year: int, month: int, day: int) -> str:
    return f"{year:05d}-{month:02d}-{day:02d}" if year < 0 else f"{year:04d}-{month:02d}-{day:02d}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stdout.buffer.write(encode_reading(gold_reading(name)) + b"\n")
