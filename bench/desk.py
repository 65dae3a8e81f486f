"""How long the desk takes for every page, over a record of many articles.

    python bench/desk.py [--articles 10000] [--keep desk.db]

Makes a record of invented articles (kept in --keep and used again), asks for every page five times and
prints the best and the worst server time: what the application itself takes, without a network. Whose
pages are asked for are those most is reported of, which are the slowest.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.store import draw, make_word
from dragoman.desk.app import make_desk
from dragoman.identify import rebuild
from dragoman.keep import lists
from dragoman.keep.ledger import Order, Wanted
from dragoman.keep.store import Store
from dragoman.record import (
    Claim,
    ClaimKind,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Mention,
    MentionForm,
    Mode,
    Participation,
    Quotation,
    Reading,
    Role,
    Slot,
    Span,
    Status,
    Timex,
    Words,
    make_id,
)
from tests.factory import find_words, make_document

TIMES = 5  # each page is asked for
LIMIT = 100.0  # milliseconds; the promise
N_COUNTRIES, N_PUBLISHERS, N_PLACES = 60, 40, 300


def make_readings(count: int) -> Iterator[Reading]:
    """Articles of invented people, two of whom meet, speak and are counted in each; some are very busy."""
    chance = random.Random(11)
    for number in range(count):
        first, second = draw(chance, 5000), draw(chance, 5000)
        year, month, day = 2000 + number % 25, chance.randint(1, 12), chance.randint(1, 28)
        yield make_one(chance, number, (first, second), f"{year}-{month:02}-{day:02}")


def make_one(chance: random.Random, number: int, pair: tuple[int, int], day: str) -> Reading:
    """One article: who met whom, for which countries, where; what one said; how many came."""
    people = [f"{make_word(n % 83).title()} {make_word(n + 900).title()}" for n in pair]
    if people[0] == people[1]:
        people[1] = f"{people[1]} Minor"
    lands = [f"{make_word(6000 + draw(chance, N_COUNTRIES)).title()}land" for _ in range(2)]
    if lands[0] == lands[1]:
        lands[1] = "Northland"
    place = f"{make_word(9000 + draw(chance, N_PLACES)).title()} City"
    filler = " ".join(make_word(draw(chance, 20000)) for _ in range(200))
    text = (
        f"Report {number}. Minister {people[0]} of {lands[0]} met envoy {people[1]} of {lands[1]} in {place} "
        f"on {day}. “The road is open to {number} carts,” {people[0]} said. Some guests came.\n{filler}."
    )
    publisher = f"{make_word(400 + draw(chance, N_PUBLISHERS)).title()} Courier"
    document = make_document(text, title=text[:70], published=day, publisher=publisher)
    kinds = [EntityKind.PERSON, EntityKind.PERSON, EntityKind.PLACE, EntityKind.PLACE, EntityKind.PLACE]
    names = [*people, *lands, place]
    entities = tuple(
        Entity(
            id=make_id(kind, document.id, name), kind=kind, name=name, lat=10.0 + number % 50, lon=number % 90
        )
        for kind, name in zip(kinds, names, strict=True)
    )
    mentions = tuple(
        Mention(entity=e.id, form=MentionForm.NAME, **find_words(text, e.name)) for e in entities
    )
    return Reading(
        document=document,
        entities=entities,
        mentions=mentions,
        reader="bench",
        **make_facts(document, entities, chance),
    )


def make_facts(document: Any, entities: tuple[Entity, ...], chance: random.Random) -> dict[str, Any]:
    """The facts of an article: two engagements, two offices, a quotation, a claim."""
    text, (one, other, left, right, place) = document.text, entities
    met, said = find_words(text, "met"), find_words(text, "The road is open")
    status = Status.PLANNED if chance.random() < 0.1 else Status.HELD
    time_ = Timex(
        edtf=document.published,
        earliest=document.published,
        latest=document.published,
        **find_words(text, document.published),
    )
    takers = (
        Participation(entity=one.id, on_behalf_of=left.id),
        Participation(entity=other.id, on_behalf_of=right.id),
    )
    core = (Evidence(slot=Slot.CORE, **met),)
    engagements = tuple(
        Engagement(
            id=make_id("engagement", document.id, n), kind=kind, status=status, participants=takers,
            place=place.id, time=time_, triggers=(Words(**met),), evidence=core,
        )
        for n, kind in enumerate((EngagementKind.MEETING, EngagementKind.VISIT))
    )  # fmt: skip
    roles = tuple(
        Role(
            id=make_id("role", document.id, who.id),
            person=who.id,
            title=title,
            of=land.id,
            evidence=(Evidence(slot=Slot.TITLE, **find_words(text, title)),),
        )
        for who, title, land in ((one, "Minister", left), (other, "envoy", right))
    )
    quotation = Quotation(
        id=make_id("quotation", document.id), speaker=one.id, mode=Mode.DIRECT, text=said["text"],
        spans=(Span(start=said["start"], end=said["end"]),),
    )  # fmt: skip
    guests = find_words(text, "guests came")
    claim = Claim(
        id=make_id("claim", document.id),
        kind=ClaimKind.COUNT,
        by="author",
        about=(place.id,),
        value=7,
        unit="guests",
        **guests,
    )
    return {
        "engagements": engagements,
        "roles": roles,
        "quotations": (quotation,),
        "claims": (claim,),
        "times": (time_,),
    }


def fill(path: Path, count: int) -> None:
    """Make the record."""
    with Store.open(path) as store:
        for reading in make_readings(count):
            store.add(reading)
        rebuild(store)


def list_pages(path: Path) -> list[str]:
    """The address of every page, and of those about the busiest."""
    with Store.open(path, readonly=True) as store:
        person = lists.list_names(store, kind="person", limit=1)[0][0]
        land = lists.list_names(store, kind="place", limit=1)[0][0]
        fact = store.list_attested(Wanted(identity=person.id), order=Order.NEWEST, limit=1)[0]
        article = store.attested(fact.id).witnesses[0].document
    word = person.name.split()[-1]
    pages = [
        "/",
        "/articles",
        f"/articles?q={word}",
        "/articles?sort=title&page=150",
        f"/a/{article}",
        "/engagements",
    ]
    pages += [
        f"/engagements?who={person.id}",
        f"/engagements?who={land.id}",
        f"/engagements?q={word}&kind=visit",
    ]
    pages += [
        "/engagements?sort=oldest&page=200",
        f"/g/{fact.id}",
        "/entities",
        f"/entities?q={word}",
        "/entities?sort=name&type=person",
    ]
    pages += [
        f"/e/{person.id}",
        f"/e/{land.id}",
        f"/e/{person.id}/brief",
        f"/compare?who={person.id}&with={land.id}",
        "/counts",
        "/feed.atom",
        "/engagements?conflict=yes",
        f"/engagements?for={land.id}",
        "/said",
        f"/said?who={person.id}",
        "/said?q=road",
        "/claims",
        f"/claims?who={land.id}",
    ]
    pages += [
        "/timeline",
        "/timeline?from=2021-03&to=2021-03",
        "/network",
        f"/network?who={person.id}&from=2021",
        "/map?from=2021-03&to=2021-04",
    ]
    return [
        *pages,
        f"/search?q={word}",
        "/review",
        "/add",
        "/jobs",
        "/history",
        "/keys",
        "/about",
        "/e/nobody",
    ]


def measure(client: TestClient, page: str) -> tuple[float, float]:
    """The best and the worst server time of a page in milliseconds of CPU."""
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        client.get(page)
        taken.append(1000 * (time.process_time() - start))
    return min(taken), max(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="the record, made where there is none")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "desk.db"
        if not path.exists():
            fill(path, options.articles)
        with TestClient(make_desk(path, readonly=True), base_url="http://127.0.0.1") as client:
            client.get("/")
            slow = 0
            print("    best    worst  page (milliseconds)")
            for page in list_pages(path):
                best, worst = measure(client, page)
                slow += best > LIMIT
                print(f"{best:8.1f} {worst:8.1f}  {page}{'  SLOW' if best > LIMIT else ''}")
    sys.exit(bool(slow))


if __name__ == "__main__":
    main()
