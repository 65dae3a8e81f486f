"""What the commands of every file share: the option and opening of the record, and printing.

No command lives here. Everything a command needs beyond click it imports when it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dragoman.errors import StoreError

if TYPE_CHECKING:
    from dragoman.keep.store import Store


def examples(*lines: str) -> str:
    """The end of a help page: commands that can be copied."""
    return "\b\nExamples:\n" + "\n".join(f"  dragoman {line}" for line in lines)


def default_store() -> str:
    """The path of the record in the data folder of whoever runs this."""
    from platformdirs import user_data_path

    return str(user_data_path("dragoman") / "record.db")


store_option = click.option(
    "--store",
    "store_path",
    envvar="DRAGOMAN_STORE",
    metavar="FILE",
    help="The record to use; else $DRAGOMAN_STORE, else one file in your data folder.",
)


def open_store(path: str | None, *, readonly: bool = True) -> Store:
    """The record at `path`, or the default one; it must exist unless it may be written."""
    from dragoman.keep.store import Store

    file = Path(path or default_store())
    if readonly and not file.exists():
        raise StoreError(f"there is no record at {str(file)!r}; make one: dragoman read SOURCE")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StoreError(f"cannot make {str(file.parent)!r} ({exc.strerror}); name another --store") from exc
    return Store.open(file, readonly=readonly)


def say(message: str) -> None:
    """One line for the person, on standard error."""
    click.echo(f"dragoman: {' '.join(message.split())}", err=True)


def print_view(view: Any) -> None:
    """A view on standard output: in colour and as wide as the terminal, plain where it is piped."""
    from rich.console import Console

    Console(highlight=False, soft_wrap=False).print(view)


def print_rows(rows: Iterable[Sequence[object]]) -> None:
    """Rows of a small table, columns in line."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
