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
    async with read_form(request) as form:
        text = _get(form, "text")
        given, wrong = _read_given(form)
        if not text or given is None:
            return _refuse(request, form, wrong or "Nothing was pasted. Put the words of one article in.")
    folder = Path(tempfile.mkdtemp(prefix="dragoman-"))
    path = folder / "pasted.txt"
    path.write_text(text, encoding="utf-8", errors="replace")
    return _go(get_jobs(request).submit("pasted text", [str(path)], given, folder=folder))


@router.post("/add/files")
async def add_files(request: Request) -> Response:
    """Read uploaded files."""
    async with read_form(request) as form:
        given, wrong = _read_given(form)
        uploads = [item for item in form.getlist("files") if isinstance(item, UploadFile) and item.filename]
        if not uploads or given is None:
            return _refuse(request, form, wrong or "No file was chosen.")
        folder = Path(tempfile.mkdtemp(prefix="dragoman-"))
        paths = [await _save(upload, folder, number) for number, upload in enumerate(uploads, 1)]
    what = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
    return _go(get_jobs(request).submit(what, [str(path) for path in paths], given, folder=folder))


@router.post("/add/address")
async def add_address(request: Request) -> Response:
    """Fetch and read an address or a feed."""
    async with read_form(request) as form:
        address = _get(form, "address")
        given, wrong = _read_given(form)
        if given is None or not is_web_address(address):
            return _refuse(
                request, form, wrong or "This is no web address; it begins with https:// or http://"
            )
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


def is_web_address(address: str) -> bool:
    """Whether it is an address the reader fetches.

    >>> is_web_address("https://example.org/a"), is_web_address("file:///etc/passwd"), is_web_address("http://[")
    (True, False, False)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


async def _save(upload: UploadFile, folder: Path, number: int) -> Path:
    """An upload as a file of the folder, under its own name unless that is taken."""
    name = make_name(upload.filename or "")
    path = folder / name
    if path.exists():
        path = folder / f"{number}-{name}"
    path.write_bytes(await upload.read())
    return path


def make_name(asked: str) -> str:
    """A file name of plain characters that keeps the suffix and what can be kept of the rest.

    >>> make_name("../../etc/pass wd.html"), make_name("x.exe")
    ('pass-wd.html', 'x.exe.txt')
    """
    name = _UNSAFE.sub("-", asked.replace("\\", "/").rsplit("/", 1)[-1]).strip(".-")[-LONGEST_NAME:] or "file"
    if not name.lower().endswith((*SUFFIXES, ".gz")):
        name += ".txt"
    return name


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
