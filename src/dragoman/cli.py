"""The command line: words in, lines out.

Nothing here knows how to read, keep or show; every command imports what it needs when it runs, so that
`dragoman --help` is there at once. Errors are one line on standard error: status 1 where an item failed,
2 for a command that makes no sense, 130 after Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dragoman.cli_give import COMMANDS as GIVE_COMMANDS
from dragoman.cli_judge import COMMANDS as JUDGE_COMMANDS
from dragoman.cli_ledger import COMMANDS as LEDGER_COMMANDS
from dragoman.cli_parts import Day, store_option
from dragoman.cli_parts import examples as _examples
from dragoman.cli_parts import open_store as _open_store
from dragoman.cli_parts import print_rows as _print_rows
from dragoman.cli_parts import print_view as _print
from dragoman.cli_parts import say as _say
from dragoman.cli_serve import COMMANDS as SERVE_COMMANDS
from dragoman.errors import DragomanError, NotFoundError

if TYPE_CHECKING:
    from dragoman.acquire.sources import Given, Limits
    from dragoman.keep.store import Store
    from dragoman.pipeline import Outcome

STOPPED = 130  # exit status after Ctrl-C, as shells have it


def main() -> None:
    """Run the command line of this process and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit status. Whatever a user can cause is one line, never a traceback."""
    try:
        status = cli.main(list(arguments), prog_name="dragoman", standalone_mode=False)
    except click.Abort:
        return STOPPED
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except DragomanError as exc:
        _say(str(exc))
        return 1
    return status if isinstance(status, int) else 0


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_examples("read article.txt", "read examples --store visits.db", "find communique", "show Ervand"),
)
@click.version_option(package_name="dragoman", message="%(prog)s %(version)s")
def cli() -> None:
    """Read the news and keep a sourced record of diplomatic engagement."""


jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Read with N processes; 1 where left out."
)

reader_option = click.option(
    "--reader",
    default="dragoman.pipeline:load_reader",
    hidden=True,
    help="Another reader, as module:function; see load_reader.",
)


# Reading ----------------------------------------------------------------------------------------


@cli.command(
    epilog=_examples(
        "read article.txt --published 2026-03-14",
        "read articles/ feed.xml 'archive/*.warc.gz' --jobs 2",
        "read https://example.org/news/visit",
        "read --json - < article.txt",
    )
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--published", type=Day(), metavar="DATE", help="Publication date of every document, YYYY-MM-DD."
)
@click.option("--publisher", metavar="NAME", help="Publisher of every document.")
@click.option("--title", metavar="TEXT", help="Title of the document.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines; keeps nothing without --store.")
@jobs_option
@reader_option
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after reading N documents.")
@click.option("--force", is_flag=True, help="Read texts that do not look English, too.")
@click.option("--private", is_flag=True, help="Fetch addresses of this machine and its network, too.")
def read(
    sources: tuple[str, ...],
    store_path: str | None,
    as_json: bool,
    jobs: int | None,
    reader: str,
    limit: int | None,
    **options: Any,
) -> int:
    """Read articles and keep what they say.

    A SOURCE is a file (text, Markdown, HTML, PDF, WARC, RSS or Atom, JSON Lines), a folder or glob of
    these, an address, or - for standard input. What was read already is skipped.
    """
    from dragoman.acquire.sources import list_sources
    from dragoman.pipeline import count_documents, read_sources

    given, limits = _read_options(**options)
    listed = list_sources(sources)
    store = None if as_json and store_path is None else _open_store(store_path, readonly=False)
    total = count_documents(listed)
    single = total == 1 and jobs is None
    total = min(total, limit) if total and limit else limit or total
    outcomes = read_sources(
        listed,
        store=store,
        given=given,
        limits=limits,
        jobs=0 if single else jobs or 1,
        limit=limit,
        reader=reader,
    )
    with closing(outcomes):
        return _tell(outcomes, store, total, _pick_printer(as_json, single, store))


def _read_options(
    *, published: date | None, publisher: str | None, title: str | None, force: bool, private: bool
) -> tuple[Given, Limits]:
    from dragoman.acquire.sources import Given, Limits

    given = Given(published=str(published) if published else None, publisher=publisher, title=title)
    return given, Limits(force_language=force, allow_private=private)


Printer = Callable[["Outcome"], None]


def _pick_printer(as_json: bool, single: bool, store: Store | None) -> Printer:
    """How one outcome is printed: as JSON, as a page where it is the only one, else as one line."""
    if as_json:
        return lambda outcome: _print_json(outcome, store)
    return (lambda outcome: _print_article(outcome, store)) if single else _print_line


def _print_json(outcome: Outcome, store: Store | None) -> None:
    from dragoman.record import encode_reading

    reading = outcome.reading
    if outcome.skipped and store:
        reading = store.reading(outcome.skipped)
    if reading:
        click.echo(encode_reading(reading).decode())


def _print_article(outcome: Outcome, store: Store | None) -> None:
    from dragoman.show.terminal import render_article

    reading = outcome.reading
    if outcome.skipped and store:
        _say(f"{outcome.source} was read already; this is what the record has")
        reading = store.reading(outcome.skipped)
    if reading:
        _print(render_article(reading))


def _print_line(outcome: Outcome) -> None:
    if outcome.skipped:
        click.echo(f"{outcome.source}: read already")
    if reading := outcome.reading:
        counts = {
            "engagement": len(reading.engagements),
            "quotation": len(reading.quotations),
            "claim": len(reading.claims),
        }
        said = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items())
        click.echo(f"{outcome.source}: {said}")


def _tell(outcomes: Iterable[Outcome], store: Store | None, total: int | None, show: Printer) -> int:
    """Print every outcome as it comes, errors on standard error; the exit status."""
    n_done = n_failed = 0
    try:
        with _Progress(total, as_lines=show is _print_line) as advance:
            for outcome in outcomes:
                n_done += 1
                n_failed += outcome.error is not None
                if outcome.error:
                    _say(str(outcome.error))
                show(outcome)
                advance()
    except KeyboardInterrupt:
        again = "the same command goes on from there" if store else "nothing was to be kept"
        _say(f"stopped; {n_done} done, {again}")
        return STOPPED
    finally:
        if store:
            store.close()
    return 1 if n_failed else 0


class _Progress:
    """A bar with rate and time left on standard error, where somebody looks at it and it is of use."""

    def __init__(self, total: int | None, *, as_lines: bool) -> None:
        self.total = total
        self.bar: Any = None
        piped = as_lines or not sys.stdout.isatty()  # lines of JSON must not be folded by a bar
        self.wanted = total != 1 and piped and sys.stderr.isatty()

    def __enter__(self) -> Callable[[], None]:
        if not self.wanted:
            return lambda: None
        from rich import progress
        from rich.console import Console

        self.bar = progress.Progress(
            progress.TextColumn("reading"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[rate]}"),
            progress.TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
            redirect_stdout=sys.stdout.isatty(),
            transient=True,
        )
        task = self.bar.add_task("", total=self.total, rate="")
        self.bar.start()
        return lambda: self._advance(task)

    def _advance(self, task: int) -> None:
        self.bar.advance(task)
        speed = self.bar.tasks[0].speed
        self.bar.update(task, rate=f"{speed:.1f} documents/s" if speed else "")

    def __exit__(self, *exc: object) -> None:
        if self.bar:
            self.bar.stop()


@cli.command(epilog=_examples("reread --store visits.db", "reread --jobs 2"))
@store_option
@jobs_option
@reader_option
def reread(store_path: str | None, jobs: int | None, reader: str) -> int:
    """Read every article of the record again.

    For a new version of the reader; documents, dates given by hand and judgements stay.
    """
    from dragoman.pipeline import reread as reread_store

    store = _open_store(store_path, readonly=False)
    total = store.status().n_documents
    with closing(reread_store(store, jobs=jobs or 1, reader=reader)) as outcomes:
        return _tell(outcomes, store, total, _print_line)


# Looking ----------------------------------------------------------------------------------------


@cli.command(
    epilog=_examples("show", "show article.txt", "show 'Nadia Ferran'", "show engagement-1f2e3d4c5b")
)
@click.argument("what", required=False)
@store_option
def show(what: str | None, store_path: str | None) -> None:
    """Show an article, a name or an engagement as all its reports tell it.

    WHAT is the name of a person, organisation or place, the id of an engagement, or an article: its
    id or the beginning of it, the file it was read from, or its title. Without it: the list of articles.
    """
    from dragoman.show import terminal

    with closing(_open_store(store_path)) as store:
        if what is None:
            _print(terminal.render_articles(store.articles()))
        elif what.startswith("engagement-"):
            _print(_render_engagement(store, what))
        else:
            _print(_render_named(store, what))


def _render_engagement(store: Store, engagement_id: str) -> Any:
    """An engagement as all its reports tell it, each with its words."""
    from dragoman.show.witnesses import build_hearing, render_hearing

    attested = store.attested(engagement_id)
    readings = [store.reading(id_) for id_ in dict.fromkeys(w.document for w in attested.witnesses)]
    homes = store.homes(entity.id for reading in readings for entity in reading.entities)
    return render_hearing(build_hearing(attested, readings, homes))


def _render_named(store: Store, what: str) -> Any:
    """An article where one goes by that name, else all about whoever bears it."""
    from dragoman.pipeline import find_article
    from dragoman.show import terminal

    try:
        return terminal.render_article(store.reading(find_article(store, what)))
    except NotFoundError:
        rows = store.named(what)
    if not rows:
        raise NotFoundError(f"the record has no article or name {what!r}; try: dragoman find {what!r}")
    return terminal.render_dossier(rows[0].name, (store.reading(id_) for id_ in rows[0].documents))


@cli.command(epilog=_examples("find communique", "find Mammadov", "find '\"joint statement\"' --limit 5"))
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N")
@store_option
def find(words: tuple[str, ...], limit: int, store_path: str | None) -> None:
    """Find words and names in everything that was read.

    Letters are compared as they sound in plain English: Mammadov finds Məmmədov.
    """
    from dragoman.show.terminal import render_hits

    with closing(_open_store(store_path)) as store:
        _print(render_hits(store.find(" ".join(words), limit=limit)))


@cli.command(epilog=_examples("report article.txt", "report 'Envoy in Tbilisi' -o visit.html"))
@click.argument("article")
@click.option("-o", "--output", default="report.html", show_default=True, metavar="FILE")
@store_option
def report(article: str, output: str, store_path: str | None) -> None:
    """Write an article and its record as one HTML file.

    The file needs nothing else and asks the network for nothing; its path is printed.
    """
    from dragoman.pipeline import find_article
    from dragoman.show.report import render_report

    with closing(_open_store(store_path)) as store:
        page = render_report(store.reading(find_article(store, article)))
    try:
        Path(output).write_text(page, encoding="utf-8")
    except OSError as exc:
        raise DragomanError(f"cannot write {output!r} ({exc.strerror}); name another file with -o") from exc
    click.echo(Path(output).resolve())


@cli.command(epilog=_examples("status", "status --store visits.db"))
@store_option
def status(store_path: str | None) -> None:
    """Say what the record holds and where it is."""
    with closing(_open_store(store_path)) as store:
        held = store.status()
    _print_rows(
        [
            ("record", held.path),
            ("size", f"{held.n_bytes / 1_000_000:.1f} MB"),
            ("articles", held.n_documents),
            ("names", held.n_entities),
            ("engagements", held.n_engagements),
            ("quotations", held.n_quotations),
            ("claims", held.n_claims),
            ("judgements", held.n_judgements),
            *(("read by", f"{reader}: {n} articles") for reader, n in held.readers),
        ]
    )


# Correcting -------------------------------------------------------------------------------------


@cli.command(epilog=_examples("redate article.txt 2026-03-14"))
@click.argument("article")
@click.argument("day", type=Day(), metavar="DATE")
@store_option
def redate(article: str, day: date, store_path: str | None) -> None:
    """Give an article its publication date.

    Every "this week" and "on Monday" is resolved against it, without reading the article again.
    """
    from dragoman.pipeline import redate_article
    from dragoman.show.terminal import render_article

    with closing(_open_store(store_path, readonly=False)) as store:
        _print(render_article(redate_article(store, article, day)))


@cli.command(epilog=_examples("forget article.txt", "forget 3f9c1a7b"))
@click.argument("article")
@store_option
def forget(article: str, store_path: str | None) -> None:
    """Remove an article from the record.

    Its text, its bytes and its reading go; what people judged about it stays.
    """
    from dragoman.pipeline import forget_article

    with closing(_open_store(store_path, readonly=False)) as store:
        article_id = forget_article(store, article)
    click.echo(f"forgot {article_id}")


# Asking -----------------------------------------------------------------------------------------


@cli.command(epilog=_examples("when 'mid-November' --published 2026-10-02", "when 'last Thursday'"))
@click.argument("expression")
@click.option(
    "--published", type=Day(), metavar="DATE", help="Publication date it is read against, YYYY-MM-DD."
)
def when(expression: str, published: date | None) -> None:
    """Say which stretch of time some words name, and why."""
    from dragoman.read.times.explain import explain_time

    _print_rows(explain_time(expression, published=published))


@cli.command(epilog=_examples("where Oghuz", "where Georgia --near US"))
@click.argument("name")
@click.option("--near", metavar="COUNTRY", help="Country the article is about, as a two-letter code.")
def where(name: str, near: str | None) -> None:
    """Say which place a name stands for, and why."""
    from dragoman.gazetteer import load_gazetteer
    from dragoman.read.locate import explain_place

    _print_rows(explain_place(name, near=near, gazetteer=load_gazetteer()))


@cli.command(epilog=_examples("completion bash >> ~/.bashrc", "completion zsh >> ~/.zshrc"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion of commands for a shell."""
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(cli, {}, "dragoman", "_DRAGOMAN_COMPLETE").source())


for _command in (*LEDGER_COMMANDS, *JUDGE_COMMANDS, *GIVE_COMMANDS, *SERVE_COMMANDS):
    cli.add_command(_command)
