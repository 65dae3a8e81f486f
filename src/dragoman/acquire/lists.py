"""Lists others made by hand, of known people and of visits, as one reading each.

A list becomes one document: a line of plain words for each of its rows, so that whatever is kept of a row
has words it stands on, as everything in the record. People keep the id the list gives them, with the name of
the list before it (`pocom:bagby-arthur-pendleton`), as the id of their entity. The reader reads nothing here.

Lists of the Office of the Historian (history.state.gov): visits and travels as XML or as JSON lines, people
and chiefs of mission as JSON lines; and people and bodies of FollowTheMoney.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from dragoman.errors import FormatError
from dragoman.record import (
    Block,
    BlockRole,
    Document,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Mention,
    MentionForm,
    Part,
    Participation,
    Reading,
    Role,
    Slot,
    Status,
    Timex,
    Words,
    make_document_id,
    make_id,
)
from dragoman.settings import load_lexicon
from dragoman.text import fold_name, normalise_text

READER = "list-1"  # of readings made here; they are never read again by the reader
HOST = "United States"  # whom the Historian's visitors visit, and for whom its travellers travel
_SPACES = re.compile(r"\s+")
_TITLES = frozenset(
    "acting amir brigadier chairman chancellor chancellor-elect chief crown duchess duke emir emperor "
    "federal first foreign general governor grand head interim junta king lieutenant minister premier "
    "president president-elect prime prince princess pope provisional queen regent shah sheikh sultan "
    "taoiseach vice".split()
)


@dataclass(frozen=True)
class Person:
    """Somebody on a list: the list's id, names with the fullest first, and what else its row says."""

    id: str
    names: tuple[str, ...]
    kind: EntityKind = EntityKind.PERSON
    country: str = ""
    told: str = ""


@dataclass(frozen=True)
class Visit:
    """A visit on a list: of whom, in which office and of which country, where to and when."""

    name: str
    title: str
    of: str
    to: str
    start: str
    end: str
    id: str = ""
    told: str = ""


Row = Person | Visit


def read_list(data: bytes, *, source: str) -> tuple[Reading, tuple[FormatError, ...]]:
    """The reading of a list, and an error for each row that cannot be used.

    Raises FormatError where it is no list that is known here; see `is_list`.
    """
    rows = tuple(_read_xml(data, source) if data.lstrip()[:1] == b"<" else _read_lines(data, source))
    shape = next((shape for _, row in rows if isinstance(row, dict) and (shape := _find_shape(row))), None)
    if shape is None:
        raise FormatError(f"{source} is no list of people or visits that is known here", source=source)
    builder, errors = _Builder(shape.name, hashlib.sha256(data).hexdigest()), []
    for number, row in rows:
        try:
            builder.add(shape.read(row))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as exc:
            errors.append(FormatError(f"{source}:{number}: {exc}", source=source))
    return builder.build(shape, source), tuple(errors)


def is_list(head: bytes) -> bool:
    """Whether a file that begins so is a list: XML of visits or trips, or rows of a shape known here."""
    if head.lstrip()[:1] == b"<":
        return re.search(rb"<(?:visits|trips)\b", head) is not None
    try:
        return _find_shape(msgspec.json.decode(head.partition(b"\n")[0])) is not None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _read_lines(data: bytes, source: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield number, None


def _read_xml(data: bytes, source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a list of visits or trips, as its JSON lines would have them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise FormatError(f"{source} is broken XML ({exc}); mend it", source=source) from exc
    for element in root.iter("visit", "trip"):
        said = {child.tag: "".join(child.itertext()) for child in element}
        if said.get("created-by") == "dragoman":  # a list of our own is no source beside its reports
            raise FormatError(
                f"{source} was written by Dragoman; import what export jsonl writes", source=source
            )
        row: dict[str, Any] = {"start": said.get("start-date"), "end": said.get("end-date")}
        if element.tag == "visit":
            row |= {"visitors": [said.get("visitor")], "from_": [["", said.get("from")]]}
            row |= {"description": said.get("description")}
        else:
            row |= {"who": element.get("who"), "role": said.get("role"), "name": said.get("name")}
            row |= {"country": [["", said.get("country")]], "locale": said.get("locale")}
            row |= {"remarks": said.get("remarks")}
        yield element.sourceline, row


# Rows of each list ---------------------------------------------------------------------------------


def _parse_visit(row: Mapping[str, Any]) -> Row:
    words = _clean(row["visitors"][0]).split()
    n_title = next((n for n, word in enumerate(words) if word.casefold().strip(",") not in _TITLES), 0)
    title, name = " ".join(words[:n_title]), " ".join(words[n_title:])
    told = _clean(row.get("description"))
    return _check(Visit(name, title, _clean(row["from_"][0][1]), HOST, row["start"], row["end"], told=told))


def _parse_travel(row: Mapping[str, Any]) -> Row:
    to, locale = _clean(row["country"][0][1]), _clean(row.get("locale"))
    title = {"president": "President", "secretary": "Secretary of State"}.get(
        row["role"], _clean(row["role"])
    )
    told = ". ".join(filter(None, (locale, _clean(row.get("remarks")))))
    visit = Visit(_clean(row["name"]), title, HOST, to, row["start"], row["end"], row["who"] or "", told)
    return _check(visit)


def _check(visit: Visit) -> Visit:
    """The visit, if somebody went somewhere and its days are days in order."""
    if date.fromisoformat(visit.start) > date.fromisoformat(visit.end):
        raise ValueError(f"the visit ends ({visit.end}) before it begins ({visit.start})")
    if not visit.name or not visit.to or not visit.of:
        raise ValueError("the row names no visitor or no country")
    return visit


def _parse_chief(row: Mapping[str, Any]) -> Row:
    full = " ".join(filter(None, (_clean(row["forename"]), _clean(row["surname"]), _clean(row.get("gen")))))
    return _make_person(row["id"], (full, row.get("altname")), HOST, row.get("birth"), row.get("death"))


def _parse_person(row: Mapping[str, Any]) -> Row:
    names = (row["preferred"], *row.get("alternates", ()), *(one["name"] for one in row["originals"]))
    turned = tuple(_turn(_clean(name)) for name in names)
    return _make_person(row["id"], turned, "", row.get("birth"), row.get("death"))


def _parse_ftm(row: Mapping[str, Any]) -> Row | None:
    """People and bodies; other schemata are no names of anybody."""
    kinds = {"Person": EntityKind.PERSON, "Organization": EntityKind.ORGANIZATION}
    kinds |= dict.fromkeys(("PublicBody", "Company", "LegalEntity"), EntityKind.ORGANIZATION)
    if row["schema"] not in kinds:
        return None
    said = row["properties"]
    names = tuple(map(_clean, (*said.get("name", ()), *said.get("alias", ()))))
    told = ", ".join(map(_clean, said.get("position", ())))
    born, died = (next(iter(said.get(name, ())), "") for name in ("birthDate", "deathDate"))
    country = next((code for code in said.get("country", ()) if code), "").upper()
    return _make_person(row["id"], names, country, born, died, kind=kinds[row["schema"]], told=told)


def _make_person(
    id_: str,
    names: tuple[Any, ...],
    country: str,
    birth: Any,
    death: Any,
    *,
    kind: EntityKind = EntityKind.PERSON,
    told: str = "",
) -> Person:
    """A person of cleaned names; raises ValueError for one without any."""
    kept = tuple(dict.fromkeys(filter(None, map(_clean, names))))
    if not kept or not id_:
        raise ValueError("the row has no name or no id")
    life = (f"born {birth}" if birth else "", f"died {death}" if death else "", told)
    return Person(str(id_), kept, kind, country, ", ".join(filter(None, map(_clean, life))))


def _turn(name: str) -> str:
    """A name in the order it is spoken: "Palma, Samuel de, Jr." is "Samuel de Palma, Jr."."""
    family, comma, rest = name.partition(", ")
    given, _, generation = rest.partition(", ")
    return f"{given} {family}{', ' if generation else ''}{generation}" if comma else name


def _clean(words: Any) -> str:
    return _SPACES.sub(" ", normalise_text(str(words or ""))).strip()


@dataclass(frozen=True)
class Shape:
    """A list: its name, which is before every id, the fields that tell it, how a row is read, whose it is."""

    name: str
    fields: frozenset[str]
    parse: Callable[[Mapping[str, Any]], Row | None]
    title: str
    publisher: str = "Office of the Historian"

    def read(self, row: Any) -> Row | None:
        """What a row says, None for one of no interest; ValueError for one of another list."""
        if _find_shape(row) is not self:
            raise ValueError(f"no row of a list of the kind {self.name!r}")
        return self.parse(row)


SHAPES = (
    Shape(
        "visits", frozenset({"visitors", "from_", "start", "end"}), _parse_visit, "Visits of foreign leaders"
    ),
    Shape("travels", frozenset({"who", "role", "name", "country"}), _parse_travel, "Travels abroad"),
    Shape(
        "pocom",
        frozenset({"id", "surname", "forename"}),
        _parse_chief,
        "Principal officers and chiefs of mission",
    ),
    Shape(
        "frus", frozenset({"id", "preferred", "originals"}), _parse_person, "People of the diplomatic record"
    ),
    Shape(
        "ftm",
        frozenset({"id", "schema", "properties"}),
        _parse_ftm,
        "Known people and bodies",
        "FollowTheMoney",
    ),
)


def _find_shape(row: Any) -> Shape | None:
    return next((s for s in SHAPES if isinstance(row, dict) and s.fields <= row.keys()), None)


# The reading of a list -----------------------------------------------------------------------------


class _Builder:
    """Text and facts of a list as they grow, row by row."""

    def __init__(self, name: str, digest: str) -> None:
        self.name = name
        self.digest = digest
        self.lines: list[str] = []
        self.size = 0
        self.entities: dict[str, Entity] = {}
        self.mentions: list[Mention] = []
        self.roles: dict[tuple[str, str, str], Role] = {}
        self.engagements: list[Engagement] = []

    def write(self, words: str) -> dict[str, Any]:
        """Put words at the end of the text; the fields of a `Words` for them."""
        start, self.size = self.size, self.size + len(words)
        self.lines.append(words)
        return {"start": start, "end": self.size, "text": words}

    def add(self, row: Row | None) -> None:
        """One line of text, with what it says."""
        if row is None:
            return
        if isinstance(row, Person):
            self._add_person(row)
        else:
            self._add_visit(row)
        self.write("\n")

    def _add_person(self, row: Person) -> None:
        id_ = f"{self.name}:{row.id}"
        if id_ in self.entities:
            raise ValueError(f"the id {row.id!r} stands in the list twice")
        country = (
            row.country if len(row.country) == 2 else _load_states().get(fold_name(row.country), ("",))[0]
        )
        self.entities[id_] = Entity(
            id=id_, kind=row.kind, name=row.names[0], aliases=row.names[1:], country=country or None
        )
        for position, name in enumerate(row.names):
            self.write(", also " if position else "")
            self._mention(id_, name)
        self.write(f"; {row.told}." if row.told else ".")

    def _add_visit(self, row: Visit) -> None:
        start = self.size
        title = self.write(row.title)
        self.write(" " if row.title else "")
        who, name = self._name_person(row)
        self.write(" of ")
        of, _ = self._name_country(row.of)
        self.write(" ")
        trigger = self.write("visited")
        self.write(" ")
        to, where = self._name_country(row.to)
        self.write(", ")
        days = row.start if row.start == row.end else f"{row.start} to {row.end}"
        when = self.write(days)
        core: dict[str, Any] = {"start": start, "end": self.size, "text": self._tail(start)}
        self.write(f". {row.told}" if row.told else ".")
        if row.title:
            self._add_role(who, of, title)
        evidence = (
            Evidence(slot=Slot.CORE, **core),
            Evidence(slot=Slot.WHO, entity=who, **name),
            Evidence(slot=Slot.WHERE, **where),
            Evidence(slot=Slot.WHEN, **when),
        )
        self.engagements.append(self._make_engagement(row, (who, of, to), trigger, when, evidence))

    def _make_engagement(
        self,
        row: Visit,
        ids: tuple[str, str, str],
        trigger: dict[str, Any],
        when: dict[str, Any],
        evidence: tuple[Evidence, ...],
    ) -> Engagement:
        who, of, to = ids
        edtf = row.start if row.start == row.end else f"{row.start}/{row.end}"
        return Engagement(
            id=make_id("engagement", self.digest, trigger["start"]),
            kind=EngagementKind.VISIT,
            status=Status.HELD,
            participants=(
                Participation(entity=who, part=Part.GUEST, on_behalf_of=of),
                Participation(entity=to, part=Part.HOST),
            ),
            place=to,
            time=Timex(edtf=edtf, earliest=row.start, latest=row.end, **when),
            triggers=(Words(**trigger),),
            evidence=evidence,
        )

    def _tail(self, start: int) -> str:
        """The text from a position in its last line on."""
        position, n_pieces = self.size, 0
        while position > start:
            n_pieces += 1
            position -= len(self.lines[-n_pieces])
        return "".join(self.lines[-n_pieces:])

    def _name_person(self, row: Visit) -> tuple[str, dict[str, Any]]:
        """The entity of a visitor, the same for the same name; the list's own id where it has one."""
        id_ = (
            f"{self.name}:{row.id}" if row.id else make_id("person", self.digest, fold_name(row.name), row.of)
        )
        self.entities.setdefault(id_, Entity(id=id_, kind=EntityKind.PERSON, name=row.name))
        return id_, self._mention(id_, row.name)

    def _name_country(self, name: str) -> tuple[str, dict[str, Any]]:
        id_ = make_id("place", self.digest, fold_name(name))
        if id_ not in self.entities:
            code, lat, lon = _load_states().get(fold_name(name), (None, None, None))
            self.entities[id_] = Entity(
                id=id_, kind=EntityKind.PLACE, name=name, country=code, lat=lat, lon=lon
            )
        return id_, self._mention(id_, name)

    def _mention(self, id_: str, name: str) -> dict[str, Any]:
        words = self.write(name)
        self.mentions.append(Mention(entity=id_, form=MentionForm.NAME, **words))
        return words

    def _add_role(self, person: str, of: str, title: dict[str, Any]) -> None:
        key = (person, title["text"], of)
        evidence = (Evidence(slot=Slot.TITLE, **title),)
        id_ = make_id("role", self.digest, *key)
        self.roles.setdefault(key, Role(id=id_, person=person, title=title["text"], of=of, evidence=evidence))

    def build(self, shape: Shape, source: str) -> Reading:
        """The reading of what was added."""
        text = "".join(self.lines)
        document = Document(
            id=make_document_id(text),
            title=shape.title,
            publisher=shape.publisher,
            language="en",
            text=text,
            blocks=(Block(start=0, end=len(text), role=BlockRole.BODY),) if text else (),
        )
        return Reading(
            document=document,
            entities=tuple(self.entities.values()),
            mentions=tuple(self.mentions),
            roles=tuple(self.roles.values()),
            engagements=tuple(self.engagements),
            times=tuple(engagement.time for engagement in self.engagements if engagement.time),
            reader=READER,
        )


@cache
def _load_states() -> Mapping[str, tuple[str, float, float]]:
    """Code and middle of each state, by folded name."""
    found = {}
    for code, _, kind, name, others, *_, lat, lon in load_lexicon("states"):
        if kind in ("state", "observer", "territory"):
            for one in filter(None, (name, *others.split("|"))):
                found[fold_name(one)] = (code, float(lat), float(lon))
    return found
