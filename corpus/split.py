#!/usr/bin/env python3
"""Divide the corpus into train, dev and test; documents of one cluster stay together.

usage: python -m corpus.split            writes corpus/split.tsv
Dev is the documents whose number leaves 0, 1 or 2 when divided by 20, with their cluster mates;
test is drawn from the rest by a digest of the cluster's name, so that a new document moves no old one.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

HERE = Path(__file__).parent
REAL = HERE.parent.parent / "shared" / "corpus" / "ann" / "real"
REAL_DEV = 4  # every fourth real document is dev, the others train
TEST_SHARE = 0.15


def header(path: Path) -> dict[str, str]:
    """The `# key: value` lines a document opens with."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return dict(re.findall(r"^# (\w+): *(.*)$", line)[0] for line in lines if re.match(r"# \w+:", line))


def divide(folder: Path) -> dict[str, str]:
    """Part of each document of a folder by its id."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for path in sorted(folder.glob("*.ann")):
        facts = header(path)
        groups.setdefault(facts.get("cluster", facts["id"]), []).append((facts["id"], int(path.stem)))
    parts = {}
    for name, documents in groups.items():
        draw = int(hashlib.sha256(f"{folder.name}/{name}".encode()).hexdigest()[:8], 16) / 2**32
        part = "test" if draw < TEST_SHARE else "train"
        if any(number % 20 < 3 for _, number in documents):
            part = "dev"
        parts |= {document: part for document, _ in documents}
    return parts


def list_paths(part: str) -> list[Path]:
    """The documents of train, dev or test, or of the real folder: "real train", "real dev"."""
    if part.startswith("real"):
        paths = sorted(REAL.glob("*.ann"))
        return [path for path in paths if (int(path.stem[-3:]) % REAL_DEV == 0) == (part == "real dev")]
    rows = (line.split("\t") for line in (HERE / "split.tsv").read_text(encoding="utf-8").splitlines())
    names = (name.rsplit("-", 1) for name, kind in rows if kind == part)
    return [HERE / "ann" / folder / f"{number}.ann" for folder, number in names]


def main() -> None:
    """Write the split of every folder of `ann`."""
    rows = [f"{i}\t{p}\n" for f in sorted((HERE / "ann").iterdir()) for i, p in sorted(divide(f).items())]
    (HERE / "split.tsv").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
