"""Measure the reader: one table of figures, kept in `eval/figures.json`, errors listed under `runs/`.

usage: python -m eval.figures [--quick] [--allow-regression]
Corpus figures are those of `corpus/score.py`. Outside sets are read from ../shared/data where it is
there. `eval/floors.json` pins the figures: a drop of more than a point fails, unless allowed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus import score
from corpus.check import read_ann
from corpus.split import list_paths
from corpus.standoff import load_press
from dragoman.encode import load_encoder
from dragoman.gazetteer import Gazetteer
from dragoman.read.reading import read_document
from dragoman.record import Document, Reading, encode_reading, make_document_id
from dragoman.text import fold_name, normalise_text

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
RUNS = ROOT / "runs"
FLOORS = ROOT / "eval" / "floors.json"
SLACK = 0.01  # F1; a smaller drop is noise between processors
CORPUS_FIGURES = (
    "names mentions coreference roles roles.full engagements engagements.kind engagements.status "
    "engagements.place engagements.time engagements.participants engagements.full who_met_whom quotations "
    "quotations.attributed quotations.direct times times.value claims claims.count claims.superlative"
).split()
CONTACT = {"call": {"call"}, "meeting": {"meeting", "gathering"}, "visit/travel": {"visit"}}


class Reader:
    """The shipped encoder and gazetteer, loaded once."""

    def __init__(self) -> None:
        self.encoder = load_encoder()
        self.gazetteer = Gazetteer()

    def read(self, text: str, published: str | None = None) -> Reading:
        """A reading of a plain text."""
        text = normalise_text(text)
        date = published[:10] if published and published != "unknown" else None
        document = Document(id=make_document_id(text), text=text, published=date)
        return read_document(document, encoder=self.encoder, gazetteer=self.gazetteer)


def measure_corpus(reader: Reader, part: str) -> dict[str, dict[str, float]]:
    """The scorer's figures on a part of the corpus; details go to `runs/errors-<part>.txt`."""
    total = score.Score()
    details: list[str] = []
    for gold in load_gold(part):
        reading = json.loads(encode_reading(reader.read(gold["text"], gold.get("published"))))
        errors: list[str] = []
        score.score_document(gold, reading, total, errors)
        details += [gold["id"], *errors]
    RUNS.mkdir(exist_ok=True)
    (RUNS / f"errors-{part.replace(' ', '-')}.txt").write_text("\n".join(details) + "\n", encoding="utf-8")
    return finish_table(total)


def load_gold(part: str) -> Iterator[dict[str, Any]]:
    """The annotated documents of a part."""
    if part == "press dev":
        yield from load_press("dev")
    else:
        yield from (read_ann(path)[0] for path in list_paths(part.removeprefix("corpus ")))


def finish_table(total: score.Score) -> dict[str, dict[str, float]]:
    """The figures we report, coreference as one."""
    table = total.table()
    recall, precision = table["coreference"]["r"], table.pop("coreference.precision")["p"]
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    gold_count = table["coreference"]["gold"]
    table["coreference"] = {"p": precision, "r": recall, "f1": round(both, 4), "gold": gold_count}
    return {name: table[name] for name in CORPUS_FIGURES}


def rows_of(path: Path, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file, evenly thinned to about `limit`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    step = max(1, len(lines) // limit) if limit else 1
    yield from map(json.loads, lines[::step])


def share(hits: int, total: int) -> dict[str, float]:
    """A plain share as a figure with recall only."""
    return {"r": round(hits / total, 4) if total else 0.0, "gold": total}


def names_in(reading: Reading, ids: Iterable[str]) -> set[str]:
    """The folded words of every name of these entities."""
    wanted = set(ids)
    named = (e for e in reading.entities if e.id in wanted)
    return {word for e in named for name in (e.name, *e.aliases) for word in fold_name(name).split()}


def measure_readouts(reader: Reader, limit: int | None) -> dict[str, dict[str, float]]:
    """Kind and counterpart of government readouts, whose titles were taken off as the truth.

    The counterpart is found where a person in an engagement has a name that stands in the title after
    "with"; titles that name no person ("… with European Counterparts") count against the reader.
    """
    kinds = counterparts = n = n_with = 0
    for row in rows_of(SHARED / "data" / "readouts" / "dev.jsonl", limit):
        reading = reader.read(row["text"], row["published"])
        first = reading.engagements[:1]
        n += 1
        kinds += any(e.kind.value in CONTACT[row["gold"]["kind"]] for e in first)
        if row["gold"]["relation"] == "with":
            n_with += 1
            who = {p.entity for e in reading.engagements for p in e.participants}
            gold = row["gold"]
            other = set(fold_name(gold["other"]).split()) - set(fold_name(gold["principal"]).split())
            people = {e.id for e in reading.entities if e.kind == "person"}
            counterparts += bool(other & names_in(reading, who & people))
    return {"readouts kind": share(kinds, n), "readouts counterpart": share(counterparts, n_with)}


def measure_roles(reader: Reader, limit: int | None) -> dict[str, dict[str, float]]:
    """Role and holder pairs of daily digests; recall, as not every pair is marked."""
    hits = n = 0
    path = SHARED / "data" / "wikipedia-current-events" / "role_person_dev.jsonl"
    for row in rows_of(path, limit):
        reading = reader.read(row["text"], row["date"])
        person = fold_name(row["person_text"]).split()[-1:]
        stated = set(fold_name(row["role_text"]).split())
        fitting = [role for role in reading.roles if stated & set(fold_name(role.title).split())]
        holders = {name for role in fitting for name in names_in(reading, [role.person])}
        n += 1
        hits += bool(person and person[0] in holders)
    return {"roles of digests": share(hits, n)}


def measure_memcons(reader: Reader, limit: int | None) -> dict[str, dict[str, float]]:
    """People named in the bodies of memoranda of conversation; recall of marked spans."""
    hits = n = 0
    for row in rows_of(SHARED / "data" / "frus" / "memcons.jsonl", limit):
        body = row["body"]
        if not row.get("body_spans") or normalise_text(body) != body:
            continue
        reading = reader.read(body[:6000], (row["date"] or {}).get("when"))
        people = {e.id for e in reading.entities if e.kind == "person"}
        seen = [(m.start, m.end) for m in reading.mentions if people & set(m.entities)]
        for start, end, _ in row["body_spans"]:
            if end <= 6000:
                n += 1
                hits += any(a < end and start < b for a, b in seen)
    return {"people in memoranda": share(hits, n)}


def measure(*, quick: bool) -> dict[str, dict[str, dict[str, float]]]:
    """Every figure, by data set."""
    reader = Reader()
    parts = ["corpus dev", "corpus test", *(["real dev", "press dev"] if SHARED.is_dir() else [])]
    figures = {part: measure_corpus(reader, part) for part in parts}
    if SHARED.is_dir():
        limit = 60 if quick else None
        figures["outside"] = {
            **measure_readouts(reader, limit),
            **measure_roles(reader, limit),
            **measure_memcons(reader, 20 if quick else 200),
        }
    return figures


def compare_floors(figures: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """The figures that fell below their floor, one line each."""
    if not FLOORS.is_file():
        return []
    fallen = []
    for part, floors in json.loads(FLOORS.read_text(encoding="utf-8")).items():
        for name, floor in floors.items():
            row = figures.get(part, {}).get(name)
            value = row and row.get("f1", row["r"])
            if value is not None and value < floor - SLACK:
                fallen.append(f"{part}: {name} fell from {floor:.3f} to {value:.3f}")
    return fallen


def write_table(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    """The figures as text, one line each."""
    lines = [f"{'set':14}{'figure':26}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}"]
    for part, rows in figures.items():
        for name, row in rows.items():
            cells = (f"{row[key]:7.3f}" if key in row else " " * 7 for key in ("p", "r", "f1"))
            lines.append(f"{part:14}{name:26}{''.join(cells)}{row['gold']:7}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, keep; exit status 1 where a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small samples of the outside sets")
    parser.add_argument("--allow-regression", action="store_true", help="move the floors down, too")
    options = parser.parse_args()
    figures = measure(quick=options.quick)
    print(write_table(figures))
    if options.quick:
        return 0
    fallen = compare_floors(figures)
    print("\n".join(fallen), file=sys.stderr) if fallen else None
    if fallen and not options.allow_regression:
        return 1
    (ROOT / "eval" / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    floors = {p: {n: r.get("f1", r["r"]) for n, r in rows.items()} for p, rows in figures.items()}
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
