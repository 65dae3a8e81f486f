"""Every format the record leaves in, in one table: what it is, which tool reads it, who writes it.

The writers are loaded when they are used, so that listing the formats costs nothing. A new format is one
file with one function, and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from dragoman.errors import DragomanError
from dragoman.give.contents import Contents, Written

Writer = Callable[[Contents, BinaryIO], Written]


@dataclass(frozen=True)
class Format:
    """One format: its name on the command line, the end of a file's name, and who reads it.

    `module` and `function` say where the writer is. `extra` is what `pip install 'dragoman[...]'` needs for
    it, empty for nothing. `is_whole` where everything leaves unless told otherwise, rejected facts too.
    """

    name: str
    suffix: str
    module: str
    function: str
    media_type: str
    summary: str
    tools: str
    extra: str = ""
    is_whole: bool = False

    @property
    def is_text(self) -> bool:
        """Whether a terminal can show it."""
        return self.media_type != ZIP

    def load(self) -> Writer:
        """The function that writes it."""
        writer: Writer = getattr(import_module(self.module), self.function)
        return writer


def find_format(name: str) -> Format:
    """The format of that name; DragomanError that lists them all where there is none."""
    if name not in FORMATS:
        raise DragomanError(f"there is no format {name!r}; formats are {', '.join(sorted(FORMATS))}")
    return FORMATS[name]


ZIP = "application/zip"
_ROWS = """
jsonl          .jsonl   jsonl         application/jsonl
               the whole record; `dragoman import` gives it back | Dragoman, jq, anything that reads JSON
evidence       .zip     evidence      application/zip
               the same with all texts, hashes and a program that checks them | archives, editors, courts
ftm            .ftm.json ftm          application/json+ftm
               FollowTheMoney entities, one a line | OpenAleph, Aleph, OpenSanctions, nomenklatura
plover         .csv     plover        text/csv
               event rows with PLOVER and CAMEO codes | conflict and event-data research in R, Stata, Python
historian      .zip     historian     application/zip
               visits and travels as the Office of the Historian lists them | hand-made lists of visits
colt           .csv     colt          text/csv
               source, date, principal, role then, counterpart of each engagement | COLT and CLFEA data sets
graphml        .graphml graphml       application/graphml+xml
               graph of people, bodies, places and engagements | yEd, Cytoscape, networkx, igraph, Neo4j
gexf           .gexf    gexf          application/gexf+xml
               the same graph with its days | Gephi and its timeline
csv            .zip     tables        application/zip
               tables with a data dictionary | spreadsheets, R, Stata, SQL
parquet        .zip     tables        application/zip
               the same tables with types | pandas, polars, DuckDB, Spark
geojson        .geojson geojson       application/geo+json
               engagements on the map | QGIS, Leaflet, Kepler, GitHub
ics            .ics     ics           text/calendar
               engagements as all-day entries | any calendar
webannotation  .jsonld  webannotation application/ld+json
               facts pinned to the words of pages (W3C) | Hypothesis, Recogito, annotation servers
jsonld         .jsonld  jsonld        application/ld+json
               a graph in the words of schema.org | triple stores, search engines, Wikidata tools
markdown       .md      markdown      text/markdown
               a sourced brief | people, Pandoc, Obsidian, mail
brat           .zip     brat          application/zip
               texts with stand-off annotations | brat, INCEpTION, WebAnno, spaCy
ann            .zip     corpus        application/zip
               marked texts of our corpus | training and scoring of Dragoman
"""
_EXTRAS = {"parquet": "parquet"}
_WHOLE = frozenset({"jsonl", "evidence"})


def _make_formats(rows: str) -> dict[str, Format]:
    """Formats by name, from two lines each."""
    lines = rows.strip().split("\n")
    formats = {}
    for head, told in zip(lines[::2], lines[1::2], strict=True):
        name, suffix, module, media_type = head.split()
        summary, _, tools = told.strip().partition(" | ")
        formats[name] = Format(
            name=name,
            suffix=suffix,
            module=f"dragoman.give.{module}",
            function=f"write_{name}",
            media_type=media_type,
            summary=summary,
            tools=tools,
            extra=_EXTRAS.get(name, ""),
            is_whole=name in _WHOLE,
        )
    return formats


FORMATS = _make_formats(_ROWS)
