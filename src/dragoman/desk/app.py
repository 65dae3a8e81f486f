"""The desk as an application: the record in a browser on this machine.

Here the pages meet their guard, and errors become pages. The statuses of errors are one table.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dragoman.desk import adding, briefing, comparing, deciding, feeds, fixing, leaving, pages, settings
from dragoman.desk.guard import Guard, make_token
from dragoman.desk.jobs import Jobs
from dragoman.desk.render import render
from dragoman.errors import DragomanError, NotFoundError, RecordError, StoreError
from dragoman.keep.store import Store
from dragoman.pipeline import READER

STATUSES: dict[type[DragomanError], int] = {
    NotFoundError: 404,
    StoreError: 503,
    RecordError: 500,
}  # any other refusal: 409
STATIC = {  # what the browser asks for: (folder, file) by name, with its media type
    "paper.css": ("show/templates", "text/css"),
    "picture.css": ("show/templates", "text/css"),
    "report.js": ("show/templates", "text/javascript"),
    "desk.css": ("desk/static", "text/css"),
    "brief.css": ("desk/static", "text/css"),
    "desk.js": ("desk/static", "text/javascript"),
    "htmx.min.js": ("desk/static", "text/javascript"),
}
PREFERS_DARK = b"(prefers-color-scheme:dark)"
log = logging.getLogger(__name__)


def today() -> str:
    """The ISO day on this machine."""
    return date.today().isoformat()


def make_desk(
    store_path: str | Path,
    *,
    readonly: bool = False,
    clock: Callable[[], str] = today,
    reader: str = READER,
    workers: int = 1,
    by: str = "desk",
) -> FastAPI:
    """The desk over one record; StoreError where it cannot be opened.

    Args:
        store_path: the record; made where there is none, unless `readonly`.
        readonly: nothing can be added or decided.
        clock: gives the ISO day that counts as today.
        reader: `module:function` that loads the reader, as `read_sources` takes it.
        workers: processes that read; 0 reads in this one, for tests.
        by: who decides.
    """
    path = Path(store_path)
    Store.open(path, readonly=readonly).close()

    @asynccontextmanager
    async def live(desk: FastAPI) -> AsyncIterator[None]:
        yield
        desk.state.jobs.close()

    desk = FastAPI(title="Dragoman", docs_url=None, redoc_url=None, openapi_url=None, lifespan=live)
    desk.state.store_path, desk.state.readonly, desk.state.today = path, readonly, clock
    desk.state.by = by
    desk.state.token, desk.state.jobs = make_token(), Jobs(path, reader=reader, workers=workers)
    desk.add_api_route("/static/{name}", give_static, methods=["GET"])
    desk.include_router(pages.router)
    desk.include_router(adding.router)
    desk.include_router(deciding.router)
    desk.include_router(comparing.router)
    desk.include_router(fixing.router)
    desk.include_router(settings.router)
    desk.include_router(briefing.router)
    desk.include_router(feeds.router)
    desk.include_router(leaving.router)
    desk.add_exception_handler(DragomanError, explain_error)
    desk.add_exception_handler(HTTPException, explain_status)
    desk.add_exception_handler(500, explain_failure)
    desk.add_middleware(Guard)
    return desk


def give_static(request: Request, name: str) -> Response:
    """A style or script of ours; the browser asks each time and gets it only when it changed."""
    if name not in STATIC:
        raise HTTPException(404, f"The desk has no file {name!r}.")
    body, tag = load_static(name, request.query_params.get("theme", ""))
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    return Response(body, media_type=STATIC[name][1], headers={"etag": tag})


def load_static(name: str, theme: str = "") -> tuple[bytes, str]:
    """The bytes of a file and its tag; a style for "light" or "dark" is so whatever the system prefers."""
    return _load_static(name, theme if theme in ("light", "dark") and name.endswith(".css") else "")


@cache
def _load_static(name: str, theme: str) -> tuple[bytes, str]:
    body = files("dragoman").joinpath(*STATIC[name][0].split("/"), name).read_bytes()
    if theme:
        body = body.replace(PREFERS_DARK, b"(min-width:0)" if theme == "dark" else b"(max-width:0)")
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def explain_error(request: Request, error: Exception) -> Response:
    """A page for an error of ours."""
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 409)
    if status == 404:
        return pages.not_found(request, str(error))
    return render(request, "error.html", status=status, code=status, reason=str(error))


def explain_status(request: Request, error: Exception) -> Response:
    """A page for a refusal."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        reason = (
            error.detail if error.detail != "Not Found" else f"The desk has no page {request.url.path!r}."
        )
        return pages.not_found(request, reason)
    return render(
        request, "error.html", status=error.status_code, code=error.status_code, reason=error.detail
    )


def explain_failure(request: Request, error: Exception) -> Response:
    """A page for what should not happen; the details go to the log, not to the browser."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    reason = f"This page could not be made ({type(error).__name__}). Nothing was changed; please report it."
    return render(request, "error.html", status=500, code=500, reason=reason)
