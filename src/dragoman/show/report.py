"""One article as one HTML file: text left, record right, pictures below, and the record itself inside.

The file asks for nothing: styles and script are in it and named by their digests in its own policy, so a
browser runs these and no others. Words of the article are only ever escaped text. It works without
script, too: links lead from words to facts and back, and the chosen fact is lit by style alone.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dragoman.record import Reading, encode_reading
from dragoman.show.article import Article, Card, Piece, build_article
from dragoman.show.ladder import draw_ladder, list_rungs
from dragoman.show.map import draw_map, list_spots
from dragoman.show.network import draw_network, list_links
from dragoman.show.timeline import draw_timeline, list_claim_bars, list_engagement_bars

WIDE, NARROW, HALF = 1240, 760, 600  # pixels: on a screen, on paper and phones, side by side
MOST_BESIDE = 20  # nodes up to which the network stands beside the map; above it both take the full width
STYLES = ("paper.css", "report.css", "picture.css")
LAYER_NAMES = (
    ("person", "People"),
    ("organization", "Organisations"),
    ("place", "Places"),
    ("group", "Groups"),
    ("time", "Times"),
    ("said", "Said"),
    ("claim", "Claims"),
    ("engagement", "Engagements"),
)
_UNSAFE_JSON: dict[str, str | int | None] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def render_report(reading: Reading, *, countries: Collection[str] = ()) -> str:
    """The whole report as HTML; the same reading gives the same bytes.

    `countries` are ids of places known to be states: they are drawn as rings, not dots.
    """
    article = build_article(reading)
    style = "".join(map(read_template, STYLES)) + light_targets(article.cards)
    script = read_template("report.js")
    html = (
        load_environment()
        .get_template("report.html")
        .render(
            article=article,
            layers=LAYER_NAMES,
            counts=count_layers(article),
            link=get_link(article.url),
            pictures=draw_pictures(reading, countries=countries),
            policy=make_policy(style, script),
            style=Markup(style),  # noqa: S704 (our own file and keys)
            script=Markup(script),  # noqa: S704 (our own file)
            record=Markup(encode_record(reading)),  # noqa: S704 (escaped for a data block)
        )
    )
    return f"{html.rstrip()}\n"


def draw_pictures(reading: Reading, *, countries: Collection[str] = ()) -> dict[str, Markup]:
    """The pictures of an article by name; a picture with nothing to show is left out."""
    facts, claims = list_engagement_bars(reading), list_claim_bars(reading)
    published = reading.document.published
    nodes, edges = list_links(reading)
    spots = list_spots(reading, countries=countries)
    drawn: dict[str, str] = {}
    if rungs := list_rungs(reading):
        drawn["ladder"] = draw_ladder(rungs, width=WIDE)
        drawn["ladder_narrow"] = draw_ladder(rungs, width=NARROW)
    if facts:
        drawn["timeline"] = draw_timeline(facts, width=WIDE, published=published)
        drawn["timeline_narrow"] = draw_timeline(facts, width=NARROW, published=published)
    if claims:
        drawn["claims"] = draw_timeline(claims, width=WIDE)
        drawn["claims_narrow"] = draw_timeline(claims, width=NARROW)
    widths = {"": WIDE, "_narrow": NARROW} if len(nodes) > MOST_BESIDE else {"": HALF}
    for suffix, width in widths.items():
        if edges:
            drawn[f"network{suffix}"] = draw_network(nodes, edges, width=width)
        if spots:
            drawn[f"map{suffix}"] = draw_map(spots, width=width)
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 (escaped where drawn)


def encode_record(reading: Reading) -> str:
    """The record as JSON that cannot end the script element it stands in; it decodes to the same reading."""
    text = encode_reading(reading).decode("utf-8")
    return text.translate(str.maketrans(_UNSAFE_JSON))


def make_policy(style: str, script: str) -> str:
    """The content security policy: nothing may be asked for, and only this style and script may be used."""
    return (
        f"default-src 'none'; style-src {make_digest(style)}; script-src {make_digest(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def make_digest(source: str) -> str:
    """A source expression for the exact content of an inline element."""
    digest = hashlib.sha256(source.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def light_targets(cards: Iterable[Card]) -> str:
    """Style that lights the words of the card a link leads to, for readers without script."""
    rules = []
    for key in (card.key for card in cards):
        rules.append(f'html:not(.js):has(#{key}:target) [data-c~="{key}"]{{background:var(--lit)}}')
        rules.append(f'html:not(.js):has(#{key}:target) [data-s~="{key}"]{{background:var(--lit2)}}')
    return "\n".join(rules) + "\n"


def make_attributes(piece: Piece) -> Markup:
    """Class and keys of a piece of text; keys and layers are ours, never words of the article."""
    parts = [f'class="w {" ".join(piece.layers)}"'.replace(' "', '"')]
    parts += [f'data-c="{" ".join(piece.core)}"'] if piece.core else []
    parts += [f'data-s="{" ".join(piece.support)}"'] if piece.support else []
    return Markup(" ".join(parts))  # noqa: S704 (keys and layers are ours)


@cache
def read_template(name: str) -> str:
    """A file of `show/templates`."""
    return files("dragoman").joinpath("show", "templates", name).read_text(encoding="utf-8")


@cache
def load_environment(*folders: str) -> Environment:
    """The templates of `show`, behind those of other folders of the package; every value is escaped."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("dragoman", f) for f in (*folders, "show/templates")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["attributes"] = make_attributes
    return environment


def get_link(url: str | None) -> str | None:
    """The address of the source where a browser may follow it; other schemes are shown, not linked."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def count_layers(article: Article) -> dict[str, int]:
    """How many cards each layer of the text has, by name."""
    counts = {name: sum(card.kind == name for card in article.entities) for name, _ in LAYER_NAMES[:4]}
    counts |= {"time": len(article.times), "said": len(article.quotations)}
    return counts | {"claim": len(article.claims), "engagement": len(article.engagements)}
