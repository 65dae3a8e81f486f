"""The tables of the documents, made from the corpus and from what `make eval` and `make bench` write."""

from __future__ import annotations

import json
import sys
from collections import Counter
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
SETS = {
    "corpus test": "our corpus",
    "real dev": "real articles",
    "press dev": "press texts",
    "agreement": "two people",
}


AGREEMENT = (
    "names",
    "coreference",
    "roles",
    "roles.full",
    "engagements",
    "who_met_whom",
    "times.value",
    "claims",
)
TRIALS = ("names", "coreference", "roles", "engagements", "who_met_whom", "quotations.attributed", "claims")


def _table(rows: list[list[str]], rest: str = "---:") -> str:
    """A Markdown table; the first row is the head, columns after the first are numbers if not told else."""
    rows.insert(1, ["---", *(rest for _ in rows[0][1:])])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_corpus() -> str:
    """Documents, words, engagements and statements of each part of the corpus."""
    sys.path.insert(0, str(ROOT))
    from corpus.check import read_ann

    split = dict(line.split("\t") for line in (ROOT / "corpus" / "split.tsv").read_text().splitlines())
    sums: dict[str, Counter[str]] = {
        part: Counter() for part in ("train", "dev", "test", "press", "press-dev")
    }
    for path in sorted((ROOT / "corpus" / "ann").rglob("*.ann")):
        document, _ = read_ann(path)
        words = {"words": len(document["text"].split())}
        _count(sums[split[document["id"]]], document, words)
    for part in ("press", "press-dev"):
        for path in sorted((ROOT / "corpus" / part).glob("*.json")):
            _count(sums[part], json.loads(path.read_text(encoding="utf-8")), {})
    names = ("documents", "words", "events", "roles", "statements", "claims", "times")
    rows = [["part", *names]]
    rows += [[part, *(f"{n[name]:,}" if n[name] else "–" for name in names)] for part, n in sums.items()]
    return _table(rows)


def _count(total: Counter[str], document: dict[str, list[object]], words: dict[str, int]) -> None:
    total.update(words)
    total["documents"] += 1
    for name in ("events", "roles", "statements", "claims", "times"):
        total[name] += len(document[name])


def write_agreement() -> str:
    """The agreement of two annotators, by figure."""
    path = ROOT / "eval" / "agreement.json"
    figures = json.loads(path.read_text(encoding="utf-8"))
    return _table([["figure", "F1"], *([name, f"{figures[name]['f1']:.2f}"] for name in AGREEMENT)])


def write_outside() -> str:
    """The figures on sets that nobody here wrote; recall only."""
    path = ROOT / "eval" / "figures.json"
    if not path.is_file():
        return "*Not yet measured: run `make eval`.*"
    rows = json.loads(path.read_text(encoding="utf-8")).get("outside", {})
    found = [[name, f"{row['r']:.2f}", f"{row['gold']:,}"] for name, row in rows.items()]
    return _table([["set", "found", "of"], *found])


def write_trials() -> str:
    """What was tried in training, by figure on real dev; from eval/trials.json."""
    trials = json.loads((ROOT / "eval" / "trials.json").read_text(encoding="utf-8"))
    rows = [[row["what"], *(f"{row['f1'][name] * 100:.0f}" for name in TRIALS)] for row in trials]
    return _table([["trial", *TRIALS], *rows])


def write_reliability() -> str:
    """How often facts of a confidence are right, by kind of fact."""
    counts = json.loads((ROOT / "eval" / "reliability.json").read_text(encoding="utf-8"))
    lows = ("under 0.5", "0.5", "0.7", "0.8", "0.9", "0.95")
    rows = [["confidence from", *counts]]
    for number, low in enumerate(lows):
        cells = [counts[kind][number] for kind in counts]
        rows.append([low, *(f"{right / n:.2f} of {n:,}" if n else "–" for right, n in cells)])
    return _table(rows)


def write_figures() -> str:
    """A table of F1 scores by figure and set, or the words that nothing was measured yet."""
    path = ROOT / "eval" / "figures.json"
    if not path.is_file():
        return "*Not yet measured: run `make eval`.*"
    figures = json.loads(path.read_text(encoding="utf-8"))
    figures["agreement"] = json.loads((ROOT / "eval" / "agreement.json").read_text(encoding="utf-8"))
    sets = [name for name in SETS if name in figures]
    rows = [["what it finds", *(SETS[name] for name in sets)]]
    for figure, meaning in FIGURES.items():
        rows.append([meaning, *(_score(figures[name].get(figure)) for name in sets)])
    return _table(rows)


def _score(row: dict[str, float] | None) -> str:
    return f"{row['f1'] * 100:.0f}" if row and "f1" in row else "–"


def write_bench() -> str:
    """A table of what was measured and how long it took, or the words that nothing was measured yet."""
    path = ROOT / "bench" / "figures.json"
    if not path.is_file():
        return "*Not yet measured: run `make bench`.*"
    measured = json.loads(path.read_text(encoding="utf-8"))
    rows = [["measured", measured["machine"]]]
    rows += [[row["what"], f"{row['value']:,g} {row['unit']}"] for row in measured["rows"]]
    return _table(rows)


def write_identities() -> str:
    """Precision, recall and F1 of who is who across documents; from eval/resolve.json."""
    figures = json.loads((ROOT / "eval" / "resolve.json").read_text(encoding="utf-8"))
    rows = [["figure", "precision", "recall", "F1", "pairs"]]
    rows += [
        [name, f"{row['p']:.3f}", f"{row['r']:.3f}", f"{row['f1']:.3f}", f"{row.get('pairs', row['gold']):,}"]
        for name, row in figures.items()
    ]
    return _table(rows)


def write_resolve_bench() -> str:
    """What settling who is who costs; from bench/resolve.json."""
    measured = json.loads((ROOT / "bench" / "resolve.json").read_text(encoding="utf-8"))
    rows = [["measured", measured["machine"]]]
    for size in sorted(measured["sizes"], key=int):
        rows += [[row["what"], f"{row['value']:,g} {row['unit']}"] for row in measured["sizes"][size]]
    return _table(rows)


def write_rival() -> str:
    """Splink beside these rules on the same entries; from eval/rival.json and eval/resolve.json."""
    rival = json.loads((ROOT / "eval" / "rival.json").read_text(encoding="utf-8"))
    ours = json.loads((ROOT / "eval" / "resolve.json").read_text(encoding="utf-8"))["frus persons"]
    rows = [["on frus persons", "precision", "recall", "F1"]]
    for name, row in (("these rules", ours), ("Splink", rival)):
        rows.append([name, *(f"{row[figure]:.3f}" for figure in ("p", "r", "f1"))])
    return _table(rows)


def write_formats() -> str:
    """The formats, what each is, and which tools read it."""
    from dragoman.give.formats import FORMATS

    rows = [["format", "file", "what it is", "read by"]]
    rows += [[f"`{f.name}`", f"`{f.suffix}`", f.summary, f.tools] for _, f in sorted(FORMATS.items())]
    return _table(rows, rest="---")


def write_survival() -> str:
    """What of a record survives in each format, measured by writing one."""
    from survival import make_rows

    from dragoman.give.formats import FORMATS

    return _table(make_rows(FORMATS), rest=":-:")


def write_joint() -> str:
    """Whether reports of one engagement find each other, by part of the corpus."""
    figures = json.loads((ROOT / "eval" / "joint.json").read_text(encoding="utf-8"))
    rows = [["part", "figure", "precision", "recall", "F1", "of"]]
    for part, found in figures.items():
        for name, row in found.items():
            cells = (f"{row[key] * 100:.0f}" for key in ("p", "r", "f1"))
            rows.append([part, name, *cells, str(row["gold"])])
    return _table(rows)


def write_ledger() -> str:
    """The ledger of the releases against the Historian's lists; then the legs missed."""
    figures = json.loads((ROOT / "eval" / "ledger.json").read_text(encoding="utf-8"))
    sets = ("travels", "visits")
    rows = [["figure", *sets]]
    for name in figures[sets[0]]:
        rows.append([name, *(_number(figures[part][name], name) for part in sets)])
    missed = ", ".join(figures["missed"]) or "none"
    return f"{_table(rows)}\n\nNamed by a release, but not found: {missed}."


def _number(value: float | None, name: str) -> str:
    if value is None:
        return "–"
    return f"{value * 100:.0f} %" if name.endswith("share") else f"{value:g}"


def write_attesting() -> str:
    """What an article more, a page and one engagement cost, as the store grows."""
    path = ROOT / "bench" / "attest.json"
    if not path.is_file():
        return "*Not yet measured: run `python bench/attest.py`.*"
    kept = json.loads(path.read_text(encoding="utf-8"))
    counts = kept["heads"].index("article")
    rows = [[f"{head}, ms" if n >= counts else head for n, head in enumerate(kept["heads"])]]
    rows += [
        [f"{cell:.1f}" if n >= counts else f"{cell:,}" for n, cell in enumerate(row)] for row in kept["rows"]
    ]
    return _table(rows)
