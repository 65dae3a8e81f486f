"""Full text: the one place that speaks a dialect. SQLite's FTS5 today; another database adds its own.

The indexes are `content_index` (title, text and the folded words of an article), `name_index` and
`engagement_index`; the first migration makes them and their triggers. unicode61 takes marks off
letters, but ə is a letter of its own: so every word is asked for as written or folded.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnClause, Connection, Integer, Select, literal_column, select, text

from dragoman.text import fold_name

_TOKEN = re.compile(r"[^\W_]+")
MOST_TOKENS = 32  # words of one search; more are left out, a longer query is a pasted text


def split_words(words: str) -> tuple[str, ...]:
    """The words of a search without any sign, so that none of them can be an operator."""
    return tuple(_TOKEN.findall(words))[:MOST_TOKENS]


def fold_words(words: str) -> str:
    """Words in plain letters, apart by single spaces, as the indexes hold them."""
    return " ".join(_TOKEN.findall(fold_name(words)))


def fold_foreign(words: str) -> str:
    """The folded form of those words that plain-letter search would miss, each once."""
    foreign = dict.fromkeys(word for word in _TOKEN.findall(words) if not word.isascii())
    return " ".join(filter(None, map(fold_words, foreign)))


def make_query(words: str) -> str:
    """An FTS5 query for articles and engagements that hold all the words; empty for none."""
    return " AND ".join(
        "(" + " OR ".join(f'"{form}"' for form in dict.fromkeys((word, fold_words(word))) if form) + ")"
        for word in split_words(words)
    )


def match(connection: Connection, table: str, query: str, *, limit: int) -> list[tuple[int, float]]:
    """The numbers of the rows of `table` that match, best first, each with a score in (0, 1)."""
    rows = connection.execute(
        text(
            f"SELECT rowid, bm25({table}_index) FROM {table}_index WHERE {table}_index MATCH :query "  # noqa: S608
            "ORDER BY rank LIMIT :limit"
        ),
        {"query": query, "limit": limit},
    )
    return [(number, -rank / (1 - rank)) for number, rank in rows if rank <= 0]


def select_matching(table: str, words: str) -> Select[Any]:
    """The numbers of the rows of `table` that hold all the words, as a part of another query."""
    index: ColumnClause[Any] = literal_column(f"{table}_index")
    return (
        select(literal_column("rowid", Integer))
        .select_from(text(f"{table}_index"))
        .where(index.op("MATCH")(make_query(words) or '""'))
    )


def match_names(connection: Connection, folded: str, *, limit: int, is_open: bool = False) -> list[int]:
    """The numbers of the names that hold all words of `folded`, the shortest first.

    `is_open` lets the last word be the beginning of one, as it is typed.
    """
    query = " AND ".join(f'"{word}"' for word in split_words(folded))
    if not query:
        return []
    query += "*" if is_open else ""
    rows = connection.execute(
        text(
            "SELECT number FROM name WHERE number IN "
            "(SELECT rowid FROM name_index WHERE name_index MATCH :query) "
            "ORDER BY length(folded), folded LIMIT :limit"
        ),
        {"query": query, "limit": limit},
    )
    return [number for (number,) in rows]


def purge(connection: Connection) -> None:
    """Rewrite the indexes without the words of deleted rows, which FTS5 otherwise only marks."""
    for table in ("content", "name", "engagement"):
        connection.execute(text(f"INSERT INTO {table}_index({table}_index) VALUES ('optimize')"))  # noqa: S608
