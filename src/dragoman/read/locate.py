"""Which of the places that share a name a document means: entities with country and coordinates.

Places come from a gazetteer handed in, so nothing here reads a file. A candidate is ranked by how
prominent it is, by the states and divisions the document names, by words beside it ("Paris, Texas") and
by places near it. One name keeps one place in a document; a name that nothing settles stays unknown.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from dragoman.read.places import StateNames, load_states
from dragoman.record import Document, Entity, EntityKind, Mention, MentionForm
from dragoman.text import fold_name

# Weights in powers of ten of prominence; best acc@161 on GeoVirus, even articles (eval/places.py).
ALTERNATE_NAME = -0.7  # the candidate bears the name only as another spelling
COUNTRY_NAMED = 2.0  # its country is named, times the square root of its share of the names
DIVISION_NAMED = 1.5  # its first-level division is named
BESIDE = 5.0  # the words beside the name say its country or division
NOT_BESIDE = -1.5  # they say another one
NEAR = 0.8  # another place of the document lies within NEAR_KM
NEAR_KM = 200.0
MOST_ANCHORS = 60  # places of a document that a candidate is measured against; more say nothing new
CLEAR = 1.0  # lead over the next candidate that makes a place an anchor for others
FOREIGN_NAME = -2.0  # a state under a name English does not use for it ("Granada" is no Grenada)
UNKNOWN_BELOW = 4.0  # a candidate scoring less, in a country not named, is a hamlet nobody means
MOST_ROWS = 10  # candidates an explanation shows
SAME_AREA_KM = 100.0  # a division and a city of one name as near as this: the city is meant

_LEADING_SITE = (  # kinds of site that bear the name of their city in front
    "Airport|Cathedral|Consulate|Embassy|Harbou?r|Hospital|Mosque|Prison|Stadium|Station|Synagogue|University"
)
_SITE = re.compile(
    rf"\b(?:{_LEADING_SITE}|Palace|Hotel|Church|Monastery|Hall|Museum|Square|Street|Avenue|Base|Barracks|Bridge|"
    r"House|Cent(?:er|re)|Building|Park|Tower|Villa|Castle|School|Theat(?:re|er)|Library|Cemetery|Market|"
    r"Residence|Temple|Shrine|Abbey|Academy|Institute|Memorial|Restaurant|Club|Arena|Pier)s?$",
    re.IGNORECASE,
)
_NAME = r"[A-ZÀ-Þ][\w.’'-]*(?: (?:of |de |da |al-|el-)?[A-ZÀ-Þ][\w.’'-]*){0,3}"
_CITY_FIRST = re.compile(rf"^({_NAME}?) (?:[Ii]nternational )?(?i:{_LEADING_SITE})$")
_AFTER = re.compile(rf"^(?:,| \(| in(?: the)?)\s?({_NAME})")
_OWNER = re.compile(rf"({_NAME})[’']s (?:[a-z]+ ){{0,2}}$")
_KIND_BEFORE = re.compile(
    rf"({_NAME})(?: \w+){{0,3}} (?:city|town|village|port|resort|capital|province|district|region|settlement|"
    r"suburb|municipality|county|area|island)(?: city)?(?: of| in)? $"
)
_PART_OF_NAME = re.compile(rf"(?:,| in| of| at| near)\s+(?:the )?({_NAME})")
_NO_STATE = re.compile(
    r"\b(?:(?:North|South|Latin|Central|Inter|Pan|All)[ -]America(?:ns?)?|American States|Lake Chad|"
    r"New Mexico|Gulf of \w+|Jordan (?:River|Valley)|Niger Delta)\b"
)
_OF_WHOM = re.compile(r"\s(?:in|to|near|at)\s")


class Place(Protocol):
    """What `resolve_places` needs of a place: the fields of a gazetteer's row."""

    @property
    def geonames(self) -> int | None:
        """The GeoNames id, or None."""

    @property
    def name(self) -> str:
        """The place's first name."""

    @property
    def kind(self) -> str:
        """One of city, admin, country, region."""

    @property
    def country(self) -> str | None:
        """ISO 3166-1 alpha-2, or None where several or disputed."""

    @property
    def admin1_name(self) -> str | None:
        """The name of the first-level division."""

    @property
    def lat(self) -> float:
        """Degrees north."""

    @property
    def lon(self) -> float:
        """Degrees east."""

    @property
    def population(self) -> int:
        """People; 0 is not known."""

    @property
    def prominence(self) -> int:
        """What places are ranked by, in people."""

    @property
    def note(self) -> str | None:
        """Why the country is left out, where it is."""


class PlaceNames(Protocol):
    """Anything that finds places by name, the likeliest first."""

    def lookup(self, name: str) -> Sequence[Place]:
        """The places of this name; may be empty."""


class Ranked(NamedTuple):
    """A candidate with its score (higher is better) and what spoke for it, in words."""

    score: float
    place: Place
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What a document says about where it plays."""

    countries: Counter[str] = field(default_factory=Counter)
    divisions: frozenset[tuple[str, str]] = frozenset()
    anchors: tuple[Place, ...] = ()


def resolve_places(
    document: Document, entities: Sequence[Entity], mentions: Sequence[Mention], *, gazetteer: PlaceNames
) -> tuple[Entity, ...]:
    """The entities, places with country, GeoNames id and coordinates, organisations with country.

    Places of a kind no gazetteer lists (a synagogue, an airport) take the coordinates of the city their
    name or the words beside them carry. The country of a disputed place stays None unless the words
    beside it name one, and everything about a name nothing settles stays None. An organisation takes
    the state its own name carries.

    Source: `place` in the corpus guidelines; GeoNames by way of the gazetteer.
    """
    resolver = _Resolver(document, gazetteer, load_states())
    spots = _group_mentions(mentions)
    places = [entity for entity in entities if entity.kind is EntityKind.PLACE]
    context = resolver.read_context(entities, mentions)
    found = {e.id: resolver.locate(e, spots.get(e.id, ()), context) for e in places}
    return tuple(found[e.id] if e.id in found else resolver.add_country(e, context) for e in entities)


def _group_mentions(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    spots: dict[str, list[Mention]] = {}
    for mention in mentions:
        for entity_id in mention.entities:
            spots.setdefault(entity_id, []).append(mention)
    return spots


@dataclass(frozen=True, slots=True)
class _Resolver:
    document: Document
    gazetteer: PlaceNames
    states: StateNames

    def read_context(self, entities: Sequence[Entity], mentions: Sequence[Mention]) -> Context:
        """The countries named or implied, the divisions named, and places nobody would mistake."""
        countries = self._count_countries(entities, mentions)
        anchors = tuple(filter(None, map(self._find_anchor, entities)))
        countries.update(anchor.country for anchor in anchors if anchor.country)
        divisions = frozenset(
            (anchor.country, fold_name(anchor.name))
            for anchor in anchors
            if anchor.kind == "admin" and anchor.country
        )
        return Context(countries, divisions, anchors[:MOST_ANCHORS])

    def _count_countries(self, entities: Sequence[Entity], mentions: Sequence[Mention]) -> Counter[str]:
        """How often each state is named, by itself or in the name of an organisation or the publisher."""
        persons = {entity.id for entity in entities if entity.kind is EntityKind.PERSON}
        counts: Counter[str] = Counter()
        for mention in mentions:
            if mention.form is MentionForm.NAME and not persons.intersection(mention.entities):
                code = (
                    None if self.states.is_ambiguous(mention.text) else self.states.country_of(mention.text)
                )
                counts.update([code] if code else [])
        organisations = (e.name for e in entities if e.kind is EntityKind.ORGANIZATION)
        for words in (self.document.publisher or "", self.document.title or "", *organisations):
            found = self._find_states(words)
            counts.update({code for word, code in found if not self.states.is_ambiguous(word)})
        return counts

    def _find_anchor(self, entity: Entity) -> Place | None:
        """The place of an entity whose name by itself leaves no real choice."""
        if entity.kind is not EntityKind.PLACE or self._names_state(entity.name):
            return None
        ranked = rank_places(self.gazetteer.lookup(entity.name), entity.name, Context())
        if not ranked or (len(ranked) > 1 and _is_rival(ranked[0], ranked[1])):
            return None
        return ranked[0].place

    def locate(self, entity: Entity, spots: Sequence[Mention], context: Context) -> Entity:
        """The entity with whatever the gazetteer and the document settle."""
        code = self._names_state(entity.name)
        if code is not None:
            return self._fill_state(entity, code)
        hints = (hint for spot in spots for hint in self._find_hints(spot.start, spot.end))
        beside = tuple(filter(None, map(self._read_hint, hints)))
        for name in filter(_is_proper, (entity.name, *entity.aliases)):
            best = self._choose(name, context, beside)
            if best is not None and not (_SITE.search(name) and best.prominence < 100_000):
                said = {country for country, _ in beside if country} if best.note else set()
                stated = msgspec.structs.replace(entity, country=said.pop()) if len(said) == 1 else entity
                return fill(stated, best)
        return self._locate_site(entity, spots, context)

    def add_country(self, entity: Entity, context: Context) -> Entity:
        """An organisation with the country its name carries; others as they are."""
        if entity.kind is not EntityKind.ORGANIZATION or entity.country is not None:
            return entity
        found = list(self._find_states(_OF_WHOM.split(entity.name, maxsplit=1)[0]))
        sure = {
            code for word, code in found if not self.states.is_ambiguous(word) or code in context.countries
        }
        return msgspec.structs.replace(entity, country=sure.pop()) if len(sure) == 1 else entity

    def _names_state(self, name: str) -> str | None:
        return None if self.states.is_ambiguous(name) else self.states.state_of(name)

    def _fill_state(self, entity: Entity, code: str) -> Entity:
        name = self.states.name_of(code)
        rows = [p for p in self.gazetteer.lookup(name) if p.kind == "country" and p.name == name]
        entity = msgspec.structs.replace(entity, country=self.states.iso_of(code))
        return fill(entity, rows[0]) if rows else entity

    def _choose(
        self, name: str, context: Context, beside: Sequence[tuple[str | None, str]] = ()
    ) -> Place | None:
        ranked = rank_places(self.gazetteer.lookup(name), name, context, beside)
        if not ranked or (
            ranked[0].score < UNKNOWN_BELOW and ranked[0].place.country not in context.countries
        ):
            return None
        return prefer_city(ranked)

    def _read_hint(self, words: str) -> tuple[str | None, str] | None:
        """The state or division the words beside a name begin with, as (country, folded division)."""
        parts = words.split(" ")
        for n in range(len(parts), 0, -1):
            name = " ".join(parts[:n]).rstrip(".,") if n > 1 else parts[0].rstrip(",")
            code = self.states.country_of(name)
            if code and not self.states.is_ambiguous(name):
                return code, ""
            likely = self.gazetteer.lookup(name)[:2]
            division = next((place for place in likely if place.kind == "admin"), None)
            if division is not None:
                return None, fold_name(division.name)
            if likely and likely[0].kind == "country":
                return likely[0].country, ""
        return None

    def _find_hints(self, start: int, end: int) -> Iterator[str]:
        """Names beside a mention that may say where it lies: after a comma, in brackets, before "'s"."""
        after = _AFTER.match(self.document.text[end : end + 60])
        if after:
            yield after[1]
        before = self.document.text[max(0, start - 60) : start]
        for pattern in (_OWNER, _KIND_BEFORE):
            match = pattern.search(before)
            if match:
                yield match[1].split(" ")[-1] if self.states.state_of(match[1]) is None else match[1]

    def _locate_site(self, entity: Entity, spots: Sequence[Mention], context: Context) -> Entity:
        """A site with the coordinates of the city its name or the words beside it carry."""
        names = [match[1] for match in _PART_OF_NAME.finditer(entity.name)]
        if _SITE.search(entity.name):
            names += [match[1] for match in [_CITY_FIRST.match(entity.name)] if match]
            text = self.document.text
            names += [m[1] for s in spots if (m := _AFTER.match(text[s.end : s.end + 60]))]
        for name in names:
            city = self._choose(name, context)
            if (
                city is not None
                and city.kind == "city"
                and (city.country in context.countries or not context.countries)
            ):
                return msgspec.structs.replace(entity, country=city.country, lat=city.lat, lon=city.lon)
        return entity

    def _find_states(self, words: str) -> Iterator[tuple[str, str]]:
        """The states named in some words, as (surface, code), the longest names first."""
        parts = re.findall(r"[\w.’'&-]+", _NO_STATE.sub("", words))
        at = 0
        while at < len(parts):
            for n in range(min(5, len(parts) - at), 0, -1):
                name = " ".join(parts[at : at + n])
                code = self.states.country_of(name) or self.states.country_of(name.rstrip("."))
                if code:
                    yield name, code
                    break
            else:
                n = 1
            at += n


def _is_proper(name: str) -> bool:
    """Whether the words are a name ("the Hague"), not a description ("the valley")."""
    return not name.removeprefix("the ")[:1].islower()


def fill(entity: Entity, place: Place) -> Entity:
    """The entity with the place's coordinates, id and country; a country already stated is kept."""
    return msgspec.structs.replace(
        entity,
        country=entity.country or place.country,
        geonames=place.geonames,
        lat=place.lat,
        lon=place.lon,
    )


def rank_places(
    places: Sequence[Place], name: str, context: Context, beside: Sequence[tuple[str | None, str]] = ()
) -> tuple[Ranked, ...]:
    """The candidates with score and reasons, best first; `beside` holds what words next to it say."""
    ranked = [_rate(place, name, context, beside) for place in places]
    return tuple(sorted(ranked, key=lambda r: -r.score))


def prefer_city(ranked: Sequence[Ranked]) -> Place:
    """The best candidate, or the city of the same name in the middle of it where it is a division."""
    best = ranked[0].place
    if best.kind != "admin":
        return best
    cities = (r.place for r in ranked if r.place.kind == "city" and r.place.country == best.country)
    return next((city for city in cities if _measure(city, best) <= SAME_AREA_KM), best)


def _rate(place: Place, name: str, context: Context, beside: Sequence[tuple[str | None, str]]) -> Ranked:
    score = math.log10(place.prominence + 10)
    reasons = [f"prominence {place.prominence:,}"]

    def add(weight: float, reason: str) -> None:
        nonlocal score
        score += weight
        reasons.append(f"{reason} {weight:+.1f}")

    own = (fold_name(place.name), fold_name(place.name.removesuffix(" City")))
    if place.kind in {"city", "admin"} and fold_name(name) not in own:
        add(ALTERNATE_NAME, "another spelling")
    if place.kind == "country" and name.isascii() and load_states().state_of(name) is None:
        add(FOREIGN_NAME, "not its English name")
    total = context.countries.total()
    if place.country and context.countries[place.country]:
        share = context.countries[place.country] / total
        add(COUNTRY_NAMED * math.sqrt(share), f"{place.country} named in the text")
    if place.country and (place.country, fold_name(place.admin1_name or "")) in context.divisions:
        add(DIVISION_NAMED, f"{place.admin1_name} named in the text")
    if beside:
        agrees = any(_agrees(place, country, division) for country, division in beside)
        add(BESIDE if agrees else NOT_BESIDE, "words beside it" if agrees else "not what stands beside it")
    if any(0 < _measure(place, anchor) <= NEAR_KM for anchor in context.anchors):
        add(NEAR, f"another place within {NEAR_KM:.0f} km")
    return Ranked(score, place, tuple(reasons))


def _agrees(place: Place, country: str | None, division: str) -> bool:
    if division:
        return division == fold_name(place.admin1_name or "")
    return place.country == country and place.kind != "country"


def _is_rival(first: Ranked, second: Ranked) -> bool:
    """Whether the second candidate is a real choice: another place, and nearly as prominent."""
    return first.score - second.score < CLEAR and _measure(first.place, second.place) > NEAR_KM


def _measure(a: Place, b: Place) -> float:
    """Great-circle distance in kilometres."""
    north_a, north_b = math.radians(a.lat), math.radians(b.lat)
    haversine = (
        math.sin((north_b - north_a) / 2) ** 2
        + math.cos(north_a) * math.cos(north_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 12742 * math.asin(math.sqrt(haversine))


def explain_place(
    name: str, *, near: str | None = None, gazetteer: PlaceNames
) -> tuple[tuple[str, ...], ...]:
    """What a name may stand for, the likeliest first, as rows of a table with a head.

    `near` is a state an article is about, as code or name; it weighs as if the article named it alone.
    Other places of the same name come after, at most nine. A name no list knows gives the head alone.
    """
    states = load_states()
    country = (states.country_of(near) or states.iso_of(near.upper())) if near else None
    context = Context(Counter([country] if country else []))
    head = ("place", "kind", "country", "division", "lat", "lon", "people", "GeoNames", "score", "why")
    ranked = rank_places(gazetteer.lookup(name), name, context)[:MOST_ROWS]
    return (head, *(_describe(candidate) for candidate in ranked))


def _describe(candidate: Ranked) -> tuple[str, ...]:
    score, place, reasons = candidate
    why = [*reasons, *([place.note] if place.note else [])]
    return (
        place.name,
        str(place.kind),
        place.country or "",
        place.admin1_name or "",
        f"{place.lat:.3f}",
        f"{place.lon:.3f}",
        f"{place.population:,}" if place.population else "",
        str(place.geonames or ""),
        f"{score:.1f}",
        "; ".join(why),
    )
