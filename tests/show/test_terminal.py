"""Terminal views: complete at every width, plain when piped, never markup."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from dragoman.show.terminal import (
    render_article,
    render_articles,
    render_dossier,
    render_engagement,
    render_hits,
)
from tests.show.samples import make_empty, make_hostile, make_reading


def draw(renderable, width=100, terminal=False):
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, legacy_windows=False)
    console.print(renderable)
    return out.getvalue()


def squeeze(text):
    return "".join(text.split())


@pytest.mark.parametrize("width", [40, 60, 100, 160])
def test_render_article_fits_and_keeps_every_name(width):
    text = draw(render_article(make_reading()), width)
    assert max(len(line) for line in text.splitlines()) <= width
    for words in (
        "Odo",
        "Brann",
        "Norway",
        "Lia",
        "Sund",
        "Oslo",
        "planned",
        "cancelled",
        "alleged",
        "1891",
        "c3",
    ):
        assert words in text
    assert "notstated" in squeeze(text) and "2+1=3" in squeeze(text)


def test_render_article_is_plain_when_piped_and_coloured_on_a_terminal():
    assert "\x1b" not in draw(render_article(make_reading()))
    assert "\x1b[" in draw(render_article(make_reading()), terminal=True)


def test_render_article_never_reads_markup_or_obeys_controls():
    text = draw(render_article(make_hostile()), 160)
    assert "[red]x[/red]" in text and "\u202e" not in text


def test_render_article_of_nothing_says_so():
    assert "No facts were found" in draw(render_article(make_empty()))


@pytest.mark.parametrize("name", ["meet", "e1"])
def test_render_engagement_shows_the_words_of_each_slot(name):
    text = draw(render_engagement(make_reading(), name))
    assert "Words it rests on" in text and "where" in text and "“Oslo”" in text


def test_render_engagement_names_what_there_is():
    assert "it has e1, e2" in draw(render_engagement(make_reading(), "e99"))


def test_render_dossier_gathers_over_articles():
    text = draw(render_dossier("odo brann", [make_reading()]), 120)
    for words in ("Roles", "Engagements", "Said", "Lia Sund", "Tor Vik"):
        assert words in text
    assert "nobody and nothing is called" in draw(render_dossier("Nobody", [make_reading()]))


def test_render_articles_and_hits_draw_rows():
    row = SimpleNamespace(
        number=7,
        title="[b]Lake",
        published=None,
        publisher="Courier",
        n_engagements=2,
        n_quotations=0,
        n_claims=1,
    )
    assert "[b]Lake" in draw(render_articles([row])) and "no date" in draw(render_articles([row]))
    assert "Nothing read yet" in draw(render_articles([]))
    hit = SimpleNamespace(number=7, title="Lake", kind="person", name="Odo", words="Odo met", start=3, end=10)
    assert "3–10" in draw(render_hits([hit])) and "Nothing found" in draw(render_hits([]))
