"""Pieces of SVG shared by the pictures: escaped text, widths of words, labels that keep apart.

A picture carries class names only, no style and no ids, so that it may stand several times in one page
under the strictest policy and turn dark with it. `wrap_standalone` gives it its colours as a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from markupsafe import escape

from dragoman.record import Record

_NARROW = frozenset("iljtfrI.,:;'’‘“”()[]|! -–")
_WIDE = frozenset("mwMW—@%&…")


class Box(Record, frozen=True, kw_only=True):
    """A rectangle on a picture, in pixels, y downwards."""

    x: float
    y: float
    w: float
    h: float

    def overlaps(self, other: Box, gap: float = 1.0) -> bool:
        """Whether the two come closer than `gap` pixels."""
        return (
            self.x < other.x + other.w + gap
            and other.x < self.x + self.w + gap
            and self.y < other.y + other.h + gap
            and other.y < self.y + self.h + gap
        )


def measure(words: str, size: float = 12.0) -> float:
    """About how many pixels wide the words are in a sans-serif; rather too many than too few."""
    units = sum(
        0.32 if c in _NARROW else 0.92 if c in _WIDE else 0.68 if c.isupper() or ord(c) > 0x2E80 else 0.565
        for c in words
    )
    return units * size


def make_text(x: float, y: float, words: str, name: str = "", anchor: str = "start") -> str:
    """A line of text, escaped; `name` is its class."""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{fmt(x)}" y="{fmt(y)}"{_class(name)}{side}>{clean(words)}</text>'


def make_line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    """A straight line."""
    return f'<line x1="{fmt(x1)}" y1="{fmt(y1)}" x2="{fmt(x2)}" y2="{fmt(y2)}"{_class(name)}/>'


def make_rect(x: float, y: float, w: float, h: float, name: str, more: str = "") -> str:
    """A rectangle; `more` are further attributes of ours, never words of a report."""
    return f'<rect x="{fmt(x)}" y="{fmt(y)}" width="{fmt(w)}" height="{fmt(h)}"{_class(name)}{more}/>'


def make_path(d: str, name: str) -> str:
    """A path."""
    return f'<path d="{d}"{_class(name)}/>'


def make_link(key: str, inside: Iterable[str], title: str = "", href: str = "") -> str:
    """A group that leads to the card of the key, or to the page `href` where there is one."""
    tip = f"<title>{clean(title)}</title>" if title else ""
    at = f'href="{clean(href)}"' if href else f'href="#{clean(key)}" data-k="{clean(key)}"'
    return f'<a {at} class="k">{tip}{"".join(inside)}</a>'


def make_svg(width: float, height: float, label: str, inside: Iterable[str], name: str) -> str:
    """The picture. `group`, not `img`, for there are links in it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {fmt(width)} {fmt(height)}" '
        f'width="{fmt(width)}" height="{fmt(height)}" role="group" aria-label="{clean(label)}" '
        f'class="picture {name}">{"".join(inside)}</svg>'
    )


def wrap_standalone(svg: str) -> str:
    """The picture as a file of its own, with its colours, light and dark."""
    styles = files("dragoman").joinpath("show", "templates", "picture.css").read_text(encoding="utf-8")
    head, _, tail = svg.partition(">")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}><style>{clean(styles)}</style>{tail}\n'


def clean(words: str) -> str:
    """Words safe as XML text or attribute: escaped, without characters XML forbids."""
    allowed = (
        c if c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff" else " " for c in words
    )
    return str(escape("".join(allowed)))


def fmt(number: float) -> str:
    """A coordinate with at most one decimal, the same on every machine."""
    return f"{round(number, 1) + 0.0:.1f}".removesuffix(".0")


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
