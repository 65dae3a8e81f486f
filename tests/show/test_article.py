"""The view record: text in pieces, cards with their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.show.article import Card, Lit, build_article, cut_pieces
from tests.show.samples import TEXT, make_empty, make_hostile, make_reading

READINGS = {"sample": make_reading, "hostile": make_hostile, "empty": make_empty}


@pytest.mark.parametrize("name", READINGS)
def test_build_article_pieces_join_to_the_text(name):
    reading = READINGS[name]()
    article = build_article(reading)
    pieces = [piece for paragraph in article.paragraphs for piece in paragraph.pieces]
    assert "".join(piece.text for piece in pieces) == reading.document.text
    assert all(reading.document.text[p.start : p.end] == p.text for p in pieces)


def test_build_article_gives_every_card_words():
    article = build_article(make_reading())
    assert len({card.key for card in article.cards}) == len(article.cards) == 5 + 2 + 1 + 3 + 10 + 3
    for card in article.cards:
        assert card.core, card
        assert all(TEXT[lit.start : lit.end] == lit.text for lit in card.words)


def test_build_article_pieces_carry_only_known_keys():
    article = build_article(make_reading())
    keys = {card.key for card in article.cards}
    for paragraph in article.paragraphs:
        for piece in paragraph.pieces:
            assert keys >= {*piece.core, *piece.support, *piece.begins}
    assert [key for p in article.paragraphs for key in p.tags] == [
        *("e1", "q1", "c1", "c2", "c3"),
        *("e2", "e3", "e4", "e5"),
    ]


def test_build_article_lays_overlapping_words_over_each_other():
    article = build_article(make_reading())
    piece = next(p for q in article.paragraphs for p in q.pieces if p.text == "Oghuz" and "q1" in p.core)
    assert {"q1", "c2", "n2"} <= set(piece.core)
    assert piece.layers == ("place", "said", "claim")


def test_build_article_says_each_slot():
    article = build_article(make_reading())
    lines = {line.label: line for line in article.engagements[0].lines}
    assert [(v.text, v.note, v.detail) for v in lines["who"].values] == [
        ("Odo Brann", "for Norway", "host"),
        ("Lia Sund", "for Oghuz", ""),
    ]
    assert lines["where"].values[0].text == "Oslo"
    assert lines["about"].values[0].quoted == "the lake"
    assert not next(line for line in article.engagements[2].lines if line.label == "where").values


def test_build_article_of_nothing_has_no_cards():
    assert build_article(make_empty()).cards == ()


LENGTH = 40
SPANS = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).filter(lambda ends: ends[0] < ends[1])


@given(st.lists(st.tuples(SPANS, st.booleans()), max_size=8))
def test_cut_pieces_carries_exactly_the_keys_that_cover_each_character(spans):
    text = "".join(chr(ord("a") + i % 26) for i in range(LENGTH))
    cards = [
        Card(
            key=f"c{i}",
            id=str(i),
            group="claims",
            kind="count",
            title="",
            words=(Lit(start=a, end=b, text=text[a:b], slot="core", is_core=is_core),),
        )
        for i, ((a, b), is_core) in enumerate(spans)
    ]
    pieces = cut_pieces(text, cards)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        for position in range(piece.start, piece.end):
            covering = {c.key for c in cards if c.words[0].start <= position < c.words[0].end}
            assert covering == {*piece.core, *piece.support}
