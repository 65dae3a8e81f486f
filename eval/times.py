"""How well times are found and valued, printed as tables; error lists go to `runs/`.

    python eval/times.py [--dev] [--shared DIR]

Sets: the corpus (train, and dev with --dev), MEANTIME and WikiWars (development parts, and held-out parts
with --dev), and the cases of three other projects. Data that is not there is left out and said.
"Value" is the scorer's (overlap of the stretches at least half of their union) on the corpus, and the
identical TIMEX3 value on MEANTIME and WikiWars.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from time_cases import run_cases
from timex3 import write_timex3

from dragoman.read.times.find import find_times
from dragoman.read.times.resolve import resolve_times
from dragoman.record import Span, Timex

RUNS = Path("runs")
FOLDERS = ("africa", "americas", "asia", "europe", "hard", "levant", "real")
MEANTIME_LAST = 5  # the last sentence that is annotated, counted from 0
WIKIWARS_TEST = range(17, 23)  # document numbers; the last six, as the usual split has them


class Gold(NamedTuple):
    """A gold time: where it stands and what it is worth."""

    start: int
    end: int
    value: dict[str, str]


class Item(NamedTuple):
    """A document with its gold times."""

    name: str
    text: str
    published: date | None
    gold: tuple[Gold, ...]
    ignored: tuple[Gold, ...] = ()  # marks that are neither asked for nor wrong: the document's own date


Same = Callable[[Gold, Timex], bool]


def load_module(path: Path) -> ModuleType:
    """A script of the corpus, as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_corpus(root: Path, *, held_out: bool) -> Iterator[Item]:
    """The documents of the corpus: those with number % 20 in 0..2 (real: % 4 == 0) are held out."""
    check = load_module(root / "check.py")
    for folder in FOLDERS:
        for path in sorted((root / "ann" / folder).glob("*.ann")):
            number = int(re.findall(r"\d+", path.stem)[-1])
            if (number % 4 == 0 if folder == "real" else number % 20 < 3) is not held_out:
                continue
            doc, _ = check.read_ann(path)
            known = doc.get("published") not in (None, "unknown")
            marks = [m for m in doc["mentions"] if m["type"] == "tim"]
            gold = tuple(Gold(m["start"], m["end"], doc["times"].get(m["ids"][0], {})) for m in marks)
            published = date.fromisoformat(doc["published"]) if known else None
            yield Item(f"{folder}/{path.stem}", doc["text"], published, gold)


def read_meantime(root: Path, *, held_out: bool) -> Iterator[Item]:
    """MEANTIME in CAT XML; corpus_stock is held out. Words are joined with spaces, marks closed up."""
    folders = ["corpus_stock"] if held_out else ["corpus_airbus", "corpus_apple", "corpus_gm"]
    base = root / "data/meantime_newsreader_english_oct15/intra-doc_annotation"
    for path in (p for f in folders for p in sorted((base / f).glob("*.xml"))):
        item = _read_cat(path)
        if item:
            yield item


def _read_cat(path: Path) -> Item | None:
    tree = ET.parse(path)
    text, places = "", {}
    sentence = "0"
    for token in tree.iter("token"):
        if int(token.get("sentence") or 0) > MEANTIME_LAST:
            break
        word = token.text or ""
        if text:
            text += (
                "\n\n" if token.get("sentence") != sentence and sentence in ("0", "1") else _gap(text, word)
            )
        sentence = token.get("sentence") or ""
        places[token.get("t_id")] = (len(text), len(text) + len(word))
        text += word
    created, gold, ignored = None, [], []
    for timex in tree.iter("TIMEX3"):
        value = timex.get("value") or ""
        anchors = [places[a.get("t_id")] for a in timex.iter("token_anchor") if a.get("t_id") in places]
        if timex.get("functionInDocument") == "CREATION_TIME":
            created = value[:10]
        if anchors:
            start, end = min(a[0] for a in anchors), max(a[1] for a in anchors)
            own = timex.get("functionInDocument") == "CREATION_TIME"
            (ignored if own else gold).append(
                Gold(start, end, {"value": re.sub(r"^P([YMDW])(\d+)$", r"P\2\1", value)})
            )
    if not created or not re.fullmatch(r"\d{4}-\d\d-\d\d", created):
        return None
    return Item(path.stem, text, date.fromisoformat(created), tuple(sorted(gold)), tuple(ignored))


def _gap(text: str, word: str) -> str:
    tight = word in {",", ".", ";", ":", "'s", "'", "’", "%", ")", "?", "!", "''"} or text[-1] in "($"
    return "" if tight else " "


def read_wikiwars(root: Path, *, held_out: bool) -> Iterator[Item]:
    """WikiWars with TIMEX2 marks inline; nested marks count once, the outermost."""
    for path in sorted((root / "keyinline").glob("*.xml")):
        if (int(path.name[:2]) in WIKIWARS_TEST) is not held_out:
            continue
        raw = path.read_text(encoding="utf-8", errors="replace")
        body = raw[raw.index("<TEXT>") + 6 : raw.index("</TEXT>")]
        published = re.search(r'DATETIME>\s*<TIMEX2 val="(\d{4}-\d\d-\d\d)', raw)
        text, gold = _read_inline(body)
        yield Item(path.stem, text, date.fromisoformat(published[1]) if published else None, gold)


def _read_inline(body: str) -> tuple[str, tuple[Gold, ...]]:
    text, gold, opened = "", [], []
    for piece in re.split(r"(</?TIMEX2[^>]*>)", body):
        if piece.startswith("<TIMEX2"):
            found = re.search(r'\bval="([^"]*)"', piece)
            opened.append((len(text), found[1] if found else ""))
        elif piece.startswith("</TIMEX2"):
            start, value = opened.pop()
            if not opened and value:
                gold.append(Gold(start, len(text), {"value": value}))
        else:
            text += unescape(piece)
    return text, tuple(gold)


def score_items(items: Sequence[Item], same: Same, errors: list[str]) -> dict[str, float]:
    """Figures of one set: values on gold extents, and finding with values."""
    right = n_gold = n_found = n_hit = n_value = n_exact = 0
    for item in items:
        spans = [Span(start=g.start, end=g.end) for g in item.gold]
        told = resolve_times(item.text, spans, [], published=item.published)
        for gold, mine in zip(item.gold, told, strict=True):
            right += same(gold, mine)
            if not same(gold, mine):
                errors.append(_error(item, "value", gold, mine))
        found = find_times(item.text, [], published=item.published, timeml=same is same_timex3)
        found = tuple(t for t in found if not any(t.start < g.end and g.start < t.end for g in item.ignored))
        pairs = pair_up(item.gold, found)
        n_gold, n_found, n_hit = n_gold + len(item.gold), n_found + len(found), n_hit + len(pairs)
        n_value += sum(same(g, t) for g, t in pairs)
        n_exact += sum((g.start, g.end) == (t.start, t.end) for g, t in pairs)
        hit, used = {id(g) for g, _ in pairs}, {id(t) for _, t in pairs}
        errors += [_error(item, "missed", g, None) for g in item.gold if id(g) not in hit]
        errors += [_error(item, "false", None, t) for t in found if id(t) not in used]
    both = n_gold + n_found
    return {"gold": n_gold, "value given extents": right / n_gold, "found P": n_hit / n_found,
            "found R": n_hit / n_gold, "found F1": 2 * n_hit / both, "exact F1": 2 * n_exact / both,
            "value F1": 2 * n_value / both}  # fmt: skip


def pair_up(gold: Sequence[Gold], found: Sequence[Timex]) -> list[tuple[Gold, Timex]]:
    """Gold and found times one to one, by the longest overlap first."""
    table = [
        (min(g.end, t.end) - max(g.start, t.start), i, j)
        for i, g in enumerate(gold)
        for j, t in enumerate(found)
    ]
    pairs, used_gold, used_found = [], set(), set()
    for size, i, j in sorted(table, key=lambda row: (-row[0], row[1:])):
        if size > 0 and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def _error(item: Item, kind: str, gold: Gold | None, mine: Timex | None) -> str:
    place = gold or mine
    assert place
    around = item.text[max(0, place.start - 50) : place.start], item.text[place.start : place.end]
    told = f"{mine.edtf} {mine.relative or ''} {write_timex3(mine)}" if mine else ""
    after = item.text[place.end : place.end + 30]
    line = f"{kind}\t{item.name}\t{item.published}\t{around[0]}[{around[1]}]{after}"
    return line.replace("\n", "⏎") + f"\tgold {gold.value if gold else ''}\tread {told}"


def same_timex3(gold: Gold, mine: Timex) -> bool:
    """Whether the TIMEX3 values are identical."""
    return gold.value.get("value") == write_timex3(mine)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="report the held-out parts, without error lists")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments = parser.parse_args()
    corpus, data, held_out = arguments.shared / "corpus", arguments.shared / "data", arguments.dev
    if not corpus.is_dir():
        sys.exit(f"{corpus} is not there; give the folder of the data with --shared")
    score = load_module(corpus / "score.py")

    def same_stretch(gold: Gold, mine: Timex) -> bool:
        return bool(score.same_time(gold.value, {"edtf": mine.edtf, "relative": mine.relative}))

    sets: list[tuple[str, Iterator[Item], Same]] = [
        ("corpus", read_corpus(corpus, held_out=held_out), same_stretch),
        ("meantime", read_meantime(data / "meantime", held_out=held_out), same_timex3),
        ("wikiwars", read_wikiwars(data / "wikiwars", held_out=held_out), same_timex3),
    ]
    RUNS.mkdir(exist_ok=True)
    print(f"{'held out' if held_out else 'development'} parts")
    for name, items, same in sets:
        errors: list[str] = []
        begun = time.perf_counter()
        figures = score_items(list(items), same, errors)
        cells = "  ".join(f"{k} {v:.1%}" if isinstance(v, float) else f"{k} {v}" for k, v in figures.items())
        print(f"{name:10} {cells}  ({time.perf_counter() - begun:.1f} s)")
        if not held_out:
            (RUNS / f"times-{name}.tsv").write_text("\n".join(errors) + "\n", encoding="utf-8")
    run_cases(data, RUNS)


if __name__ == "__main__":
    main()
