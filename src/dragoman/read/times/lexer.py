"""Tokens of a text that a time expression may be made of, each with the symbols it can stand for.

`time-words.tsv` holds the words; numerals and clock times are read here. A word outside both keeps
only itself, so that a pattern may name it literally.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from dragoman.settings import load_lexicon

TOKEN = re.compile(
    r"\d{4}-\d\d-\d\d(?!\d)"
    r"|\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?!\d)"
    r"|\d{4}[./]\d{1,2}[./]\d{1,2}(?!\d)"
    r"|\d{1,2}-\d{1,2}-\d{4}(?!\d)"
    r"|\d{1,2}/\d{4}(?!\d)|\d{4}/\d{1,2}(?![\d/])"
    r"|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)"
    r"|\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?![\d%])"
    r"|\d{1,2}(?:st|nd|rd|th)\b"
    r"|['’]?\d{2,4}s\b"
    r"|[QH][1-4]\b"
    r"|\d{1,3}(?:,\d{3})+"
    r"|\d+(?:\.\d+)?"
    r"|[ap]\.\s?m\.|[AP]\.M\."
    r"|[AB]\.(?:D|C)\.?(?:E\.?)?(?![A-Za-z])"
    r"|[^\W\d_]+"
    r"|[^\w\s]"
    r"|\n\s*\n"  # a blank line: no expression reaches over it
)
WORD_DOTTED = frozenset(
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
    ]
)
TENS_JOIN = frozenset("-‐‑")

QUARTERS = {"Q": "QUARTER", "H": "HALFYEAR"}

Symbols = dict[str, int | float | str]
MARKS: dict[str, Symbols] = {
    **{dash: {"DASH": 1} for dash in "-–—‐‑"},
    **{quote: {"APOSTROPHE": 1} for quote in "'’"},
    ",": {"COMMA": 1},
}


class Token(NamedTuple):
    """A token: where it stands, its lower-case word, and the value it has under each symbol."""

    start: int
    end: int
    word: str
    symbols: Symbols


@cache
def load_time_words() -> dict[str, tuple[tuple[str, int | str, bool], ...]]:
    """Word -> (symbol, value, must be capital)."""
    words: dict[str, list[tuple[str, int | str, bool]]] = {}
    for word, symbol, value, case in load_lexicon("time-words"):
        number = int(value) if value.lstrip("-").isdigit() else value
        words.setdefault(word, []).append((symbol, number, case == "capital"))
    return {word: tuple(rows) for word, rows in words.items()}


def find_tokens(text: str) -> list[Token]:
    """Every token of the text, in order; numerals of several words are one token."""
    words = load_time_words()
    tokens = []
    for match in TOKEN.finditer(text):
        raw = match.group()
        first = raw[0]
        if first in "'’" and len(raw) > 1:
            tokens.append(Token(match.start(), match.end(), raw, _read_decade(int(raw[1:-1]))))
            continue
        if first in "QH" and raw[-1].isdigit():
            tokens.append(Token(match.start(), match.end(), raw, {QUARTERS[first]: int(raw[1])}))
            continue
        if first.isdigit():
            tokens.append(Token(match.start(), match.end(), raw.lower(), _read_digits(raw)))
            continue
        word = raw.lower() if raw.isascii() else raw.casefold()
        rows = words.get(word)
        if rows is None:
            tokens.append(Token(match.start(), match.end(), word, _read_other(raw, word)))
            continue
        upper = first.isupper()
        symbols: Symbols = {symbol: value for symbol, value, capital in rows if upper or not capital}
        end = match.end()
        if word in WORD_DOTTED and symbols and text[end : end + 1] == ".":
            end += 1
        tokens.append(Token(match.start(), end, word, symbols))
    return _join_numerals(
        [t for i, t in enumerate(tokens) if not (t.word == "." and i and tokens[i - 1].end > t.start)]
    )


def _read_other(raw: str, word: str) -> Symbols:
    if len(raw) == 1 and raw in MARKS:
        return MARKS[raw]
    if len(word) > 2 and word[1] == ".":
        if word[0] in "ap" and word.endswith("m."):
            return {"MERIDIEM": 12 if word[0] == "p" else 0}
        return {"ERA": -1 if word[0] == "b" else 1}
    return {}


def _read_decade(year: int) -> Symbols:
    """1990s and '90s name a decade, 1700s a century, 2000s a decade again."""
    year += 1900 if year < 100 else 0
    if not 1000 <= year < 2200 or year % 10:
        return {}
    return {"CENTURY": year // 100} if year % 100 == 0 and year != 2000 else {"DECADE": year // 10}


def _read_digits(raw: str) -> Symbols:
    if raw.isdigit():
        value = int(raw)
        symbols: Symbols = {"NUM": value}
        if len(raw) == 4 and 1000 <= value <= 2199:
            symbols["YEAR"] = value
        elif len(raw) == 2 and (value < 30 and raw[0] == "0"):
            symbols["TWODIGIT"] = value
        return symbols
    if raw[-1] == "s":
        return _read_decade(int(raw[:-1]))
    if raw[-1].isalpha():
        return {"ORD": int(raw[:-2])}
    if "," in raw:
        return {"NUM": int(raw.replace(",", ""))}
    if "/" in raw and raw.count("/") == 1:
        return {"NUMERIC_MONTH": raw}
    if "-" in raw or "/" in raw or (raw.count(".") == 2 and len(raw) >= 8):
        return {"NUMERIC_DATE": raw}
    if ":" in raw or "." in raw:
        hour, minute = (int(x) for x in re.split("[:.]", raw)[:2])
        symbols = {}
        if hour < 25 and minute < 60 and len(re.split("[:.]", raw)[1]) == 2:
            symbols["CLOCK" if ":" in raw else "CLOCK_DOT"] = f"{hour:02}:{minute:02}"
        if "." in raw:
            symbols["NUM"] = float(raw) if raw.count(".") == 1 else 0
        return symbols
    return {}


def _join_numerals(tokens: list[Token]) -> list[Token]:
    """Tokens with spelled numerals made one: "twenty-five", "twenty-first", "two hundred"."""
    if not any("TENS" in t.symbols or "HUNDRED" in t.symbols for t in tokens):
        return tokens
    joined: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if "TENS" in token.symbols:
            i, token = _join_tens(tokens, i)
        elif "HUNDRED" in token.symbols and joined and isinstance(joined[-1].symbols.get("NUM"), int):
            before = joined.pop()
            token = _merge(before, token, {"NUM": int(before.symbols["NUM"]) * 100})
        joined.append(token)
        i += 1
    return joined


def _join_tens(tokens: list[Token], i: int) -> tuple[int, Token]:
    token = tokens[i]
    tens = int(token.symbols["TENS"])
    at = i + 2 if i + 1 < len(tokens) and tokens[i + 1].word in TENS_JOIN else i + 1
    if at < len(tokens):
        for symbol in ("NUM", "ORD"):
            ones = tokens[at].symbols.get(symbol)
            if isinstance(ones, int) and 1 <= ones <= 9 and tokens[at].word.isalpha():
                return at, _merge(token, tokens[at], {symbol: tens + ones})
    return i, token._replace(symbols={"NUM": tens})


def _merge(first: Token, last: Token, symbols: Symbols) -> Token:
    return Token(first.start, last.end, f"{first.word} {last.word}", symbols)
