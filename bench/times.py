"""Time expressions a second: resolving spans, finding in text, and dateparser beside it where installed.

    PYTHONPATH=src python bench/times.py [--repeat N]

One core. "first reading" clears the memory of parsed expressions before every round; "again" does not,
as in a batch of articles, where the same words come back.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable
from datetime import date, datetime

from dragoman.read.times.find import find_times
from dragoman.read.times.parse import load_rules, parse_expression
from dragoman.read.times.resolve import resolve_times
from dragoman.record import Span

PUBLISHED = date(2023, 11, 15)
PER_ARTICLE = 12  # times in one article


def make_articles(copies: int) -> list[tuple[str, list[Span]]]:
    """Texts of twelve sentences, each with one time of the grammar's own examples."""
    examples = [rule.example for rule in load_rules() if rule.value and "," not in rule.example] * copies
    articles = []
    for at in range(0, len(examples), PER_ARTICLE):
        text, spans = "", []
        for number, words in enumerate(examples[at : at + PER_ARTICLE]):
            text += (
                f"Envoy {number} met the council of Osk in "
                if number % 2
                else "The two sides will sign the accord "
            )
            spans.append(Span(start=len(text), end=len(text) + len(words)))
            text += f"{words} and left the town without a word to the press. "
        articles.append((text, spans))
    return articles


def measure(name: str, count: int, run: Callable[[], object], repeat: int) -> None:
    """Print the best of some rounds."""
    best = min(_seconds(run) for _ in range(repeat))
    print(f"{name:34} {count / best:12,.0f} expressions/s")


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    articles = make_articles(10)
    count = sum(len(spans) for _, spans in articles)
    words = [text[s.start : s.end] for text, spans in articles for s in spans]

    def resolve() -> None:
        for text, spans in articles:
            resolve_times(text, spans, (), published=PUBLISHED)

    def resolve_first() -> None:
        parse_expression.cache_clear()
        resolve()

    measure("resolve spans, first reading", count, resolve_first, repeat)
    measure("resolve spans, again", count, resolve, repeat)
    measure("parse words only, again", count, lambda: [parse_expression(w) for w in words], repeat)
    measure(
        "find and resolve in text",
        count,
        lambda: [find_times(t, (), published=PUBLISHED) for t, _ in articles],
        repeat,
    )
    try:
        dateparser = importlib.import_module("dateparser")
    except ModuleNotFoundError:
        print("dateparser is not installed: pip install dragoman[bench]")
        return
    base = {"RELATIVE_BASE": datetime(2023, 11, 15)}
    some = words[:200]
    measure(
        "dateparser.parse",
        len(some),
        lambda: [dateparser.parse(w, languages=["en"], settings=base) for w in some],
        1,
    )


if __name__ == "__main__":
    main()
