"""What a page states about its article: title, publication date, publisher, byline.

Read in a fixed order of trust, and every date with its source: JSON-LD, meta, `time`, dateline,
address. A clock of the page ("Today: …") and a date later than the retrieval are never taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from dragoman.acquire.blocks import find_dateline_day, is_date_line
from dragoman.acquire.dates import find_url_day, parse_past_day
from dragoman.record import DateSource, Record

ARTICLE_TYPES = ("Article", "BlogPosting", "Report")  # ends of schema.org types of what is published
DATE_METAS = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date-published",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "article.published",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "cxenseparse:recs:publishtime",
    "date",
)
CHANGED = re.compile(r"updat|modif|relative|today|current|clock|comment", re.IGNORECASE)
SHOWN_DATE = re.compile(
    r"\b(?:date|dateline|published|posted|pubdate|timestamp|entry-date|post-date|article-date)\b",
    re.IGNORECASE,
)
MAX_LD_OBJECTS = 5_000  # objects looked at in one page
MAX_TITLE = 300  # characters


class PageFacts(Record, frozen=True, kw_only=True):
    """The facts of one page; `heading` is its visible `h1`, `title` the best of all titles."""

    title: str | None = None
    heading: str | None = None
    published: str | None = None
    published_source: DateSource | None = None
    publisher: str | None = None
    url: str | None = None

    def complete(self, text: str, *, url: str | None, retrieved: str | None) -> PageFacts:
        """These facts, with the date of a dateline in `text` or of the address where none was found."""
        if self.published:
            return self
        day = find_dateline_day(text)
        day = parse_past_day(day, retrieved) if day else None
        where = DateSource.DATELINE
        if day is None and (address := url or self.url):
            day, where = find_url_day(address, retrieved), DateSource.URL
        return _replace_date(self, day, where)


def find_page_facts(tree: etree._Element, *, url: str | None, retrieved: str | None) -> PageFacts:
    """What the head of the page and its `time` elements state."""
    metas = _list_metas(tree)
    objects = list(_iter_ld(tree))
    articles = [found for found in objects if _is_article(found)]
    publisher = _clean(metas.get("og:site_name")) or _find_ld_publisher(articles or objects)
    headings = [words for node in tree.iter("h1") if (words := _clean(str(node.xpath("string()"))))]
    heading = headings[0] if headings else None
    day, where = _find_day(tree, articles, metas, retrieved)
    return PageFacts(
        title=_find_title(tree, metas, articles, heading, publisher),
        heading=heading,
        published=day,
        published_source=where if day else None,
        publisher=publisher,
        url=_find_address(tree, metas) if url is None else url,
    )


def _find_day(
    tree: etree._Element, articles: list[dict[str, Any]], metas: dict[str, str], retrieved: str | None
) -> tuple[str | None, DateSource]:
    for found in articles:
        stated = found.get("datePublished")
        if isinstance(stated, str) and (day := parse_past_day(stated, retrieved)):
            return day, DateSource.JSON_LD
    for name in DATE_METAS:
        if day := parse_past_day(metas.get(name, ""), retrieved):
            return day, DateSource.META
    if day := _find_time_day(tree, retrieved):
        return day, DateSource.TIME_ELEMENT
    return _find_shown_day(tree, retrieved), DateSource.DATELINE


def _find_time_day(tree: etree._Element, retrieved: str | None) -> str | None:
    """The first `time` of the article that is not about a change; outside one, only if all agree."""
    inside = _list_times(tree.xpath("//article//time[@datetime] | //main//time[@datetime]"), retrieved)
    marked = _list_times(
        tree.xpath("//time[@datetime and (@pubdate or @itemprop='datePublished')]"), retrieved
    )
    everywhere = _list_times(tree.xpath("//time[@datetime]"), retrieved)
    if marked or inside:
        return (marked or inside)[0]
    return everywhere[0] if len(set(everywhere)) == 1 else None


def _list_times(nodes: list[etree._Element], retrieved: str | None) -> list[str]:
    return [
        day
        for node in nodes
        if not _is_changed(node) and (day := parse_past_day(node.get("datetime", ""), retrieved))
    ]


def _find_shown_day(tree: etree._Element, retrieved: str | None) -> str | None:
    """A date the page shows in an element named for it, and nothing else in it."""
    for node in tree.iter("span", "div", "p", "li", "time", "em", "small"):
        if SHOWN_DATE.search(node.get("class", "")) and not _is_changed(node) and not len(node):
            words = _clean(str(node.xpath("string()"))) or ""
            if (
                is_date_line(words)
                and not CHANGED.search(words)
                and (day := parse_past_day(words, retrieved))
            ):
                return day
    return None


def _is_changed(node: etree._Element) -> bool:
    named = f"{node.get('class', '')} {node.get('id', '')} {node.get('itemprop', '')}"
    parent = node.getparent()
    above = (
        ""
        if parent is None or parent.tag in ("body", "article", "main")
        else parent.get("class", "") + _lead(parent)
    )
    inside_aside = any(up.tag in ("aside", "nav", "footer") for up in node.iterancestors())
    return inside_aside or bool(CHANGED.search(f"{named} {above}"))


def _lead(node: etree._Element) -> str:
    """The words right at the start of an element: "Updated " before its `time`."""
    return (node.text or "")[:40]


def _list_metas(tree: etree._Element) -> dict[str, str]:
    """Content of every meta by its lower-case name; the first of a name counts."""
    metas: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name and node.get("content"):
            metas.setdefault(name.strip().lower(), node.get("content"))
    return metas


def _iter_ld(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, outer ones first; broken JSON-LD is passed over."""
    for node in tree.iter("script"):
        if "ld+json" not in (node.get("type") or ""):
            continue
        try:
            waiting = [json.loads(node.text or "null", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(MAX_LD_OBJECTS):
            if not waiting:
                break
            value = waiting.pop(0)
            if isinstance(value, dict):
                yield value
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)


def _is_article(found: dict[str, Any]) -> bool:
    kinds = found.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.endswith(ARTICLE_TYPES) for name in names)


def _find_ld_publisher(objects: list[dict[str, Any]]) -> str | None:
    for found in objects:
        publisher = found.get("publisher")
        publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
        name = publisher.get("name") if isinstance(publisher, dict) else publisher
        if isinstance(name, str) and _clean(name):
            return _clean(name)
    return None


def _find_title(
    tree: etree._Element,
    metas: dict[str, str],
    articles: list[dict[str, Any]],
    heading: str | None,
    publisher: str | None,
) -> str | None:
    headlines = [found["headline"] for found in articles if isinstance(found.get("headline"), str)]
    head = [str(node.xpath("string()")) for node in tree.iter("title")]
    candidates = (metas.get("og:title"), *headlines[:1], heading, *head[:1])
    titles = [_strip_publisher(words, publisher) for value in candidates if (words := _clean(value))]
    if heading and any(title.startswith(heading) for title in titles):
        return heading  # the page shows its title without the name of the site
    return titles[0] if titles else None


def _strip_publisher(title: str, publisher: str | None) -> str:
    if publisher:
        title = re.sub(rf"\s*[|–—-]\s*{re.escape(publisher)}\s*$", "", title) or title
    return title


def _find_address(tree: etree._Element, metas: dict[str, str]) -> str | None:
    links = tree.xpath("//link[@rel='canonical']/@href")
    address = _clean(str(links[0]) if links else metas.get("og:url"))
    return address if address and address.startswith(("http://", "https://")) else None


def _replace_date(facts: PageFacts, day: str | None, where: DateSource) -> PageFacts:
    if day is None:
        return facts
    return msgspec.structs.replace(facts, published=day, published_source=where)


def _clean(value: str | None) -> str | None:
    words = " ".join((value or "").split())[:MAX_TITLE]
    return words or None
