"""The tables of the README, made from the files that `make eval` and `make bench` write."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parent.parent
FIGURES = {  # of eval/figures.json, and what they mean to a reader of the README
    "names": "people, organisations, places by name",
    "coreference": "who “she” and “the ambassador” are",
    "roles": "offices, and who holds them",
    "roles.full": "… with whose office it is, and where to",
    "engagements": "meetings, visits, calls, gatherings …",
    "engagements.status": "… held, planned, cancelled, alleged",
    "who_met_whom": "who met whom",
    "quotations.attributed": "who said what",
    "times": "time expressions",
    "times.value": "… and the days they mean",
    "claims.count": "counts",
    "claims.superlative": "superlatives",
}
SETS = {"corpus test": "our corpus", "real dev": "real articles"}


def write_figures() -> str:
    """A table of F1 scores by figure and set, or the words that nothing was measured yet."""
    path = ROOT / "eval" / "figures.json"
    if not path.is_file():
        return "*Not yet measured: run `make eval`.*"
    figures = json.loads(path.read_text(encoding="utf-8"))
    sets = [name for name in SETS if name in figures]
    rows = [["what it finds", *(SETS[name] for name in sets)], ["---", *("---:" for _ in sets)]]
    for figure, meaning in FIGURES.items():
        rows.append([meaning, *(_score(figures[name].get(figure)) for name in sets)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _score(row: dict[str, float] | None) -> str:
    return f"{row['f1'] * 100:.0f}" if row and "f1" in row else "–"


def write_bench() -> str:
    """A table of what was measured and how long it took, or the words that nothing was measured yet."""
    path = ROOT / "bench" / "figures.json"
    if not path.is_file():
        return "*Not yet measured: run `make bench`.*"
    measured = json.loads(path.read_text(encoding="utf-8"))
    rows = [["measured", measured["machine"]], ["---", "---:"]]
    rows += [[row["what"], f"{row['value']:,g} {row['unit']}"] for row in measured["rows"]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
