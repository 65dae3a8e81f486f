"""Measure who is who: one table of figures, kept in `eval/resolve.json`.

usage: python -m eval.resolve [--misses] [--train]
Corpus: every document of a folder, read perfectly (`eval.gold`), is added one after the other; entities of
one id in two documents are one, and pairs that touch a document of the part are counted. FRUS: lists of
persons of many volumes, the same authority number is one person; descriptions count as offices.
nomenklatura: pairs of names judged by people; pairs that a language model proposed are counted apart.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from corpus.split import list_paths
from dragoman.concord import Post, Profile
from dragoman.record import EntityKind
from dragoman.resolve.cluster import Register
from dragoman.resolve.names import NAME_FLOOR, compare_names
from dragoman.resolve.organisations import BODY_FLOOR, compare_bodies
from dragoman.resolve.people import build_profiles, expand_name, make_post
from eval.gold import gold_reading

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
CASES = SHARED / "nomenklatura-names" / "contrib" / "name_bench" / "cases.csv"
FRUS = SHARED / "frus" / "person_resolution_dev.jsonl"
PROPOSED = "synth"  # groups of nomenklatura's pairs that a language model proposed
Figure = dict[str, float]


def score(hits: int, found: int, gold: int) -> Figure:
    """Precision, recall and F1 of counts."""
    precision, recall = hits / found if found else 1.0, hits / gold if gold else 1.0
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(both, 4), "gold": gold}


def count_pairs(groups: Iterable[int]) -> int:
    """How many pairs groups of such sizes hold."""
    return sum(n * (n - 1) // 2 for n in groups)


def score_clusters(found: Mapping[str, str], gold: Mapping[str, str]) -> Figure:
    """Pairwise F1 of two groupings of the same items."""
    both = Counter((found[item], gold[item]) for item in gold)
    return score(
        count_pairs(both.values()),
        count_pairs(Counter(found[item] for item in gold).values()),
        count_pairs(Counter(gold.values()).values()),
    )


def measure_frus(*, misses: bool) -> dict[str, Figure]:
    """Pairwise F1 over the entries of lists of persons."""
    rows = [json.loads(line) for line in FRUS.read_text(encoding="utf-8").splitlines()]
    gold = {row["mention"]: row["person"] for row in rows}
    register = Register()
    for row in rows:
        register.add(build_entry(row))
    found = {mention: register.homes[mention] for mention in gold}
    if misses:
        print_misses(
            {row["mention"]: f"{row['name']} | {row['description'][:60]}" for row in rows}, found, gold
        )
    floor = {row["mention"]: _surname_initial(row["name"]) for row in rows}
    return {"frus persons": score_clusters(found, gold), "frus surname+initial": score_clusters(floor, gold)}


def build_entry(row: Mapping[str, str]) -> Profile:
    """The profile of an entry in a list of persons; "see X" declares another name."""
    description = row["description"]
    see = re.match(r"see (?:also )?([^;.]+)", description.strip(), re.IGNORECASE)
    name = row["name"]
    given = re.match(r"(?:[A-Z][\w.]* ?){1,3},", description)
    if "," not in name and " " not in name.strip() and given and len(given.group()) < 24:
        name = f"{name}, {description.split(',')[0]}"
    names = (*expand_name(name), *([see.group(1)] if see else []))
    if see and len(names) > 1 and "," not in row["name"]:
        names = names[1:]
    parts = [part for part in re.split(r"[;.]", description) if part.strip() and not see]
    posts = tuple(build_post(part) for part in parts)
    return Profile(
        id=row["mention"],
        kind=EntityKind.PERSON,
        names=names,
        posts=posts,
        countries=tuple(dict.fromkeys(post.of for post in posts if post.of and len(post.of) == 2)),
        documents=(),
    )


def build_post(words: str) -> Post:
    """An office as a list of persons words it, dates left out."""
    plain = re.split(r"\b(?:until|from|after|since|to \w+ 19|\d{4})\b", words)[0]
    return make_post(re.sub(r"[,()]", " ", plain))


def _surname_initial(name: str) -> str:
    family, _, given = name.partition(",")
    return f"{family.strip().casefold()}|{given.strip()[:1].casefold()}"


def print_misses(labels: Mapping[str, str], found: Mapping[str, str], gold: Mapping[str, str]) -> None:
    """What was wrongly joined and wrongly kept apart, one line a pair of groups."""
    joined: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    parted: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in gold:
        joined[found[item]][gold[item]].append(item)
        parted[gold[item]][found[item]].append(item)
    for what, groups in (("joined", joined), ("parted", parted)):
        for parts in groups.values():
            if len(parts) > 1:
                print(f"{what}: " + " <> ".join(f"{labels[p[0]]} ({len(p)})" for p in parts.values()))


def measure_names(*, misses: bool) -> dict[str, Figure]:
    """F1 of judged pairs of names: those of people's tests, and those a model proposed."""
    rows = list(csv.DictReader(CASES.open(encoding="utf-8")))
    groups = {
        "nomenklatura independent": [r for r in rows if not r["case_group"].startswith(PROPOSED)],
        "nomenklatura proposed": [r for r in rows if r["case_group"].startswith(PROPOSED)],
    }
    groups["nomenklatura persons"] = [
        r for r in groups["nomenklatura independent"] if r["schema"] == "Person"
    ]
    return {name: _measure_pairs(some, misses=misses and "proposed" in name) for name, some in groups.items()}


def _measure_pairs(rows: Sequence[Mapping[str, str]], *, misses: bool) -> Figure:
    hits = found = 0
    for row in rows:
        is_person, pair = row["schema"] == "Person", (row["name1"], row["name2"])
        comparison = compare_names(*pair) if is_person else compare_bodies(*pair)
        says = comparison.score >= (NAME_FLOOR if is_person else BODY_FLOOR)
        is_match = row["is_match"] == "true"
        found += says
        hits += says and is_match
        if misses and says != is_match:
            print("joined" if says else "parted", *pair, comparison.reasons, sep=" | ")
    return score(hits, found, sum(row["is_match"] == "true" for row in rows)) | {"pairs": len(rows)}


def measure_corpus(part: str, *, misses: bool) -> dict[str, Figure]:
    """Pairwise F1 by kind over entities of different documents of a folder."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    folders: dict[Path, list[Path]] = defaultdict(list)
    for path in list_paths(part):
        folders[path.parent].append(path)
    for folder, paths in folders.items():
        _count_folder(folder, paths, counts, misses=misses)
    return {
        f"corpus {part} {kind}": score(counts[kind]["hits"], counts[kind]["found"], counts[kind]["gold"])
        for kind in ("person", "organization", "place", "group")
    }


def _count_folder(
    folder: Path, paths: Sequence[Path], counts: dict[str, Counter[str]], *, misses: bool
) -> None:
    register = Register()
    gold: dict[str, str] = {}
    profiles: dict[str, Profile] = {}
    for path in paths:
        for profile in build_profiles(gold_reading(path)):
            own = f"{folder.name}/{path.stem}/{profile.id}"
            gold[own] = f"{profile.kind.value}:{profile.id}"
            profiles[own] = replace(profile, id=own, documents=(path.stem,))
            register.add(profiles[own])
    for kind in EntityKind:
        items = {i: g for i, g in gold.items() if g.startswith(kind.value + ":")}
        found = {i: register.homes[i] for i in items}
        both = Counter((found[i], g) for i, g in items.items())
        counts[kind.value]["hits"] += count_pairs(both.values())
        counts[kind.value]["found"] += count_pairs(Counter(found.values()).values())
        counts[kind.value]["gold"] += count_pairs(Counter(items.values()).values())
        if misses:
            labels = {i: f"{i} {profiles[i].names[0]} {[p.title for p in profiles[i].posts]}" for i in items}
            print_misses(labels, found, items)


def measure(*, train: bool, misses: bool) -> dict[str, Figure]:
    """Every figure that the data at hand allow."""
    figures: dict[str, Figure] = {}
    for part in ("train",) if train else ("dev", "test"):
        figures |= measure_corpus(part, misses=misses and part == "train")
    if CASES.is_file():
        figures |= measure_names(misses=misses)
    if FRUS.is_file():
        figures |= measure_frus(misses=misses)
    return figures


def write_table(figures: Mapping[str, Figure]) -> str:
    """The figures as text, one line each."""
    lines = [f"{'figure':28}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}"]
    for name, row in figures.items():
        lines.append(f"{name:28}{row['p']:7.3f}{row['r']:7.3f}{row['f1']:7.3f}{row['gold']:7.0f}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print and, unless it was the training part, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print what was joined or parted wrongly")
    parser.add_argument("--train", action="store_true", help="the part that may be tuned on; nothing is kept")
    options = parser.parse_args()
    figures = measure(train=options.train, misses=options.misses)
    print(write_table(figures))
    if not options.train:
        (ROOT / "eval" / "resolve.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
