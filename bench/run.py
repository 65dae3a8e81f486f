"""Measure what a user waits for; print it, and write `bench/figures.json` for the README.

Start-up is the best of several cold starts of the command, since everything else the machine does only
adds to it. Reading is measured in one process with one thread, loading left out.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
STARTS = 5  # cold starts, of which the best counts
SECONDS = 5.0  # of reading at least
LONG = 50_000  # words of a long text


def time_start(*command: str) -> float:
    """Seconds of the best of several runs of a command."""
    return min(_time(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(STARTS))


def _time(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measure_reading() -> tuple[float, float]:
    """Words a second of the bare encoder and of the whole reader, on the articles of `examples/`.

    The two take turns, article by article, so that a busy machine slows both alike.
    """
    from dragoman.acquire.sources import Acquisition, acquire_source, list_sources
    from dragoman.encode import load_encoder
    from dragoman.pipeline import load_reader
    from dragoman.sentences import find_document_sentences

    sources = list_sources([str(ROOT / "examples")])
    found = [item for source in sources for item in acquire_source(source) if isinstance(item, Acquisition)]
    read, encoder = load_reader(), load_encoder()
    read(found[0].document)
    n_words, bare, whole = 0, 0.0, 0.0
    while bare + whole < SECONDS:
        for document in (item.document for item in found):
            sentences = find_document_sentences(document)
            bare += _time(lambda d=document, s=sentences: list(encoder.read_windows(d.text, s)))  # type: ignore[misc]
            whole += _time(lambda d=document: read(d))  # type: ignore[misc]
            n_words += len(document.text.split())
    return n_words / bare, n_words / whole


def measure_memory(article: str) -> float:
    """Megabytes at most of a process that reads an article over and over as one text of `LONG` words."""
    times = LONG // len(Path(article).read_text(encoding="utf-8").split())
    code = (
        "import pathlib, resource, sys, dragoman\n"
        "dragoman.read_text(pathlib.Path(sys.argv[1]).read_text() * int(sys.argv[2]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, article, str(times)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def measure() -> list[tuple[str, float, str]]:
    """What was measured, its value and its unit."""
    dragoman = (sys.executable, "-m", "dragoman")
    article = str(ROOT / "examples" / "visit.txt")
    bare, whole = measure_reading()
    return [
        ("`dragoman --help`", round(time_start(*dragoman, "--help"), 2), "s"),
        ("`import dragoman`", round(time_start(sys.executable, "-c", "import dragoman"), 2), "s"),
        ("first article, from a cold start", round(time_start(*dragoman, "read", "--json", article), 2), "s"),
        ("the bare encoder, one core", round(bare, -2), "words/s"),
        ("reading, one core, encoder and all the rest", round(whole, -2), "words/s"),
        ("… as a share of the bare encoder", round(100 * whole / bare), "%"),
        (f"memory for a text of {LONG:,} words", round(measure_memory(article), -1), "MB"),
    ]


def main() -> None:
    """Measure, print, keep."""
    rows = [{"what": what, "value": value, "unit": unit} for what, value, unit in measure()]
    for row in rows:
        print(f"{row['what']:<40} {row['value']:>10,g} {row['unit']}")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    text = json.dumps({"machine": machine, "rows": rows}, indent=1)
    (ROOT / "bench" / "figures.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
