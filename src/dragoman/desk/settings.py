"""What a person chose for this browser: their name, keys, layers and theme; kept in one cookie.

Nothing of it is part of the record. Keys are named by the letter they have where nobody changed them.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dragoman.desk.guard import read_form
from dragoman.record import Record
from dragoman.show.report import LAYER_NAMES

router = APIRouter()
COOKIE = "dragoman"
YEAR = 31_536_000  # seconds
THEMES = ("auto", "light", "dark")
KEYS = {
    "a": "yes: accept, same",
    "x": "no: reject, different",
    "s": "later",
    "f": "fix",
    "u": "take back",
    "A": "accept these, after a question",
    "j": "next row or fact",
    "k": "previous row or fact",
    "o": "open",
    "n": "next words of a fact",
    "p": "previous words of a fact",
    "y": "copy words with source and link",
    "g": "go to a page, with a second letter",
}
MOST_NAME = 60  # characters


class Choices(Record, frozen=True, kw_only=True):
    """What was chosen; `keys` holds only those that were changed, `hidden` the layers not shown at first."""

    name: str = ""
    has_keys: bool = True
    keys: dict[str, str] = msgspec.field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    theme: str = "auto"

    @property
    def keymap(self) -> str:
        """What each key stands for, as JSON: a letter given to something else stands for nothing."""
        moved = dict.fromkeys(self.keys, "")
        return json.dumps(moved | {key: letter for letter, key in self.keys.items()}, sort_keys=True)

    def key(self, letter: str) -> str:
        """The key that does what a letter does where nobody changed it."""
        return self.keys.get(letter, letter)


def read_choices(request: Request) -> Choices:
    """The choices a browser sent; a cookie that cannot be read counts as none."""
    try:
        body = base64.urlsafe_b64decode(request.cookies.get(COOKIE, "").encode())
        found = msgspec.json.decode(body, type=Choices)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return Choices()
    theme = found.theme if found.theme in THEMES else "auto"
    keys = {} if find_clash(found.keys) else {k: v for k, v in found.keys.items() if k in KEYS}
    return replace(found, theme=theme, keys=keys, name=clean_name(found.name))


def find_clash(keys: Mapping[str, str]) -> str:
    """What is wrong with keys, as a sentence; empty where nothing is.

    >>> find_clash({"a": "x"})
    '“x” would stand for two things.'
    """
    every = [keys.get(letter, letter) for letter in KEYS]
    for key in every:
        if len(key) != 1 or not key.isprintable() or key.isspace() or key.isdigit():
            return f"“{key[:12]}” is no single letter or sign."
        if key in "/?[]":
            return f"“{key}” is taken: it searches, explains or turns pages."
    return next((f"“{key}” would stand for two things." for key in every if every.count(key) > 1), "")


def clean_name(name: str) -> str:
    """A name as it is written into the record."""
    return " ".join("".join(c for c in name if c.isprintable()).split())[:MOST_NAME]


def find_by(request: Request) -> str:
    """Who decides: the name chosen in this browser, else the one the desk was started with."""
    return read_choices(request).name or str(request.app.state.by)


@router.get("/settings")
def show_settings(request: Request) -> Response:
    """Name, keys, layers and theme."""
    return _render(request, read_choices(request), "")


@router.post("/settings")
async def keep_settings(request: Request) -> Response:
    """Keep what was chosen, in this browser."""
    async with read_form(request, is_change=False) as form:
        sent = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        shown = {value for name, value in form.multi_items() if name == "layer"}
    keys = {letter: sent.get(f"key-{letter}", letter).strip() or letter for letter in KEYS}
    chosen = Choices(
        name=clean_name(sent.get("name", "")),
        has_keys=sent.get("has_keys") == "yes",
        keys={letter: key for letter, key in keys.items() if key != letter},
        hidden=tuple(name for name, _ in LAYER_NAMES if name not in shown),
        theme=sent.get("theme", "auto") if sent.get("theme") in THEMES else "auto",
    )
    if clash := find_clash(chosen.keys):
        return _render(request, chosen, clash)
    answer = RedirectResponse("/settings?kept=yes", status_code=303)
    body = base64.urlsafe_b64encode(msgspec.json.encode(chosen)).decode()
    if len(body) > 3800:
        raise HTTPException(422, "This is more than a browser keeps. Nothing was changed.")
    answer.set_cookie(COOKIE, body, max_age=YEAR, httponly=True, samesite="strict")
    return answer


def _render(request: Request, chosen: Choices, wrong: str) -> Response:
    from dragoman.desk.render import render

    known: dict[str, Any] = {"edited": chosen, "wrong": wrong, "layers": LAYER_NAMES, "letters": KEYS}
    kept = request.query_params.get("kept") == "yes"
    status = 422 if wrong else 200
    return render(
        request, "settings.html", status=status, kept=kept, by=request.app.state.by, themes=THEMES, **known
    )
