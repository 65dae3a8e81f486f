"""Text as Dragoman keeps it: normalised once, and folded where names are compared.

Nothing here knows what a text says. After `normalise_text` a text is never changed again, because
every position in every record points into it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[" + "".join(LIGATURES) + "]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\u00ad]")
_NEWLINE = re.compile("\r\n?|\x0b|\x0c|\u2028|\u2029|\x85")

# Letters that anyascii writes as nobody spells the name: Azerbaijani Əliyev is written Aliyev.
# Source: Azerbaijani romanisation as used by the country's foreign ministry in English.
SPELLINGS = str.maketrans(
    {"ə": "a", "Ə": "A", "ğ": "gh", "Ğ": "Gh", "ç": "ch", "Ç": "Ch", "ş": "sh", "Ş": "Sh", "ı": "i", "İ": "I"}
)


def normalise_text(text: str) -> str:
    """The text as it is stored: NFC, no ligatures or control characters, `\\n` line ends.

    >>> normalise_text("Daro\\ufb00 met\\r\\nthem")
    'Daroff met\\nthem'
    """
    text = _NEWLINE.sub("\n", text)
    text = _CONTROL.sub("", text)
    text = _LIGATURE.sub(lambda match: LIGATURES[match.group()], text)
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=65536)
def fold_name(name: str) -> str:
    """A name in plain lower-case Latin letters, as names are compared and searched.

    >>> fold_name("Məmmədov"), fold_name("Мамедов"), fold_name("O'Brien-Łódź")
    ('mammadov', 'mamedov', "o'brien lodz")
    """
    plain = anyascii(name.translate(SPELLINGS)).casefold()
    return " ".join(re.sub(r"[^\w']+", " ", plain).split())
