"""Measure the ledger against the travels and visits that the Office of the Historian lists.

usage: python -m eval.ledger [READINGS.jsonl] [--read] [--pairs]
READINGS (`runs/press-readings.jsonl`) are the releases of `../shared/data/press` (State Department and
White House, May 2021 to August 2022) as the shipped reader read them; `--read` reads them first.
A leg counts only where a sentence of some release of these days names the traveller and the place; it is
found where the ledger has the traveller in that country within DAYS of it. `--pairs` prints each leg beside
what was found for it, to be checked by hand. Who is who is a simple grouping by name, kept here; the figures
speak of the ledger and the reader, not of the resolution of names. Writes `eval/ledger.json`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from dragoman.concord import Attested
from dragoman.encode import load_encoder
from dragoman.gazetteer import load_gazetteer
from dragoman.read.reading import read_document
from dragoman.record import (
    DateSource,
    Document,
    EngagementKind,
    Entity,
    EntityKind,
    Reading,
    Status,
    decode_reading,
    encode_reading,
    make_document_id,
)
from dragoman.resolve.attest import attest_engagements, collect_names
from dragoman.resolve.reports import find_state, load_state_names, parse_day
from dragoman.settings import load_lexicon
from dragoman.text import fold_name, normalise_text

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
PAIRS = ROOT / "eval" / "gold" / "ledger_pairs.tsv"
MONTHS = ("2021-05-01", "2022-08-31")
DAYS = 7  # days around a leg in which its releases and engagements are looked for
TRAVELLERS = {"biden-joseph-r": "biden", "blinken-antony-j": "blinken"}
SPELLINGS = {"joseph": "joe", "anthony": "antony", "tony": "antony"}
RELATIVES = frozenset("jill hunter beau catherine finnegan".split())
NATIONS = {
    "Palestinian Authority": "PS",
    "West Bank": "PS",
    "Vatican City": "VA",
    "Denmark (Greenland)": "GL",
}
NATIONS |= {"Korea, South": "KR", "Democratic Republic of the Congo (Zaire)": "CD"}
CITIES = {"Kiev": "Kyiv"}
_SENTENCE = re.compile(r"(?<=[a-z0-9)”\"][.!?])\s+|\n+")
_TITLES = re.compile(
    r"\b(?:President|Prime Minister|Foreign Minister|Minister|King|Queen|Chancellor|Pope|Secretary|"
    r"Crown Prince|Premier|Cardinal|Foreign|Deputy|Vice|Acting|Alternate|Interim|Sheikh|Amir|of|the|for|"
    r"Affairs|External|State|His|Her|Majesty|Highness|Holiness|Defense|General|Archbishop|Dr|Dato|Sri|"
    r"Ambassador|Cabinet)\b"
)


@dataclass(frozen=True)
class Leg:
    """A stay of one traveller: surname, days, country code, cities where given, surnames met."""

    id: str
    traveller: str
    start: date
    end: date
    country: str
    cities: tuple[str, ...]
    met: tuple[str, ...]


@dataclass
class Outcome:
    """What became of a leg: sentences that name it, engagements that may be it, the one taken."""

    leg: Leg
    naming: list[tuple[str, str]] = field(default_factory=list)
    found: list[Attested] = field(default_factory=list)
    best: Attested | None = None


# The truth ---------------------------------------------------------------------------------------


def load_legs() -> list[Leg]:
    """The legs of the months of the releases: travels abroad and visits to the United States."""
    legs = [make_travel(row) for row in rows_of("travels") if is_inside(row)]
    visits = (row for row in rows_of("visits") if is_inside(row))
    return legs + [make_visit(row, name) for row in visits for name in row["visitors"]]


def rows_of(name: str) -> Iterator[dict[str, Any]]:
    """The rows of a list of the Historian."""
    with (DATA / "historian" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def is_inside(row: Mapping[str, Any]) -> bool:
    """Whether a row begins in the months of the releases."""
    return bool(row["start"]) and MONTHS[0] <= row["start"] <= MONTHS[1]


def make_travel(row: Mapping[str, Any]) -> Leg:
    """The leg of a travel abroad."""
    name = row["country"][0][1]
    code = NATIONS.get(name) or load_state_names()[fold_name(name)]
    cities = [CITIES.get(city.strip(), city.strip()) for city in row["locale"].split(",")]
    return Leg(
        id=f"travel-{row['id']}",
        traveller=TRAVELLERS[row["who"]],
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"] or row["start"]),
        country=code,
        cities=tuple(fold_name(city) for city in cities if city),
        met=tuple(find_surnames(row["remarks"])),
    )


def make_visit(row: Mapping[str, Any], visitor: str) -> Leg:
    """The leg of a visit to the United States; the president is the counterpart."""
    names = fold_name(_TITLES.sub(" ", visitor).split(" bin ")[0]).split()
    family = names[0] if row["from_"][0][1] in ("South Korea", "Japan", "Vietnam") else names[-1]
    return Leg(
        id=f"visit-{row['id']}-{family}",
        traveller=family,
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"] or row["start"]),
        country="US",
        cities=("los angeles",) if "Los Angeles" in row["description"] else ("washington", "white house"),
        met=("biden",),
    )


def find_surnames(remarks: str) -> Iterator[str]:
    """The last names of those a leg says were met."""
    for part in re.findall(r"[Mm]et with ([^.]*)", remarks):
        for name in re.split(r",|\band\b", _TITLES.sub(" ", part)):
            words = re.findall(r"[A-ZÀ-Þ][\w’'-]{2,}", name)
            if 2 <= len(words) <= 4:
                yield fold_name(words[-1])


# The record --------------------------------------------------------------------------------------


def read_press(path: Path) -> None:
    """Read the releases with the shipped reader and write the readings, shortest first."""
    encoder, gazetteer = load_encoder(), load_gazetteer()
    names = ("state_dept", "white_house")
    rows = [json.loads(line) for name in names for line in (DATA / "press" / f"{name}.jsonl").open()]
    with path.open("wb") as out:
        for row in sorted(rows, key=lambda row: len(row["text"])):
            text = normalise_text(row["text"])
            document = Document(
                id=make_document_id(text),
                title=row["title"],
                published=row["published"][:10],
                published_source=DateSource.GIVEN,
                publisher=row["publisher"],
                url=row["url"],
                language="en",
                text=text,
            )
            if text.strip():
                reading = read_document(document, encoder=encoder, gazetteer=gazetteer)
                out.write(encode_reading(reading) + b"\n")


def load_readings(path: Path) -> list[Reading]:
    """The readings of a file, each document once, by day of publication."""
    with path.open("rb") as lines:
        found = {reading.document.id: reading for reading in map(decode_reading, lines)}
    return sorted(found.values(), key=lambda r: (r.document.published or "", r.document.id))


def group_names(readings: Sequence[Reading]) -> dict[str, str]:
    """Identities by name: a surname alone is whoever bears it in its document, else the commonest."""
    people = [e for r in readings for e in r.entities if e.kind is EntityKind.PERSON]
    common = find_common_names(people)
    canonical = {}
    for reading in readings:
        own = find_common_names(e for e in reading.entities if e.kind is EntityKind.PERSON)
        for entity in reading.entities:
            canonical[entity.id] = name_identity(entity, own, common)
    return canonical


def fold_person(name: str) -> str:
    """First and last name, folded, without initials and endings: "Joseph R. Biden, Jr." is joe biden."""
    words = [
        SPELLINGS.get(w, w) for w in fold_name(name).split() if len(w) > 1 and w not in ("jr", "sr", "dr")
    ]
    return " ".join(words[:1] + words[-1:]) if len(words) > 1 else " ".join(words)


def find_common_names(people: Iterable[Entity]) -> dict[str, str]:
    """The commonest full name of each surname."""
    counts: dict[str, Counter[str]] = {}
    for person in people:
        name = fold_person(person.name)
        if " " in name and not RELATIVES & set(name.split()):
            counts.setdefault(name.split()[-1], Counter())[name] += 1
    return {surname: names.most_common(1)[0][0] for surname, names in counts.items()}


def name_identity(entity: Entity, own: Mapping[str, str], common: Mapping[str, str]) -> str:
    """What an entity stands for, as a readable id."""
    if entity.kind is EntityKind.PERSON:
        name = fold_person(entity.name)
        return f"person:{name if ' ' in name else own.get(name) or common.get(name) or name}"
    if entity.kind is EntityKind.PLACE:
        return f"place:{find_state(entity) or entity.geonames or fold_name(entity.name)}"
    return f"{entity.kind.value}:{fold_name(entity.name)}"


# Comparing ---------------------------------------------------------------------------------------


def find_outcomes(
    legs: Iterable[Leg], readings: Sequence[Reading], attested: Sequence[Attested]
) -> list[Outcome]:
    """What the releases and the ledger say of each leg."""
    places = dict(list_places(readings))
    sentences = [
        (r.document.published or "", r.document.id, f" {fold_name(s)} ", s)
        for r in readings
        for s in _SENTENCE.split(f"{r.document.title}\n{r.document.text}")
        if len(s) < 2000
    ]
    outcomes = []
    for leg in legs:
        outcome = Outcome(leg)
        outcome.naming = [
            (d, s) for day, d, folded, s in sentences if is_near(day, leg) and names_leg(folded, leg)
        ]
        outcome.found = [entry for entry in attested if is_leg(entry, leg, places)]
        outcome.best = max(outcome.found, key=lambda entry: rate(entry, leg, places), default=None)
        outcomes.append(outcome)
    return outcomes


def list_places(readings: Sequence[Reading]) -> Iterator[tuple[str, Entity]]:
    """The places of the record by identity."""
    for reading in readings:
        for entity in reading.entities:
            if entity.kind is EntityKind.PLACE:
                yield name_identity(entity, {}, {}), entity


def is_near(day: str | None, leg: Leg) -> bool:
    """Whether an ISO day lies within DAYS of the leg."""
    slack = timedelta(days=DAYS)
    return bool(day) and (leg.start - slack).isoformat() <= (day or "") <= (leg.end + slack).isoformat()


def names_leg(sentence: str, leg: Leg) -> bool:
    """Whether a folded sentence names the traveller and a city of the leg, else its country."""
    if f" {leg.traveller} " not in sentence.replace("'s ", " "):
        return False
    return any(f" {place} " in sentence for place in leg.cities or list_names(leg.country))


def list_names(code: str) -> tuple[str, ...]:
    """The folded names of a country, without adjectives."""
    rows = (row for row in load_lexicon("states") if row[0] == code)
    return tuple(fold_name(name) for row in rows for name in (row[3], *row[4].split("|")) if name)


def is_leg(entry: Attested, leg: Leg, places: Mapping[str, Entity]) -> bool:
    """Whether an engagement has the traveller in the country in these days."""
    if entry.status in (Status.NEGATED, Status.RECURRING) or entry.kind is EngagementKind.CALL:
        return False
    who = {p.entity.rsplit(" ", 1)[-1].rsplit(":", 1)[-1] for p in entry.participants if is_person(p.entity)}
    days = [entry.earliest, entry.latest] if entry.earliest else [w.published for w in entry.witnesses[:1]]
    place = places.get(entry.place or "")
    return leg.traveller in who and any(is_near(day, leg) for day in days) and is_in(place, leg)


def is_person(identity: str) -> bool:
    """Whether an identity is a person and no relative of the travellers."""
    return identity.startswith("person:") and not RELATIVES & set(identity[7:].split())


def is_in(place: Entity | None, leg: Leg) -> bool:
    """Whether a place is, or lies in, the country of the leg."""
    if place is None:
        return False
    return place.country == leg.country or find_state(place) == leg.country or is_city(place, leg)


def is_city(place: Entity | None, leg: Leg) -> bool:
    """Whether a place is a city of the leg."""
    return place is not None and fold_name(place.name) in leg.cities


def rate(entry: Attested, leg: Leg, places: Mapping[str, Entity]) -> tuple[bool, int, bool, bool, int]:
    """How well an engagement stands for a leg; its days are not asked, for they are measured.

    First whom the traveller is said to meet, then what and where; of equals the one with the fewest people.
    """
    who = [set(p.entity[7:].split()) for p in entry.participants if is_person(p.entity)]
    n_met = sum(any(name in words for words in who) for name in leg.met)
    is_visit = entry.kind is EngagementKind.VISIT
    return bool(entry.earliest), n_met, is_visit, is_city(places.get(entry.place or ""), leg), -len(who)


def measure_error(entry: Attested, leg: Leg) -> int | None:
    """Days between the stated time of an engagement and the leg; 0 inside it, None where none is stated."""
    first, last = parse_day(entry.earliest), parse_day(entry.latest)
    if first is None or last is None:
        return None
    return max(0, leg.start.toordinal() - last, first - leg.end.toordinal())


def measure_start_error(entry: Attested, leg: Leg) -> int | None:
    """Days between the first day of an engagement and the first of the leg, inside the leg, too."""
    first = parse_day(entry.earliest)
    return None if first is None else abs(first - leg.start.toordinal())


def measure(
    outcomes: Sequence[Outcome], places: Mapping[str, Entity], attested: Sequence[Attested]
) -> dict[str, Any]:
    """The figures of one list of legs."""
    named = [o for o in outcomes if o.naming]
    found = [o for o in named if o.best]
    errors = [e for o in found if o.best and (e := measure_error(o.best, o.leg)) is not None]
    starts = [e for o in found if o.best and (e := measure_start_error(o.best, o.leg)) is not None]
    with_city = [o for o in found if o.leg.cities]
    in_city = sum(any(is_city(places.get(e.place or ""), o.leg) for e in o.found) for o in with_city)
    met = [(o, name) for o in named for name in o.leg.met if is_met_named(o, name)]
    n_met = sum(has_met(o.leg, name, attested) for o, name in met)
    return {
        "legs": len(outcomes),
        "named": len(named),
        "found": len(found),
        "found share": share(len(found), len(named)),
        "dated": len(errors),
        "median error, days": median(errors) if errors else None,
        "error 0 share": share(errors.count(0), len(errors)),
        "median start error, days": median(starts) if starts else None,
        "start error 0 share": share(starts.count(0), len(starts)),
        "city share": share(in_city, len(with_city)),
        "counterparts named": len(met),
        "counterparts found share": share(n_met, len(met)),
    }


def share(hits: int, total: int) -> float | None:
    """A share with four digits."""
    return round(hits / total, 4) if total else None


def is_met_named(outcome: Outcome, surname: str) -> bool:
    """Whether a sentence that names the leg names somebody met, too."""
    return any(
        f" {surname} " in f" {fold_name(sentence)} ".replace("'s ", " ") for _, sentence in outcome.naming
    )


def has_met(leg: Leg, surname: str, attested: Sequence[Attested]) -> bool:
    """Whether the ledger has the traveller together with that surname in the days of the leg."""
    for entry in attested:
        who = [p.entity for p in entry.participants if is_person(p.entity)]
        days = [entry.earliest] if entry.earliest else [w.published for w in entry.witnesses[:1]]
        if any(is_near(day, leg) for day in days) and all(
            any(name in identity[7:].split() for identity in who) for name in (leg.traveller, surname)
        ):
            return True
    return False


def print_pairs(outcomes: Sequence[Outcome], texts: Mapping[str, str], names: Mapping[str, str]) -> None:
    """The pairing of legs with engagements, or with the sentences that name a leg that was missed."""
    for o in outcomes:
        days = f"{o.leg.start} {o.leg.end} {o.leg.country} {','.join(o.leg.cities)}"
        print(f"\n{o.leg.id} {o.leg.traveller} {days}: named {len(o.naming)}, found {len(o.found)}")
        if entry := o.best:
            place = names.get(entry.place or "")
            print("   ", entry.id, entry.kind, entry.status, entry.edtf, place, len(entry.witnesses))
            print("      ", texts[entry.id][:300])
        for document, sentence in o.naming[: 0 if o.best else 3]:
            print("    -", document, " ".join(sentence.split())[:300])


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readings", type=Path, nargs="?", default=ROOT / "runs" / "press-readings.jsonl")
    parser.add_argument(
        "--read", action="store_true", help="read the releases first; takes a quarter of an hour"
    )
    parser.add_argument("--pairs", action="store_true", help="print the pairing of every leg that is named")
    options = parser.parse_args()
    if options.read:
        read_press(options.readings)
    if not options.readings.is_file():
        print(f"{options.readings} is not there; --read makes it from ../shared/data/press: left out")
        return
    readings = load_readings(options.readings)
    canonical = group_names(readings)
    attested = attest_engagements(readings, canonical)
    places = dict(list_places(readings))
    outcomes = find_outcomes(load_legs(), readings, attested)
    parts = {"travels": "travel", "visits": "visit"}
    figures: dict[str, Any] = {
        "releases": len(readings),
        "engagements in releases": sum(len(reading.engagements) for reading in readings),
        "engagements": len(attested),
        "with several witnesses": sum(len({w.document for w in e.witnesses}) > 1 for e in attested),
    }
    for name, prefix in parts.items():
        figures[name] = measure([o for o in outcomes if o.leg.id.startswith(prefix)], places, attested)
    figures["missed"] = [o.leg.id for o in outcomes if o.naming and not o.best]
    if options.pairs:
        texts = {e.id: r.document.text[e.evidence[0].start :] for r in readings for e in r.engagements}
        print_pairs([o for o in outcomes if o.naming], texts, collect_names(readings, canonical))
    print(json.dumps(figures, indent=1))
    (ROOT / "eval" / "ledger.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
