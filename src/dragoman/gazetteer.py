"""Where places lie: a read-only list of cities, regions and countries, looked up by name.

The file is built by `train/build_gazetteer.py` and opened at the first lookup, never at import. It is
SQLite with two kinds of compressed pages: names (a folded name and the places it may be) and places
(most populous first, so the pages asked for most are few). Choosing among places is `read.places`.

Source: GeoNames (https://www.geonames.org), licence CC BY 4.0: places of 500 people or more; states and
regions are Dragoman's own lists. The same words stand in the `meta` table of the file.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import OrderedDict
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from types import TracebackType

import msgspec

from dragoman.errors import ConfigError
from dragoman.text import fold_name

FORMAT = "1"  # of the file; written by the builder into `meta`
NAME_PAGES = 2048  # pages of names; a name lies in page crc32(key) mod NAME_PAGES
PLACE_PAGE = 128  # places in a page
KEPT_PAGES = 256  # pages kept unpacked, about 2 MB
MOST_PLACES = 60  # places a lookup gives; more would only be hamlets
PAGE_QUERIES = {
    "names": "SELECT page FROM names WHERE id=?",
    "places": "SELECT page FROM places WHERE id=?",
}
DIVISION_WORD = re.compile(
    r"^(?:province|state|region|district|governorate|oblast) of |"
    r" (?:province|state|region|district|governorate|oblast|prefecture|territory|city|municipality)$"
)
NEAR_NAMES = (("gh", "g"), ("'", ""))  # Oghuz finds Oğuz; Sana'a finds Sanaa


class PlaceKind(StrEnum):
    """What kind of place a row is."""

    CITY = "city"
    ADMIN = "admin"
    COUNTRY = "country"
    REGION = "region"


class GazetteerPlace(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One place a name may stand for.

    `geonames` is None for places that are not GeoNames rows of their own. `country` is ISO 3166
    alpha-2, or None for a region of several states and for a disputed place, which `note` then says.
    `admin1` is the GeoNames code of the first-level division, `feature` a GeoNames feature code.
    `population` 0 is not known. `prominence` is what places are ranked by: people, with additions
    for capitals, and estimates for states and regions.
    """

    geonames: int | None
    name: str
    kind: PlaceKind
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    population: int
    prominence: int
    feature: str
    admin1_name: str | None = None
    note: str | None = None


def make_place_key(name: str) -> str:
    """A place name as it is looked up: folded, with spellings of one sound made equal.

    >>> make_place_key("Oğuz") == make_place_key("Oghuz"), make_place_key("the St. John's")
    (True, 'saint johns')
    """
    key = fold_name(name.replace("’", "'").replace("ʻ", "'").replace("ʼ", "'"))
    for written, kept in NEAR_NAMES:
        key = key.replace(written, kept)
    return re.sub(r"^st ", "saint ", re.sub(r"^the ", "", key))


class Gazetteer:
    """Places by name; threads may share it.

    Nothing is read before the first lookup. Close it, or use it as a context.

    >>> with Gazetteer() as gazetteer:
    ...     place = gazetteer.lookup("Oghuz")[0]
    >>> place.name, place.country, round(place.lat, 1)
    ('Oğuz', 'AZ', 41.1)
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._pages: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = Lock()

    def lookup(self, name: str) -> tuple[GazetteerPlace, ...]:
        """The places that bear this name in any of its spellings, the likeliest first; may be empty."""
        key = make_place_key(name)
        with self._lock:
            numbers = self._find_numbers(key) or self._find_numbers(DIVISION_WORD.sub("", key))
            return tuple(self._read_place(number) for number in numbers[:MOST_PLACES])

    def close(self) -> None:
        """Let the file go; a later lookup opens it again."""
        opened = self.__dict__.pop("_connection", None)
        if opened is not None:
            opened.close()

    def __enter__(self) -> Gazetteer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether the file has been opened yet."""
        return "_connection" in self.__dict__

    @property
    def attribution(self) -> str:
        """The words to show wherever places are shown, as the licence asks."""
        return str(self._connection.execute("SELECT value FROM meta WHERE name='attribution'").fetchone()[0])

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        if self._path is not None:
            return _open(self._path)
        with as_file(files("dragoman").joinpath("gazetteer.db")) as path:
            return _open(path)

    @cached_property
    def _divisions(self) -> dict[str, str]:
        return dict(self._connection.execute("SELECT id, name FROM divisions"))

    def _find_numbers(self, key: str) -> tuple[int, ...]:
        page = self._read_page("names", zlib.crc32(key.encode()) % NAME_PAGES)
        at = page.find(b"\n" + key.encode() + b"\t")
        if at < 0:
            return ()
        line = page[at + 1 : page.index(b"\n", at + 1)]
        return tuple(int(number) for number in line.split(b"\t")[1].split())

    def _read_place(self, number: int) -> GazetteerPlace:
        rows = self._read_page("places", number // PLACE_PAGE).split(b"\n")
        place = msgspec.json.decode(rows[number % PLACE_PAGE], type=GazetteerPlace)
        if place.admin1 is None or place.admin1_name is not None:
            return place
        name = self._divisions.get(f"{place.country}.{place.admin1}")
        return msgspec.structs.replace(place, admin1_name=name)

    def _read_page(self, table: str, number: int) -> bytes:
        page = self._pages.get((table, number))
        if page is None:
            query = {
                "names": "SELECT page FROM names WHERE id=?",
                "places": "SELECT page FROM places WHERE id=?",
            }
            row = self._connection.execute(query[table], (number,)).fetchone()
            page = zlib.decompress(row[0]) if row else b""
            if len(self._pages) >= KEPT_PAGES:
                self._pages.popitem(last=False)
        self._pages[table, number] = page
        self._pages.move_to_end((table, number))
        return page


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer that ships with the package, shared by the whole program; still unopened."""
    return Gazetteer()


def _open(path: Path) -> sqlite3.Connection:
    """A read-only connection; raises ConfigError where the file is missing or of another format."""
    if not path.is_file():
        raise ConfigError(f"gazetteer {path.name} is missing; install the package again", path=str(path))
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        row = connection.execute("SELECT value FROM meta WHERE name='format'").fetchone()
    except sqlite3.DatabaseError as exc:
        connection.close()
        raise ConfigError(f"{path} is not a gazetteer ({exc}); build it again", path=str(path)) from exc
    if row is None or row[0] != FORMAT:
        connection.close()
        raise ConfigError(f"{path} is no gazetteer of format {FORMAT}; build it again", path=str(path))
    return connection
