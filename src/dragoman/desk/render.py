"""From views to HTML: the templates, and the few words and links they need.

Every value a template prints is escaped; the only marked-up values are pictures, escaped where drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dragoman.concord import Attested
from dragoman.desk.settings import read_choices
from dragoman.give.formats import FORMATS
from dragoman.keep.rows import NameRow, SourceRow
from dragoman.record import Slot
from dragoman.show.report import load_environment
from dragoman.show.witnesses import FIELDS
from dragoman.show.wording import clip, describe_days, title_attested, write_day
from dragoman.text import fold_name

SECTIONS = (
    ("/articles", "Articles", "a"),
    ("/engagements", "Engagements", "e"),
    ("/entities", "People & organisations", "p"),
    ("/said", "Said", "s"),
    ("/claims", "Claims", "c"),
    ("/timeline", "Timeline", "t"),
    ("/network", "Network", "n"),
    ("/map", "Map", "m"),
    ("/review", "Review", "r"),
    ("/history", "History", "h"),
)
AGREEMENTS = {
    "alone": "one report",
    "agree": "reports agree",
    "add": "told by some",
    "differ": "reports differ",
}
KINDS = {"person": "person", "organization": "organisation", "place": "place", "group": "group"}
_WORD = re.compile(r"[^\W_]+")


@cache
def load_templates() -> Environment:
    """The templates of the desk before those of the report."""
    environment = load_environment("desk/templates")
    environment.filters |= {
        "clip": clip,
        "day": lambda day: write_day(day) if day else "",
        "days": describe_days,
        "many": count,
        "source": name_source,
    }
    environment.tests["contains_former"] = lambda flags: "former" in flags
    environment.globals |= {
        "sections": SECTIONS,
        "agreements": AGREEMENTS,
        "kinds": KINDS,
        "title_of": title_of,
        "mark": mark_words,
        "fields_of": name_fields,
        "formats": tuple(FORMATS.values()),
    }
    return environment


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page; `values` are what the template names."""
    state = request.app.state
    known = {
        "path": request.url.path,
        "token": state.token,
        "readonly": state.readonly,
        "running": state.jobs.n_running,
        "chosen": read_choices(request),
        "query": request.query_params.get("q", "") if request.url.path == "/search" else "",
    }
    html = load_templates().get_template(template).render(**known, **values)
    return HTMLResponse(html, status_code=status)


def count(n: int, one: str, more: str = "") -> str:
    """A number with its noun.

    >>> count(1, "report"), count(1200, "engagement"), count(2, "person", "people")
    ('1 report', '1,200 engagements', '2 people')
    """
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def title_of(fact: Attested, names: Mapping[str, NameRow]) -> str:
    """The title of an engagement."""
    return title_attested(fact, {i: row.name for i, row in names.items()})


def name_fields(slots: Iterable[Slot]) -> str:
    """The fields in which reports differ, in a few words."""
    return ", ".join(FIELDS.get(slot, str(slot)) for slot in slots)


def name_source(source: SourceRow) -> str:
    """Who published an article and when, in a few words."""
    day = write_day(source.published) if source.published else "undated"
    return f"{source.publisher or 'source not stated'}, {day}"


def mark_words(text: str, words: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words asked for."""
    wanted = {fold_name(word) for word in _WORD.findall(words)}
    last = 0
    for match in _WORD.finditer(text):
        if fold_name(match.group()) in wanted:
            yield text[last : match.start()], False
            yield match.group(), True
            last = match.end()
    yield text[last:], False
