"""Adding articles: pasted, uploaded or by address; and the jobs that read them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dragoman.acquire.sources import SUFFIXES, Given
from dragoman.desk.asked import read_day
from dragoman.desk.guard import read_form
from dragoman.desk.jobs import Job, Jobs
from dragoman.desk.render import render

router = APIRouter()
_UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80  # characters of the name of an uploaded file


@router.get("/add")
def show_add(request: Request) -> Response:
    """The page with the three ways in."""
    return render(request, "add.html", wrong="", given={}, suffixes=sorted(SUFFIXES))


@router.post("/add/text")
async def add_text(request: Request) -> Response:
    """Read a pasted text."""
    form = await read_form(request)
    text = _get(form, "text")
    if not text:
        return _refuse(request, form, "Nothing was pasted. Put the words of one article into the box.")
    given, wrong = _read_given(form)
    if given is None:
        return _refuse(request, form, wrong)
    folder = Path(tempfile.mkdtemp(prefix="dragoman-"))
    path = folder / "pasted.txt"
    path.write_text(text, encoding="utf-8", errors="replace")
    return _go(get_jobs(request).submit("pasted text", [str(path)], given, folder=folder))


@router.post("/add/files")
async def add_files(request: Request) -> Response:
    """Read uploaded files."""
    form = await read_form(request)
    given, wrong = _read_given(form)
    if given is None:
        return _refuse(request, form, wrong)
    uploads = [item for item in form.getlist("files") if isinstance(item, UploadFile) and item.filename]
    if not uploads:
        return _refuse(request, form, "No file was chosen.")
    folder = Path(tempfile.mkdtemp(prefix="dragoman-"))
    names: list[Path] = []
    for number, upload in enumerate(uploads, 1):
        path = folder / make_name(upload.filename or "", number, {name.name for name in names})
        path.write_bytes(await upload.read())
        names.append(path)
    what = names[0].name if len(names) == 1 else f"{len(names)} files"
    return _go(get_jobs(request).submit(what, [str(path) for path in names], given, folder=folder))


@router.post("/add/address")
async def add_address(request: Request) -> Response:
    """Fetch and read an address or a feed."""
    form = await read_form(request)
    address = _get(form, "address")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return _refuse(request, form, "This is no web address; it begins with https:// or http://")
    given, wrong = _read_given(form)
    if given is None:
        return _refuse(request, form, wrong)
    return _go(get_jobs(request).submit(address[:200], [address], given))


@router.get("/jobs")
def show_jobs(request: Request) -> Response:
    """All jobs of this run."""
    return render(request, "jobs.html", jobs=get_jobs(request).newest())


@router.get("/jobs/{number}")
def show_job(request: Request, number: str) -> Response:
    """One job, as it stands."""
    job = get_jobs(request).find(int(number)) if number.isascii() and number.isdigit() else None
    if job is None:
        raise HTTPException(
            404, "There is no such job in this run of the desk; see Articles for what it read."
        )
    return render(request, "job.html", job=job)


def get_jobs(request: Request) -> Jobs:
    """The jobs of the desk."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def make_name(asked: str, number: int, taken: set[str]) -> str:
    """A file name of plain characters that keeps the suffix and what can be kept of the rest.

    >>> make_name("../../etc/pass wd.html", 1, set()), make_name("x.exe", 2, set())
    ('pass-wd.html', 'x.exe.txt')
    """
    name = _UNSAFE.sub("-", asked.replace("\\", "/").rsplit("/", 1)[-1]).strip(".-")[-LONGEST_NAME:] or "file"
    if not name.lower().endswith((*SUFFIXES, ".gz")):
        name += ".txt"
    return name if name not in taken else f"{number}-{name}"


def _read_given(form: FormData) -> tuple[Given | None, str]:
    """What the form states of all documents, or what is wrong with it."""
    day = _get(form, "published")
    published = read_day(day, is_end=False) if day else None
    if day and (published is None or len(day) != 10):
        return None, f"“{day[:40]}” is no day; write it as YYYY-MM-DD."
    given = Given(
        title=_get(form, "title")[:500] or None,
        publisher=_get(form, "publisher")[:200] or None,
        published=published,
    )
    return given, ""


def _get(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _refuse(request: Request, form: FormData, wrong: str) -> Response:
    """The page again with what was typed and what is wrong with it."""
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    return render(request, "add.html", status=422, wrong=wrong, given=given, suffixes=sorted(SUFFIXES))


def _go(job: Job) -> Response:
    return RedirectResponse(f"/jobs/{job.number}", status_code=303)
