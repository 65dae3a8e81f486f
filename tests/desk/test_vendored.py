"""What others wrote is what VENDORED.md says it is."""

import hashlib
import re

from tests.conftest import ROOT

DESK = ROOT / "src" / "dragoman" / "desk"


def test_vendored_files_are_unchanged_and_licensed():
    line = re.compile(r"^\| (static/\S+) \|.*`(licences/\S+)`.*\| ([0-9a-f]{64}) \|$", re.M)
    rows = line.findall((DESK / "VENDORED.md").read_text())
    assert rows
    for name, licence, digest in rows:
        assert hashlib.sha256((DESK / name).read_bytes()).hexdigest() == digest
        assert (DESK / licence).read_text().strip()


def test_every_minified_file_is_listed():
    listed = (DESK / "VENDORED.md").read_text()
    assert all(f"static/{path.name}" in listed for path in (DESK / "static").glob("*.min.*"))
