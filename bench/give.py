"""How fast each format is written, and whether memory stays flat as the record grows.

usage: python -m bench.give [SMALL LARGE]    engagements of the two records, 2,000 and 20,000 if not given

Each format is written in a process of its own, from synthetic engagements that are made as they are asked
for; making them is part of the time. "grown" is the peak memory of the large record less that of the small.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
WRITERS = {
    "graphml": "graphml:write_graphml",
    "gexf": "gexf:write_gexf",
    "csv": "tables:write_csv",
    "parquet": "tables:write_parquet",
    "geojson": "geojson:write_geojson",
    "ics": "ics:write_ics",
    "webannotation": "webannotation:write_webannotation",
    "jsonld": "jsonld:write_jsonld",
    "markdown": "markdown:write_markdown",
    "brat": "brat:write_brat",
    "ann": "corpus:write_ann",
}


def measure_here(name: str, n: int) -> None:
    """Print seconds and the peak memory of this process in MB."""
    from dragoman.give.contents import Contents
    from tests.give.build import attest, identify, observe
    from tests.give.synthetic import make_synthetic

    contents = Contents(
        readings=lambda: map(make_synthetic, range(n)),
        identities=lambda: (i for k in range(n) for i in identify(make_synthetic(k))),
        offices=lambda: (o for k in range(n) for o in observe(make_synthetic(k))),
        engagements=lambda: (
            attest(reading, e) for reading in map(make_synthetic, range(n)) for e in reading.engagements
        ),
        canonical=lambda reading: {},
        state=lambda id_: None,
    )
    module, function = WRITERS[name].split(":")
    write = getattr(import_module(f"dragoman.give.{module}"), function)
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        write(contents, out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.perf_counter() - start, peak)


def measure(name: str, n: int) -> tuple[float, float]:
    """Seconds and megabytes of one format in a process of its own."""
    command = [sys.executable, "-m", "bench.give", "--one", name, str(n)]
    path = f"{ROOT / 'src'}:{ROOT}"
    run = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": path}, capture_output=True, check=True)
    seconds, peak = map(float, run.stdout.split())
    return seconds, peak


def main() -> None:
    """Print a line a format."""
    small, large = (int(word) for word in sys.argv[1:3] or ("2000", "20000"))
    for name in WRITERS:
        (_, low), (seconds, high) = measure(name, small), measure(name, large)
        each = (high - low) * 2**20 / (large - small)
        print(
            f"{name:14} {large / seconds:8,.0f} engagements/s  "
            f"{high - low:6.1f} MB grown, {each:6,.0f} B each"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure_here(sys.argv[2], int(sys.argv[3]))
    else:
        main()
