"""The one-file report: complete, closed to the network, the same each time, legible."""

import base64
import hashlib
import html
import json
import re

import pytest
from lxml import html as parser

from dragoman.record import decode_reading
from dragoman.show.report import STYLES, read_template, render_report
from tests.show.samples import HOSTILE, TEXT, make_empty, make_hostile, make_reading

READINGS = {"sample": make_reading, "hostile": make_hostile, "empty": make_empty}


@pytest.fixture(scope="module", params=READINGS)
def page(request):
    reading = READINGS[request.param]()
    source = render_report(reading)
    return reading, source, parser.document_fromstring(source)


def test_render_report_is_deterministic():
    assert render_report(make_reading()) == render_report(make_reading())


def test_render_report_holds_the_text_exactly(page):
    reading, _, tree = page
    text = "".join(p.text_content() for p in tree.xpath('//div[starts-with(@class, "para")]/p'))
    assert text == reading.document.text


def test_render_report_lights_only_keys_it_has(page):
    _, _, tree = page
    cards = {card.get("id") for card in tree.xpath("//*[@data-card]")}
    used = {
        k
        for el in tree.xpath("//*[@data-c or @data-s]")
        for k in f"{el.get('data-c') or ''} {el.get('data-s') or ''}".split()
    }
    assert used <= cards
    assert all(tree.xpath(f'//p/span[contains(concat(" ", @data-c, " "), " {key} ")]') for key in cards)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {h[1:] for h in tree.xpath('//a[starts-with(@href, "#")]/@href')} <= set(ids)


def test_render_report_asks_for_nothing(page):
    _, source, tree = page
    assert not tree.xpath(
        '//link[not(starts-with(@href, "data:"))] | //img | //iframe | //object | //script[@src]'
    )
    assert not tree.xpath('//*[@style] | //@*[starts-with(name(), "on")]')
    assert "@import" not in source and "url(" not in "".join(map(read_template, STYLES)) + read_template(
        "picture.css"
    )
    assert not [h for h in tree.xpath("//a/@href") if not h.startswith(("#", "http"))]


def test_render_report_names_its_style_and_script_by_digest(page):
    _, source, tree = page
    policy = tree.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')[0]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    blocks = re.findall(r"<style>(.*?)</style>", source, re.S)
    blocks += re.findall(r"<script>(.*?)</script>", source, re.S)
    assert len(blocks) == 2
    for block in blocks:
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_render_report_carries_the_record(page):
    reading, source, _ = page
    (record,) = re.findall(r'<script type="application/json" id="record">(.*?)</script>', source, re.S)
    assert "<" not in record
    assert json.loads(record)["document"]["text"] == reading.document.text
    assert decode_reading(record) == reading


def test_render_report_escapes_every_word_of_the_article():
    source = render_report(make_hostile())
    assert HOSTILE not in source and "<img" not in source and "alert(1)>" not in source
    assert source.count("<script") == 2 and html.escape(HOSTILE)[:20] in source
    assert "{{ 7*7 }}" in source
    assert not re.search(r'href="javascript', source)


def test_render_report_shows_what_is_not_stated_and_not_dated():
    source = render_report(make_reading())
    assert "not stated" in source and "published 2024-03-05" in source
    assert "no publication date" in render_report(make_empty())
    assert "found no facts" in render_report(make_empty())


def test_render_report_lets_each_paragraph_find_its_direction():
    tree = parser.document_fromstring(render_report(make_reading()))
    paragraphs = tree.xpath('//div[starts-with(@class, "para")]/p')
    assert len(paragraphs) == 5 and all(p.get("dir") == "auto" for p in paragraphs)
    assert TEXT.strip().endswith(paragraphs[-1].text_content().strip())


THEMES = ("light", "dark")
PAIRS = [
    (ink, paper)
    for paper in ("paper", "card", "person-bg", "org-bg", "place-bg", "group-bg", "lit", "lit2", "notice")
    for ink in ("ink",)
] + [
    (ink, paper)
    for paper in ("paper", "card")
    for ink in (
        *("muted", "link", "person", "org", "place", "group", "time", "claim", "said", "key"),
        *("good", "bad", "held", "planned", "alleged"),
    )
]
PAIRS += [
    ("muted", "notice"),
    ("person", "person-bg"),
    ("org", "org-bg"),
    ("place", "place-bg"),
    ("key", "lit2"),
    ("muted", "lit2"),
]


def read_theme(theme):
    css = read_template("paper.css")
    light = dict(re.findall(r"--([\w-]+):(#\w+)", css[: css.index("@media")]))
    dark = css[css.index("@media (prefers-color-scheme:dark)") :].split("\n")[0]
    return light if theme == "light" else light | dict(re.findall(r"--([\w-]+):(#\w+)", dark))


def get_luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_report_colours_are_legible(theme, ink, paper):
    colours = read_theme(theme)
    a, b = sorted((get_luminance(colours[ink]), get_luminance(colours[paper])), reverse=True)
    assert (a + 0.05) / (b + 0.05) >= 4.5
