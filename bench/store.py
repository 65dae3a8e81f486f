"""How fast the store takes articles and answers, beside plain sqlite3 given the same rows.

    python bench/store.py [--documents 2000] [--keep news.db]

Prints a table. Writing: one article, one transaction, full text included; `plain` inserts the rows
the store wrote into an empty store of the same schema, so the ratio holds on a busy machine too.
Answers are given in CPU time, which the load of others hardly touches.
Asking: a dossier page is the row of a name and its 50 latest engagements with everybody in them.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from dragoman.keep.schema import METADATA
from dragoman.keep.store import Store
from dragoman.record import (
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Mention,
    MentionForm,
    Participation,
    Reading,
    Slot,
    Status,
    Words,
    make_id,
)
from tests.factory import find_words, make_document

N_WORDS = 250  # words of an article beside its names
N_PEOPLE = 8  # people of an article, each named three times
SYLLABLES = tuple("ba dor ves hol nim ra lik tun gar ome sti pel qua zin ful ka".split())


def make_word(number: int) -> str:
    """An invented word, the same for the same number."""
    word = ""
    while number or not word:
        number, rest = divmod(number, len(SYLLABLES))
        word += SYLLABLES[rest]
    return word


def draw(chance: random.Random, size: int) -> int:
    """A number below `size`, small ones far more often (Zipf-like)."""
    return int(size ** chance.random()) - 1


def make_readings(count: int) -> Iterator[Reading]:
    """Articles of invented people: a few in very many of them, most in a handful."""
    chance = random.Random(7)
    for number in range(count):
        people = {draw(chance, count * 2 + N_PEOPLE) for _ in range(N_PEOPLE)}
        names = [f"{make_word(n % 97).title()} {make_word(n + 300).title()}" for n in sorted(people)]
        names.append(make_word(5000 + draw(chance, 2000)).title())
        sentences = [" ".join(make_word(draw(chance, 20000)) for _ in range(N_WORDS // 3)) for _ in range(3)]
        lines = [f"{'; '.join(names)} met. {sentence}." for sentence in sentences]
        day = f"20{number % 25:02}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield make_one(f"{number}. " + "\n".join(lines), names, day)


def make_one(text: str, names: list[str], published: str) -> Reading:
    """The reading of one article: everybody named met, in the place named last."""
    document = make_document(text, title=text[:40], published=published)
    kinds = [EntityKind.PERSON] * (len(names) - 1) + [EntityKind.PLACE]
    entities = tuple(
        Entity(id=make_id(kind, document.id, name), kind=kind, name=name, aliases=tuple(name.split()[1:]))
        for kind, name in zip(kinds, names, strict=True)
    )
    mentions = tuple(
        Mention(entity=entity.id, form=MentionForm.NAME, **find_words(text, entity.name))
        for entity in entities
        for _ in range(3)
    )
    trigger = find_words(text, "met")
    meeting = Engagement(
        id=make_id("engagement", document.id),
        kind=EngagementKind.MEETING,
        status=Status.HELD,
        participants=tuple(Participation(entity=entity.id) for entity in entities[:-1]),
        place=entities[-1].id,
        triggers=(Words(**trigger),),
        evidence=tuple(Evidence(slot=slot, **trigger) for slot in Slot),
    )
    return Reading(
        document=document, entities=entities, mentions=mentions, engagements=(meeting,), reader="bench"
    )


def measure(answer: Callable[[str], object], questions: list[str]) -> str:
    """Median, 95th percentile and worst CPU time of the answers, in milliseconds."""
    times = []
    for question in questions:
        start = time.process_time()
        answer(question)
        times.append(1000 * (time.process_time() - start))
    times.sort()
    picked = (times[len(times) // 2], times[int(len(times) * 0.95)], times[-1])
    return "  ".join(f"{value:8.2f}" for value in picked)


def add_all(store: Store, count: int) -> tuple[float, float]:
    """Articles a second added one by one, by the clock and by CPU time; making them is not counted."""
    spent = spent_cpu = 0.0
    for reading in make_readings(count):
        start, start_cpu = time.perf_counter(), time.process_time()
        store.add(reading, raw=reading.document.text.encode(), media_type="text/plain")
        spent += time.perf_counter() - start
        spent_cpu += time.process_time() - start_cpu
    return count / spent, count / spent_cpu


def copy_rows(source: Path, target: Path, limit: int) -> float:
    """Articles a second when plain sqlite3 inserts the rows of the first `limit` articles."""
    Store.open(target).close()
    read = sqlite3.connect(source)
    write = sqlite3.connect(target, isolation_level=None)
    write.execute("PRAGMA synchronous = NORMAL")
    write.execute("PRAGMA foreign_keys = ON")
    write.executemany("INSERT INTO name VALUES (?, ?)", read.execute("SELECT * FROM name"))
    spent = 0.0
    for number in range(1, limit + 1):
        rows = collect_rows(read, number)
        start = time.perf_counter()
        write.execute("BEGIN IMMEDIATE")
        for statement, values in rows:
            write.executemany(statement, values)
        write.execute("COMMIT")
        spent += time.perf_counter() - start
    read.close()
    write.close()
    return limit / spent


def collect_rows(read: sqlite3.Connection, number: int) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Statements and rows of one article."""
    collected = []
    for table in METADATA.sorted_tables:
        if table.name in ("name", "judgement"):
            continue
        of = "SELECT number FROM engagement WHERE document = ?"
        key = "number = ?" if table.name == "document" else "document = ?"
        where = key if "document" in (table.name, *table.columns.keys()) else f"engagement IN ({of})"
        rows = read.execute(f'SELECT * FROM "{table.name}" WHERE {where}', (number,)).fetchall()
        marks = ", ".join("?" * len(table.columns))
        collected.append((f'INSERT INTO "{table.name}" VALUES ({marks})', rows))
    return collected


def list_names(store: Store) -> tuple[list[str], list[str]]:
    """The 20 people in most articles and 100 others."""
    query = (
        "SELECT folded FROM entity_name JOIN name ON number = name WHERE name = main AND kind = 'person' "
        "GROUP BY name ORDER BY count(*) DESC"
    )
    names = [name for (name,) in store._sqlite.execute(query)]
    return names[:20], random.Random(7).sample(names[20:], min(100, len(names) - 20))


def run(path: Path, count: int) -> None:
    """Build the store, ask it, print the table."""
    with Store.open(path) as store:
        rate, rate_cpu = add_all(store, count)
        plain = copy_rows(path, path.with_suffix(".plain.db"), min(count, 5000))
        hot, others = list_names(store)
        status = store.status()
        print(f"{count} articles, {status.n_entities} entities, {status.n_bytes / 1e6:.0f} MB")
        print(f"add one by one      {rate:8.0f} articles/s")
        print(f"  by CPU time       {rate_cpu:8.0f} articles/s")
        print(f"plain sqlite3       {plain:8.0f} articles/s, the store has {rate / plain:.0%} of it")
        print("CPU milliseconds         p50       p95     worst")

        def show_dossier(name: str) -> object:
            return store.named(name), list(store.engagements(who=name, limit=50))

        print(f"dossier, 20 hottest {measure(show_dossier, hot)}")
        print(f"dossier, others     {measure(show_dossier, others)}")
        print(f"find, a name        {measure(store.find, others)}")
        print(f"find, a common word {measure(store.find, [make_word(n) for n in range(1, 30)])}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="keep the store in this new file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(options.keep or Path(folder) / "bench.db", options.documents)
