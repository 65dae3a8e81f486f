"""FollowTheMoney held against its model: as documented, and by the library where it is there."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MODEL = tomllib.loads((Path(__file__).parent / "cases" / "ftm.toml").read_text(encoding="utf-8"))
TYPES = {
    "name": r"\S(.*\S)?",
    "string": r"[\s\S]*\S[\s\S]*",
    "text": r"[\s\S]*\S[\s\S]*",
    "url": r"https?://\S+",
    "country": r"[a-z]{2}",
    "language": r"[a-z]{3}",
    "number": r"-?\d+(\.\d+)?",
    "date": r"[12]\d{3}(-\d\d(-\d\d)?)?",
}
HAS_LIBRARY = find_spec("followthemoney") is not None


@cache
def list_kinds(schema: str) -> tuple[str, ...]:
    """The schema and all it extends."""
    kinds = [schema]
    for parent in MODEL[schema].get("extends", ()):
        kinds += list_kinds(parent)
    return tuple(kinds)


def find_type(schema: str, name: str) -> str:
    """The type of a property, or the schema it points at; KeyError for one that is not in the model."""
    return next(MODEL[kind][name] for kind in list_kinds(schema) if name in MODEL[kind])


def read_ftm(data: bytes) -> list[dict[str, Any]]:
    """Every entity, after everything the model says was held against it."""
    entities = [json.loads(line) for line in data.splitlines()]
    schemata: dict[str, set[str]] = {}  # ids of gold readings repeat from one document to the next
    for entity in entities:
        schemata.setdefault(entity["id"], set()).add(entity["schema"])
    for entity in entities:
        check_entity(entity, schemata)
        if HAS_LIBRARY:
            check_by_library(entity)
    return entities


def check_entity(entity: dict[str, Any], schemata: dict[str, set[str]]) -> None:
    assert set(entity) == {"id", "schema", "properties"}
    assert re.fullmatch(r"[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?", entity["id"])
    schema, properties = entity["schema"], entity["properties"]
    assert set(MODEL[schema].get("required", ())) <= set(properties), entity
    for name, values in properties.items():
        assert values
        kind = find_type(schema, name)
        for value in values:
            if kind in TYPES:
                assert re.fullmatch(TYPES[kind], value), (name, value)
            else:
                assert any(kind in list_kinds(found) for found in schemata[value]), (name, value)


def check_by_library(entity: dict[str, Any]) -> None:
    """The library accepts the entity and keeps every value of it."""
    from followthemoney import model

    proxy = model.get_proxy(entity, cleaned=False)
    proxy.schema.validate(entity)
    for name, values in entity["properties"].items():
        assert len(proxy.get(name)) == len(values), (name, values, proxy.get(name))
