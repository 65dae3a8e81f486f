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


def time_start(*command: str) -> float:
    """Seconds of the best of several runs of a command."""
    return min(_time(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(STARTS))


def _time(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measure_reading() -> float:
    """Words read per second: the articles of `examples/`, again and again."""
    from dragoman.acquire.sources import Acquisition, acquire_source, list_sources
    from dragoman.pipeline import load_reader

    sources = list_sources([str(ROOT / "examples")])
    found = [item for source in sources for item in acquire_source(source) if isinstance(item, Acquisition)]
    read = load_reader()
    read(found[0].document)
    n_words, spent = 0, 0.0
    while spent < SECONDS:
        for item in found:
            spent += _time(lambda item=item: read(item.document))  # type: ignore[misc]
            n_words += len(item.document.text.split())
    return n_words / spent


def measure() -> list[tuple[str, float, str]]:
    """What was measured, its value and its unit."""
    dragoman = (sys.executable, "-m", "dragoman")
    article = str(ROOT / "examples" / "visit.txt")
    return [
        ("`dragoman --help`", round(time_start(*dragoman, "--help"), 2), "s"),
        ("`import dragoman`", round(time_start(sys.executable, "-c", "import dragoman"), 2), "s"),
        ("first article, from a cold start", round(time_start(*dragoman, "read", "--json", article), 2), "s"),
        ("reading, one core, model and rules", round(measure_reading(), -2), "words/s"),
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
