"""`dragoman serve`: it opens, says where, and says what is wrong in one line."""

import subprocess
import sys

import httpx2
import pytest
import uvicorn

from dragoman.cli import run


def test_serve_says_where_it_is_and_answers(record):
    command = [sys.executable, "-m", "dragoman", "serve", "--store", record, "--port", "0", "--read-only"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
            page = httpx2.get(f"{address}articles")
            assert page.status_code == 200 and "read only" in page.text
        finally:
            process.terminate()


def test_serve_read_only_needs_a_record(tmp_path, capfd):
    assert run(["serve", "--store", str(tmp_path / "none.db"), "--read-only"]) == 1
    assert "dragoman read" in capfd.readouterr().err


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # uvicorn leaves its socket open
def test_serve_says_that_the_port_is_taken(record, capfd):
    with uvicorn.Config(None, host="127.0.0.1", port=0, log_level="critical").bind_socket() as taken:
        taken.listen()
        port = str(taken.getsockname()[1])
        assert run(["serve", "--store", record, "--port", port]) == 1
    assert "--port 0" in capfd.readouterr().err


@pytest.mark.parametrize("port", ["99999", "many"])
def test_serve_refuses_what_is_no_port(record, port):
    assert run(["serve", "--store", record, "--port", port]) == 2
