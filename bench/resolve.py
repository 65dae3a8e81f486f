"""How fast who is who is found out, and what one more article costs then.

    python bench/resolve.py [--mentions 100000]

Articles of invented people, bodies and places, names put together from syllables, some met far more often
than others (Zipf-like), some misspelt, shortened or without given name. All of them are settled in memory
on one core, as `dragoman resolve` does; the identities are then written to a store, and further articles
settled there one by one, as `dragoman read` does. Times are CPU time of one core, which the load of others
hardly touches. Prints a table and keeps it in `bench/resolve.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import insert
from store import draw, make_word

from dragoman.concord import Placement, Post, Profile
from dragoman.identify import settle_profiles
from dragoman.keep import schema
from dragoman.keep.identities import pack_profile
from dragoman.keep.store import Store
from dragoman.record import EntityKind
from dragoman.resolve.cluster import Register

ROOT = Path(__file__).parents[1]
N_PEOPLE, N_BODIES = 6, 2  # of an article; one place more
TITLES = ("ambassador", "foreign minister", "mayor", "rabbi", "professor", "president", "head of office")
STATES = ("AZ", "IL", "GE", "NO", "PE", "KE", "JP", "CL", "LV", "OM", "PT", "VN")
NAMES = ("Azerbaijan", "Israel", "Georgia", "Norway", "Peru", "Kenya", "Japan", "Chile", "Latvia", "Oman")
BODIES = (
    "Ministry of Culture of {state}",
    "{word} Institute",
    "Embassy of {state} in {other}",
    "{word} Society",
)
TIMED = 200  # articles settled one by one
FILE = ROOT / "bench" / "resolve.json"


def make_article(number: int, size: int) -> tuple[Profile, ...]:
    """What an article tells of its entities; the same for the same number."""
    chance = random.Random(number)
    people = list(dict.fromkeys(draw(chance, size) for _ in range(N_PEOPLE)))
    company = tuple(f"{make_word(person % 400 + 1)} {make_word(person + 20)}" for person in people)
    made = [make_person(person, chance, company) for person in people]
    made += [make_body(draw(chance, size // 4), chance) for _ in range(N_BODIES)]
    made.append(make_place(draw(chance, size // 10)))
    day = f"{2000 + number % 25}-0{number % 9 + 1}-11"
    return tuple(
        replace(profile, id=f"{number}/{n}", first=day, last=day, documents=(str(number),))
        for n, profile in enumerate(made)
    )


def make_person(number: int, chance: random.Random, company: tuple[str, ...]) -> Profile:
    """A person by number: given and family name, an office; one in five written another way."""
    own = random.Random(number)
    given, family = make_word(own.randrange(17, 900)).title(), make_word(own.randrange(300, 40000)).title()
    name, state = f"{given} {family}", own.choice(STATES)
    way = chance.random()
    if way < 0.05:
        name = family
    elif way < 0.10:
        name = f"{given[0]}. {family}"
    elif way < 0.20:
        name = name.replace("a", "aa", 1) if way < 0.15 else name.replace("k", "q")
    posts = (Post(title=own.choice(TITLES), of=state),) if chance.random() < 0.6 else ()
    countries = (state,) if posts else ()
    known = tuple(who for who in company if not who.endswith(family.casefold()))[:3]
    return Profile(
        id="", kind=EntityKind.PERSON, names=(name,), posts=posts, countries=countries, company=known
    )


def make_body(number: int, chance: random.Random) -> Profile:
    """A body by number, of one of the usual forms."""
    own = random.Random(-number)
    words = {"word": make_word(own.randrange(300, 40000)).title(), "state": own.choice(NAMES)}
    name = own.choice(BODIES).format(**words, other=own.choice(NAMES))
    return Profile(id="", kind=EntityKind.ORGANIZATION, names=(name,))


def make_place(number: int) -> Profile:
    """A place by number, of a gazetteer."""
    return Profile(
        id="", kind=EntityKind.PLACE, names=(make_word(number + 300).title(),), geonames=number + 1
    )


def make_articles(n_mentions: int) -> Iterator[tuple[Profile, ...]]:
    """Articles with so many mentions together."""
    made = number = 0
    while made < n_mentions:
        article = make_article(number, n_mentions // 4)
        made, number = made + len(article), number + 1
        yield article


def settle_all(n_mentions: int) -> tuple[Register, float]:
    """Everybody settled in memory, and the seconds it took without making the articles."""
    register, spent = Register(), 0.0
    for article in make_articles(n_mentions):
        start = time.process_time()
        for profile in article:
            register.add(profile)
        spent += time.process_time() - start
    return register, spent


def fill_store(store: Store, register: Register, n_mentions: int) -> int:
    """Write the identities of a register into an empty store; the number of its last article."""
    numbers = {home: n for n, home in enumerate(register.profiles, 1)}
    last = 0
    with store._writing() as connection:
        for profile in register.profiles.values():
            row = {"number": numbers[profile.id], "id": profile.id, "kind": profile.kind.value}
            row |= {"name": profile.names[0], "profile": pack_profile(profile)}
            connection.execute(insert(schema.identity), row)
        keys = [{"key": k, "identity": numbers[i]} for k, ids in register.keys.items() for i in ids]
        connection.execute(insert(schema.identity_key), keys)
        for last, article in enumerate(make_articles(n_mentions), 1):
            connection.execute(insert(schema.document), {"number": last, "id": f"d{last}", "added_at": ""})
            rows = [
                {"document": last, "position": n, "entity": p.id, "profile": pack_profile(p)}
                | {"identity": numbers[register.homes[p.id]]}
                for n, p in enumerate(article)
            ]
            connection.execute(insert(schema.identity_member), rows)
    return last


def time_articles(store: Store, last: int, n_mentions: int) -> list[float]:
    """Milliseconds of each of some further articles, settled and written."""
    spent = []
    for number in range(last + 1, last + 1 + TIMED):
        article = make_article(number, n_mentions // 4)
        with store._writing() as connection:
            row = {"number": number, "id": f"d{number}", "added_at": ""}
            connection.execute(insert(schema.document), row)
        start = time.process_time()
        placements: list[Placement] = settle_profiles(store, article)
        store.place(f"d{number}", placements)
        spent.append((time.process_time() - start) * 1000)
    return spent


def measure(n_mentions: int, path: Path) -> list[tuple[str, float, str]]:
    """What was measured, its value and its unit."""
    _, tenth = settle_all(n_mentions // 10)
    register, spent = settle_all(n_mentions)
    with Store.open(path) as store:
        last = fill_store(store, register, n_mentions)
        each = time_articles(store, last, n_mentions)
    block = max(map(len, register.keys.values()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = f"{n_mentions:,} mentions"
    return [
        (f"{what} settled", round(spent, 1), "s"),
        ("… times what a tenth of them takes", round(spent / tenth, 1), ""),
        ("… people, bodies and places they are", len(register.profiles), ""),
        ("… the largest block", block, "identities"),
        ("… memory at most", round(peak), "MB"),
        (f"one more article among {what}, median", round(statistics.median(each), 1), "ms"),
        ("… 95 of 100 take at most", round(statistics.quantiles(each, n=20)[-1], 1), "ms"),
    ]


def main() -> None:
    """Measure, print, keep beside what other sizes gave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=100_000)
    n_mentions = parser.parse_args().mentions
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            {"what": what, "value": value, "unit": unit}
            for what, value, unit in measure(n_mentions, Path(folder) / "record.db")
        ]
    for row in rows:
        print(f"{row['what']:<52} {row['value']:>12,g} {row['unit']}")
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {"sizes": {}}
    kept["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    kept["sizes"][str(n_mentions)] = rows
    FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
