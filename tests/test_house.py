"""The rules of the house: who may import whom, what a start costs, how long a file may be."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted((ROOT / "src" / "dragoman").rglob("*.py"))
PURE = [path for path in SOURCES if path.relative_to(ROOT / "src/dragoman").parts[0] in ("read", "resolve")]
HEAVY = (
    "onnxruntime",
    "sqlalchemy",
    "numpy",
    "trafilatura",
    "rich",
    "lxml",
    "httpx2",
    "alembic",
    "fastapi",
    "uvicorn",
)
MOST_LINES = 600  # of a file
MOST_LINES_FUNCTION = 40  # of a function, its docstring not counted
IMPURE_CALLS = {"open", "print", "input"}


@pytest.mark.parametrize("module", ["dragoman", "dragoman.cli", "dragoman.pipeline", "dragoman.record"])
def test_import_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_help_is_there_at_once() -> None:
    """0.2 s is the promise on an idle machine; user time, so that other work does not count."""
    code = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'dragoman', '--help'],"
        "check=True, stdout=subprocess.DEVNULL); u = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(u.ru_utime + u.ru_stime)"
    )
    spent = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(spent) < 0.2


def test_every_pure_package_is_under_the_purity_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    purity = next(contract for contract in contracts if contract["name"].startswith("Purity"))
    packages = {f"dragoman.{path.relative_to(ROOT / 'src/dragoman').parts[0]}" for path in PURE}
    assert packages == set(purity["source_modules"])


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_package_neither_opens_nor_prints(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert IMPURE_CALLS.isdisjoint(call.id for call in calls if isinstance(call, ast.Name))


def test_only_the_doors_print() -> None:
    printing = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_only_the_pipeline_catches_everything() -> None:
    """One broad `except` in the product; the child that takes hostile pages apart has the other."""
    broad = {
        path.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises_again(node)
    }
    assert broad <= {"pipeline.py", "child.py"}


def _is_broad(caught: ast.expr | None) -> bool:
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_keeps_its_size(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert [name for name, length in _function_lengths(text) if length > MOST_LINES_FUNCTION] == []


def _function_lengths(text: str) -> Iterator[tuple[str, int]]:
    """Each function with its lines from the first statement after the docstring."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
            yield node.name, (node.end_lineno or 0) - first.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_says_what_lives_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_no_file_is_named_for_nothing() -> None:
    nothing = {"utils", "helpers", "common", "base", "manager", "handler", "misc"}
    assert nothing.isdisjoint(path.stem.strip("_") for path in SOURCES)


def test_public_names_exist() -> None:
    import dragoman

    for name in dir(dragoman):
        assert getattr(dragoman, name).__module__.startswith("dragoman."), name
