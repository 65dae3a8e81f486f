"""What an article more costs where engagements are compared over all articles, as the store grows.

    python bench/attest.py [--documents 4000]

Articles tell of engagements of invented people, the same few far more often than others (Zipf-like), each
engagement by three reports on average. Given are CPU milliseconds, which the load of others hardly touches:
of comparing one article (the mean of the last tenth, and the slowest), of a ledger page of 50 lines of the
person with most engagements, of the ledger of a state from its middle on, and of one engagement in full.
Writes `bench/attest.json` for the documents.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.store import draw, make_word
from dragoman import attesting
from dragoman.concord import Placement
from dragoman.keep.ledger import Order, Wanted
from dragoman.keep.store import Store
from dragoman.record import Reading
from dragoman.resolve.blocks import find_keys
from dragoman.resolve.people import build_profiles
from tests.resolve.reported import tell

FIRST_DAY = date(2001, 1, 1)
A_DAY = 40  # engagements that happen in the world of the benchmark
REPORTS = 3  # reports of one engagement on average
ENGAGEMENTS = 4  # of one article
STATES = ("Georgia", "Norway", "Kenya", "Peru", "Nepal", "Ghana", "Latvia", "Chile", "Oman", "Malta")
KINDS = ("meeting", "visit", "call", "agreement")
PAGE = 50
HEADS = ("articles", "reports", "told", "article", "slowest", "person", "state", "one")


def make_facts(number: int, n_people: int) -> dict[str, Any]:
    """An engagement of the world, the same for the same number."""
    chance = random.Random(number)
    day = FIRST_DAY + timedelta(days=number // A_DAY)
    who = {draw(chance, n_people) for _ in range(3)}
    return {
        "kind": chance.choice(KINDS),
        "who": tuple(f"p:{name_person(n)}>l:{STATES[n % len(STATES)]}" for n in sorted(who)),
        "where": make_word(draw(chance, 400) + 5000).capitalize(),
        "when": (day.isoformat(), day.isoformat()),
    }


def name_person(number: int) -> str:
    """An invented name, the same for the same number."""
    return f"{make_word(number + 300).capitalize()} {make_word(number * 7 + 4000).capitalize()}"


def write_articles(n_documents: int) -> Iterator[Reading]:
    """Articles in order of publication, each about engagements of its last days."""
    n_people = max(200, n_documents // 2)
    for number in range(n_documents):
        chance = random.Random(-number)
        latest = number * ENGAGEMENTS // REPORTS
        told = {max(0, latest - chance.randrange(2 * A_DAY)) for _ in range(ENGAGEMENTS)}
        facts = [make_facts(n, n_people) for n in sorted(told)]
        published = FIRST_DAY + timedelta(days=latest // A_DAY + 1)
        words = " ".join(make_word(chance.randrange(90000)) for _ in range(250))
        yield tell(words, *facts, published=published.isoformat(), publisher=make_word(chance.randrange(40)))


def place_by_name(store: Store, reading: Reading, homes: dict[str, str]) -> None:
    """Let whoever bears one name be one, without comparing: who is who has a benchmark of its own."""
    placements = []
    for position, profile in enumerate(build_profiles(reading)):
        home = homes.setdefault(f"{profile.kind}{profile.names[0]}", profile.id)
        joins = (home,) if home != profile.id else ()
        placements.append(Placement(profile=profile, position=position, keys=find_keys(profile), joins=joins))
    store.place(reading.document.id, placements)


def time_ms(run: Callable[[], object], times: int = 1) -> float:
    """CPU milliseconds of one run, the best of some."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        run()
        spent.append(1000 * (time.process_time() - start))
    return min(spent)


def ask(store: Store) -> tuple[float, float, float]:
    """CPU milliseconds of a page of a person, of a page of a state from its middle, of one engagement."""
    person = store.identities_named(name_person(0))[0].id
    wanted = Wanted(state="NO")
    middle = store.count_attested(wanted) // 2
    row = store.list_attested(Wanted(identity=person), limit=1)[0]
    return (
        time_ms(lambda: store.list_attested(Wanted(identity=person), order=Order.NEWEST, limit=PAGE), 5),
        time_ms(lambda: store.list_attested(wanted, limit=PAGE, offset=middle), 5),
        time_ms(lambda: store.attested(row.id), 5),
    )


def measure(n_documents: int, path: Path) -> list[list[float]]:
    """Fill a store; a line of figures at a quarter, half and all of it, printed as they come."""
    stops = {n_documents // 4, n_documents // 2, n_documents}
    spent: list[float] = []
    rows: list[list[float]] = []
    homes: dict[str, str] = {}
    print("".join(f"{head:>9}" for head in HEADS))
    with Store.open(path) as store:
        n_reports = 0
        for number, reading in enumerate(write_articles(n_documents), 1):
            store.add(reading)
            place_by_name(store, reading, homes)
            spent.append(time_ms(lambda: attesting.catch_up(store)))
            n_reports += len(reading.engagements)
            if number in stops:
                last = spent[-max(1, number // 10) :]
                n_told = store.count_attested(Wanted())
                figures = (sum(last) / len(last), max(last), *ask(store))
                print(f"{number:9,}{n_reports:9,}{n_told:9,}" + "".join(f"{ms:7.1f}ms" for ms in figures))
                rows.append([number, n_reports, n_told, *(round(ms, 1) for ms in figures)])
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=4000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(options.documents, Path(folder) / "record.db")
    kept = {"heads": HEADS, "rows": rows}
    (Path(__file__).parent / "attest.json").write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
