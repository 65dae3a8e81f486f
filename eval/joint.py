"""Measure whether reports of one engagement find each other, on the clusters of the corpus.

usage: python -m eval.joint [PART ...] [--misses] [--fit]     parts: train dev test; all where none is named
Truth: within a folder the same event id is the same event, in whichever document it stands. Who is who is
taken from the annotation, too, so that the figures speak of engagements alone. Contradictions are
those listed in `gold/contradictions.tsv`, by event and field; "as if joined rightly" compares those found
with those that the same rules find where every report stands as annotated. Writes `eval/joint.json`;
a drop of more than a point fails, unless allowed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from corpus.split import list_paths
from dragoman.concord import Agreement, Report
from dragoman.gazetteer import Gazetteer
from dragoman.read.locate import resolve_places
from dragoman.record import Engagement, Mention, Reading
from dragoman.resolve.attest import attest_engagements, attest_group
from dragoman.resolve.copies import find_copies
from dragoman.resolve.engagements import (
    WEIGHTS,
    compare_engagements,
    find_candidates,
    group_engagements,
    list_reasons,
)
from dragoman.resolve.reports import make_reports
from eval.gold import gold_reading

ROOT = Path(__file__).parent.parent
PARTS = ("train", "dev", "test")
FIGURES = ROOT / "eval" / "joint.json"
POINT = 0.01
PLANTED = ROOT / "eval" / "gold" / "contradictions.tsv"


@dataclass(frozen=True)
class Folder:
    """The annotated documents of one folder: readings with ids of their own, identities, the truth."""

    name: str
    readings: list[Reading] = field(default_factory=list)
    canonical: dict[str, str] = field(default_factory=dict)
    event_of: dict[str, str] = field(default_factory=dict)


def load_folders(part: str, gazetteer: Gazetteer) -> tuple[Folder, ...]:
    """The documents of a part by folder, places found in the gazetteer as the reader finds them."""
    folders: dict[str, Folder] = {}
    for path in list_paths(part):
        folder = folders.setdefault(path.parent.name, Folder(path.parent.name))
        reading = gold_reading(path)
        places = resolve_places(reading.document, reading.entities, reading.mentions, gazetteer=gazetteer)
        add_reading(folder, replace(reading, entities=places))
    return tuple(folders.values())


def add_reading(folder: Folder, reading: Reading) -> None:
    """Give every id of a reading its document's mark and remember what it stands for."""
    mark = f"{reading.document.id}/"
    for entity in reading.entities:
        folder.canonical[mark + entity.id] = entity.id
    for engagement in reading.engagements:
        folder.event_of[mark + engagement.id] = engagement.id
    known = set(folder.canonical) | set(folder.event_of)
    folder.readings.append(mark_ids(reading, mark, known))


def mark_ids(reading: Reading, mark: str, known: set[str]) -> Reading:
    """The reading with `mark` before the ids of entities and engagements, wherever they stand."""

    def name(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(name, value))
        return mark + value if isinstance(value, str) and mark + value in known else value

    def rename(fact: Any, *fields: str) -> Any:
        return replace(fact, **{f: name(getattr(fact, f)) for f in fields})

    def rename_engagement(engagement: Engagement) -> Engagement:
        who = tuple(rename(p, "entity", "on_behalf_of") for p in engagement.participants)
        fields = ("id", "place", "at", "after", "before", "part_of")
        return replace(rename(engagement, *fields), participants=who)

    def rename_mention(mention: Mention) -> Mention:
        return rename(mention, "entity")

    return replace(
        reading,
        entities=tuple(rename(entity, "id") for entity in reading.entities),
        mentions=tuple(map(rename_mention, reading.mentions)),
        roles=tuple(rename(role, "person", "of", "to") for role in reading.roles),
        engagements=tuple(map(rename_engagement, reading.engagements)),
        claims=tuple(rename(claim, "about", "place", "by") for claim in reading.claims),
    )


def list_pairs(groups: Iterator[Sequence[str]]) -> set[tuple[str, str]]:
    """Every pair of ids that lie in one group."""
    return {tuple(sorted(pair)) for group in groups for pair in combinations(group, 2)}  # type: ignore[misc]


def find_gold_pairs(event_of: Mapping[str, str]) -> set[tuple[str, str]]:
    """The pairs of engagements with one event id."""
    groups: dict[str, list[str]] = {}
    for id_, event in event_of.items():
        groups.setdefault(event, []).append(id_)
    return list_pairs(iter(groups.values()))


def find_pairs(folder: Folder) -> tuple[set[tuple[str, str]], dict[str, Report]]:
    """The pairs that the resolver makes of a folder, and the reports by id."""
    reports = [r for reading in folder.readings for r in make_reports(reading, folder.canonical)]
    edges = [compare_engagements(reports[i], reports[j]) for i, j in find_candidates(reports)]
    groups = group_engagements(reports, edges)
    return list_pairs(iter([[r.id for r in group] for group in groups])), {r.id: r for r in reports}


def score(found: int, given: int, right: int) -> dict[str, float]:
    """Precision, recall and their mean."""
    p, r = right / found if found else 0.0, right / given if given else 0.0
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": round(p, 4), "r": round(r, 4), "f1": round(f1, 4), "gold": given}


def measure_pairs(folders: Sequence[Folder], *, misses: bool) -> dict[str, float]:
    """Same-engagement pairs over all folders."""
    n_found = n_gold = n_right = 0
    for folder in folders:
        found, reports = find_pairs(folder)
        gold = find_gold_pairs(folder.event_of)
        n_found, n_gold, n_right = n_found + len(found), n_gold + len(gold), n_right + len(found & gold)
        for word, wrong in (("missed", gold - found), ("false", found - gold)):
            for a, b in sorted(wrong) if misses else ():
                edge = compare_engagements(reports[a], reports[b])
                events = (folder.name, folder.event_of[a], folder.event_of[b])
                print(word, *events, edge.score, *edge.reasons, sep=" | ")
    return score(n_found, n_gold, n_right)


def load_planted(part: str) -> set[tuple[str, str, str]]:
    """Folder, event and field of the contradictions listed for a part."""
    rows = [line.split("\t") for line in PLANTED.read_text(encoding="utf-8").splitlines()[2:]]
    return {(folder, event, slot) for kind, folder, event, slot, _ in rows if kind == part}


def find_contradictions(folder: Folder) -> set[tuple[str, str, str]]:
    """Folder, event and field of what the resolver says differs; the event is that of most witnesses."""
    found = set()
    for entry in attest_engagements(folder.readings, folder.canonical):
        events = [folder.event_of[witness.engagement] for witness in entry.witnesses]
        event = max(events, key=events.count)
        found |= {
            (folder.name, event, a.slot.value) for a in entry.accounts if a.agreement is Agreement.DIFFER
        }
    return found


def find_true_contradictions(folder: Folder) -> set[tuple[str, str, str]]:
    """The same where every event has exactly the reports it has by annotation."""
    groups: dict[str, list[Report]] = {}
    for reading in folder.readings:
        for report in make_reports(reading, folder.canonical):
            groups.setdefault(folder.event_of[report.id], []).append(report)
    copies = find_copies({r.document.id: (r.document.text, r.document.published) for r in folder.readings})
    return {
        (folder.name, event, account.slot.value)
        for event, group in groups.items()
        for account in attest_group(group, folder.canonical, {}, copies).accounts
        if account.agreement is Agreement.DIFFER
    }


def measure_joined(folders: Sequence[Folder]) -> dict[str, float]:
    """Contradictions that are none but for reports joined wrongly, against those of the true groups."""
    found = {row for folder in folders for row in find_contradictions(folder)}
    true = {row for folder in folders for row in find_true_contradictions(folder)}
    return score(len(found), len(true), len(found & true))


def measure_contradictions(folders: Sequence[Folder], part: str, *, misses: bool) -> dict[str, float]:
    """Listed contradictions that the resolver lists, too."""
    found = {row for folder in folders for row in find_contradictions(folder)}
    planted = load_planted(part)
    for word, rows in (("missed", planted - found), ("false", found - planted)):
        for row in sorted(rows) if misses else ():
            print(word, "contradiction", *row, sep=" | ")
    return score(len(found), len(planted), len(found & planted))


def fit_weights(folders: Sequence[Folder], ridge: float = 1.0) -> dict[str, float]:
    """Log-odds of every observation on the candidate pairs, pulled towards the weights in use."""
    import numpy as np

    names = list(WEIGHTS)
    rows, truth = [], []
    for folder in folders:
        reports = [r for reading in folder.readings for r in make_reports(reading, folder.canonical)]
        for i, j in find_candidates(reports):
            seen = [
                names.index(reason.name)
                for reason in list_reasons(reports[i], reports[j])
                for _ in range(reason.times)
            ]
            rows.append(np.bincount([0, *seen], minlength=len(names)))
            truth.append(folder.event_of[reports[i].id] == folder.event_of[reports[j].id])
    x, y, start = np.array(rows, float), np.array(truth, float), np.array([WEIGHTS[name] for name in names])
    weights = start.copy()
    for _ in range(200):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) + ridge * (weights - start)
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(names)), slope)
    return dict(zip(names, weights.round(1).tolist(), strict=True))


def write_table(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    """The figures as text, one line each."""
    lines = [f"{'part':8}{'figure':20}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}"]
    for part, rows in figures.items():
        for name, row in rows.items():
            cells = "".join(f"{row[key]:7.3f}" for key in ("p", "r", "f1"))
            lines.append(f"{part:8}{name:20}{cells}{row['gold']:7}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS)
    parser.add_argument("--misses", action="store_true", help="list the pairs missed and made wrongly")
    parser.add_argument("--fit", action="store_true", help="print weights fitted to the parts, and stop")
    parser.add_argument("--allow-regression", action="store_true", help="keep figures that fell, too")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    with Gazetteer() as gazetteer:
        for part in options.parts:
            folders = load_folders(part, gazetteer)
            if options.fit:
                print(json.dumps(fit_weights(folders), indent=1))
                continue
            figures[part] = {"same engagement": measure_pairs(folders, misses=options.misses)}
            figures[part]["as if joined rightly"] = measure_joined(folders)
            if load_planted(part):
                found = measure_contradictions(folders, part, misses=options.misses)
                figures[part]["contradictions"] = found
    print(write_table(figures))
    if set(options.parts) != set(PARTS) or options.fit:
        return 0
    fallen = list_fallen(figures)
    print(*fallen, sep="\n", end="\n" if fallen else "")
    if fallen and not options.allow_regression:
        return 1
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def list_fallen(figures: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """The figures that fell by more than a point below those kept."""
    kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    return [
        f"{part} {name} fell from {row['f1']:.3f} to {figures[part][name]['f1']:.3f}"
        for part, rows in kept.items()
        for name, row in rows.items()
        if figures[part][name]["f1"] < row["f1"] - POINT
    ]


if __name__ == "__main__":
    sys.exit(main())
