"""The README and every page of docs/ are run: console blocks as commands, `>>>` as Python.

`...` stands for any words, on one line or over several. Blocks of one page share a folder in which
`examples/` lies, and run from top to bottom.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES, ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(>>>.*?)^```$", re.MULTILINE | re.DOTALL)
WEIGHTS = tuple((ROOT / "src" / "dragoman" / "weights").glob("*.onnx"))
needs_weights = pytest.mark.skipif(not WEIGHTS, reason="the reader is not trained yet: no weights")
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def _split_block(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with the output shown under it."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts)]


def _run(command: str, folder: Path) -> str:
    """What a command prints, errors included; `dragoman` is this one, in a terminal of 100 columns."""
    words = shlex.split(command)
    assert words[0] == "dragoman", f"only dragoman is run in a console block, not {words[0]}"
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    run = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
    )
    return run.stdout


def _strip_lines(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@needs_weights
@pages
def test_console_blocks_print_what_they_show(page: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    checker = doctest.OutputChecker()
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for command, shown in _split_block(block):
            printed = _strip_lines(_run(command, tmp_path))
            fits = checker.check_output(_strip_lines(shown), printed, doctest.ELLIPSIS)
            assert fits, f"$ {command}\nprinted\n{printed}\nbut {page.name} shows\n{shown}"


@needs_weights
@pages
def test_python_blocks_answer_what_they_show(page: Path) -> None:
    parser = doctest.DocTestParser()
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        problems: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
        runner.run(parser.get_doctest(block, {}, page.name, str(page), 0), out=problems.append)
        assert problems == []


def test_readme_shows_the_two_commands_and_has_blocks_to_run() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    assert CONSOLE.findall(readme)
    assert PYTHON.findall(readme)


@pages
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    local = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link and link[0] != "#"]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_files_named_in_the_documents_exist() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        for name in re.findall(
            r"`(examples/[\w.-]+|[A-Z]+\.md|LICENSE|NOTICE)`", page.read_text(encoding="utf-8")
        ):
            assert (ROOT / name).exists(), f"{page.name} names {name}"
