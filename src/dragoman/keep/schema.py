"""The tables of the store, the same on SQLite and PostgreSQL; full text is in `fulltext`.

`document`, `content`, `raw`, `reading`, `original` and `judgement` are the record. All other tables are
projections: written from a reading, dropped and rebuilt with it, never edited. An article goes by
its running number inside the store and by its id outside.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = "0004"  # the newest file in migrations/versions
APPLICATION_ID = 0x44524147  # "DRAG" in the header of the file: tells our store from other SQLite files

METADATA = MetaData()
BIG = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in an INTEGER key


def _article(**options: Any) -> Column[Any]:
    return Column("document", BIG, ForeignKey("document.number", ondelete="CASCADE"), **options)


document = Table(
    "document",
    METADATA,
    Column("number", BIG, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("title", Text, index=True),
    Column("published", Text),
    Column("published_source", Text),
    Column("publisher", Text),
    Column("url", Text, index=True),
    Column("language", Text),
    Column("added_at", Text, nullable=False),
    sqlite_autoincrement=True,  # the number of a forgotten article is never given again
)

content = Table(
    "content",
    METADATA,
    _article(primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),  # words with letters outside ASCII, in plain letters
)

raw = Table(
    "raw",
    METADATA,
    _article(primary_key=True),
    Column("source", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zlib
)

reading = Table(
    "reading",
    METADATA,
    _article(primary_key=True),
    Column("reader", Text, nullable=False, index=True),
    Column("n_entities", Integer, nullable=False),
    Column("n_engagements", Integer, nullable=False),
    Column("n_quotations", Integer, nullable=False),
    Column("n_claims", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zlib of the JSON of the contract
)

judgement = Table(
    "judgement",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("target", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("reason", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("undoes", BIG, ForeignKey("judgement.id")),
    Column("other", Text, index=True),
    sqlite_autoincrement=True,
)

name = Table(
    "name",
    METADATA,
    Column("number", BIG, primary_key=True),
    Column("folded", Text, nullable=False, unique=True),
)

entity = Table(
    "entity",
    METADATA,
    _article(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("aliases", Text, nullable=False),  # JSON list
    Column("country", Text),
    Column("geonames", BIG),
    Column("lat", Float),
    Column("lon", Float),
    Column("n_mentions", Integer, nullable=False),
    Column("quote", Text, nullable=False),  # its first mention
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

# One row for each folded name or alias of an entity; `main` is the folded name it is grouped under.
entity_name = Table(
    "entity_name",
    METADATA,
    Column("name", BIG, ForeignKey("name.number"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("main", BIG, primary_key=True),
    _article(primary_key=True, index=True),
    Column("entity", Text, primary_key=True),
    Column("n_mentions", Integer, nullable=False),
    sqlite_with_rowid=False,
)

engagement = Table(
    "engagement",
    METADATA,
    Column("number", BIG, primary_key=True),
    _article(nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("day", Text, nullable=False),  # what it is sorted by: its own day, else the publication's
    Column("earliest", Text),
    Column("latest", Text),
    Column("edtf", Text),
    Column("time_text", Text),
    Column("place", Text),
    Column("place_name", Text),
    Column("at", Text),
    Column("topic", Text),
    Column("via", Text),
    Column("confidence", Float, nullable=False),
    Column("quote", Text, nullable=False),  # the clause that reports it
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("folded", Text, nullable=False),  # names, place and topic, for full text
    UniqueConstraint("document", "id"),
    Index("engagement_day", "day", "number"),
)

participation = Table(
    "participation",
    METADATA,
    Column("engagement", BIG, ForeignKey("engagement.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("entity", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("on_behalf_of", Text),
    Column("behalf_name", Text),
    sqlite_with_rowid=False,
)

# Read backwards it gives the engagements of a name, latest first, without sorting: the dossier page.
engagement_name = Table(
    "engagement_name",
    METADATA,
    Column("name", BIG, ForeignKey("name.number"), primary_key=True),
    Column("slot", Text, primary_key=True),  # who | place
    Column("day", Text, primary_key=True),
    Column("engagement", BIG, ForeignKey("engagement.number", ondelete="CASCADE"), primary_key=True),
    Index("engagement_name_engagement", "engagement"),
    sqlite_with_rowid=False,
)

role = Table(
    "role",
    METADATA,
    _article(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("of", Text),
    Column("to", Text),
    Column("flags", Text, nullable=False),  # JSON list
)

quotation = Table(
    "quotation",
    METADATA,
    _article(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("speakers", Text, nullable=False),  # JSON list of entity ids
    Column("mode", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("to", Text),
    Column("occasion", Text),
)

claim = Table(
    "claim",
    METADATA,
    _article(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("about", Text, nullable=False),  # JSON list of entity ids
    Column("text", Text, nullable=False),
    Column("value", Float),
    Column("unit", Text),
    Column("verdict", Text),
)

time = Table(
    "time",
    METADATA,
    _article(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("edtf", Text, nullable=False),
    Column("earliest", Text),
    Column("latest", Text),
)

# Who is who over all articles: rebuilt from readings and judgements, member by member.
identity = Table(
    "identity",
    METADATA,
    Column("number", BIG, primary_key=True),
    Column("id", Text, nullable=False, unique=True),  # the entity id of its first member
    Column("kind", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("profile", LargeBinary, nullable=False),  # JSON, of all members together
)

identity_member = Table(
    "identity_member",
    METADATA,
    _article(primary_key=True),
    Column("position", Integer, primary_key=True),  # of the entity in its reading
    Column("entity", Text, nullable=False, index=True),
    Column("identity", BIG, ForeignKey("identity.number"), nullable=False),
    Column("profile", LargeBinary, nullable=False),  # JSON, of this member alone
    Index("identity_member_order", "identity", "document", "position"),
    sqlite_with_rowid=False,
)

# The block keys of an identity: a name met 100,000 times has them once.
identity_key = Table(
    "identity_key",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("identity", BIG, ForeignKey("identity.number"), primary_key=True),
    Index("identity_key_identity", "identity"),
    sqlite_with_rowid=False,
)

# Engagements over all articles, each with everything a list shows of it; rebuilt like identities.
attested = Table(
    "attested",
    METADATA,
    Column("number", BIG, primary_key=True),
    Column("id", Text, nullable=False, unique=True),  # the engagement id of its first witness
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("day", Text, nullable=False),  # its first day, else the first report's, else 9999
    Column("last", Text, nullable=False),
    Column("earliest", Text),
    Column("latest", Text),
    Column("edtf", Text),
    Column("place", BIG),  # number of an identity
    Column("topic", Text),
    Column("n_witnesses", Integer, nullable=False),  # copies of one text once
    Column("differing", Text, nullable=False),  # the fields in which reports differ
    Column("whole", BIG, index=True),  # number of the visit it is part of
    Column("is_stale", Integer, nullable=False),  # a witness has gone; to be told anew
    Column("body", LargeBinary, nullable=False),  # zlib of the JSON of an Attested
    Index("attested_order", "day", "number"),
    Index("attested_stale_number", "is_stale", "number"),
)

attested_member = Table(
    "attested_member",
    METADATA,
    _article(primary_key=True),
    Column("position", Integer, primary_key=True),  # of the engagement in its reading
    Column("engagement", Text, nullable=False, index=True),
    Column("attested", BIG, ForeignKey("attested.number"), nullable=False),
    Column("report", LargeBinary, nullable=False),  # zlib of the JSON of a Report
    Index("attested_member_order", "attested", "document", "position"),
    sqlite_with_rowid=False,
)

# The block keys under which an engagement is met, and the day number it is met at.
attested_key = Table(
    "attested_key",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("attested", BIG, ForeignKey("attested.number"), primary_key=True),
    Column("at", Integer, nullable=False),
    Index("attested_key_attested", "attested"),
    sqlite_with_rowid=False,
)

# Read in order it gives the ledger of an identity (#12), a state (GE) or a place (@12) without sorting.
attested_ref = Table(
    "attested_ref",
    METADATA,
    Column("ref", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("attested", BIG, ForeignKey("attested.number"), primary_key=True),
    Column("last", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Index("attested_ref_attested", "attested"),
    sqlite_with_rowid=False,
)

attested_taker = Table(
    "attested_taker",
    METADATA,
    Column("attested", BIG, ForeignKey("attested.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("who", Text, nullable=False),  # #12, or the id of an entity without identity
    Column("part", Text, nullable=False),
    Column("behalf", Text),
    Column("states", Text, nullable=False),  # two-letter codes
    Column("office", Text),
    Column("office_of", Text),
    sqlite_with_rowid=False,
)

# Articles whose engagements are to be settled, or settled again, against those of all others.
attested_stale = Table("attested_stale", METADATA, _article(primary_key=True))

fingerprint = Table(
    "fingerprint",
    METADATA,
    _article(primary_key=True),
    Column("body", LargeBinary, nullable=False),  # uint32, of runs of words; see resolve.copies
)

# The reading as the reader gave it, of articles in which people fixed something: undoing goes back to it.
original = Table(
    "original",
    METADATA,
    _article(primary_key=True),
    Column("body", LargeBinary, nullable=False),  # zlib of the JSON of the contract
)

# The likeliest other identity or engagement of each entity or reported engagement that is not sure enough.
doubt = Table(
    "doubt",
    METADATA,
    _article(primary_key=True, index=True),
    Column("one", Text, primary_key=True),  # id in the article
    Column("other", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),  # entity kind, or engagement
    Column("score", Float, nullable=False),
    Index("doubt_order", "kind", "score"),
)

# Dropped for one article in this order; what hangs on an engagement goes with it.
PROJECTIONS = (entity_name, entity, engagement, role, quotation, claim, time)
