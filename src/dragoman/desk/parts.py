"""What every form needs: its fields as text and numbers, the time, and the page to go back to."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.datastructures import FormData


def get_text(form: FormData, name: str) -> str:
    """The text of a field, empty where there is none."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def get_number(form: FormData, name: str) -> int:
    """The number in a field, 0 where there is none."""
    value = get_text(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0


def tell_time() -> str:
    """The time now in UTC, as judgements have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def to_path(back: str) -> str:
    """The page to go back to, if it is one of the desk.

    >>> to_path("/a/1#e1"), to_path("//evil.example"), to_path("https://evil.example")
    ('/a/1#e1', '/', '/')
    """
    is_own = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if is_own else "/"
