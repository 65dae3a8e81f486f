"""What can be set, and the word lists that ship with the package.

Settings are plain values with a unit; a word list is a tab-separated file in `read/lexicon/` whose
first line states its source and licence. Nothing here interprets them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from dragoman.errors import ConfigError


@cache
def load_lexicon(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `read/lexicon/<name>.tsv`, without comment lines.

    Raises ConfigError, with path and line, where the list is missing or its rows differ in length.
    """
    path = f"dragoman/read/lexicon/{name}.tsv"
    resource = files("dragoman").joinpath("read", "lexicon", f"{name}.tsv")
    if not resource.is_file():
        raise ConfigError(f"word list {path} is missing; install the package again", path=path)
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate(resource.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        row = tuple(line.split("\t"))
        if rows and len(row) != len(rows[0]):
            raise ConfigError(
                f"{path} line {number} has {len(row)} columns, not {len(rows[0])}; mend the line",
                path=path,
                line=number,
            )
        rows.append(row)
    return tuple(rows)
