"""Which language a text is in, as far as that can be told.

Dragoman reads English only. Where the text is short or the evidence mixed, it is read: a wrongly
refused article is lost, a wrongly read one gives little and shows its words.
"""

from __future__ import annotations

import re

MIN_WORDS = 20  # words of letters; below that nothing is said
SAMPLE_CHARACTERS = 20_000  # looked at; a text does not change its language half-way
SURE_SHARE = 0.2  # of words that are the commonest English ones; English news has 0.3 to 0.45
DOUBT_SHARE = 0.08  # below this a text the classifier calls foreign is foreign

# The commonest English words that are not common in a neighbouring language as well.
COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "that",
        "was",
        "were",
        "with",
        "for",
        "his",
        "her",
        "from",
        "said",
        "by",
        "is",
        "as",
        "it",
        "on",
        "at",
        "be",
        "has",
        "had",
        "have",
        "this",
        "which",
        "their",
        "they",
        "who",
        "will",
        "would",
        "are",
        "been",
        "not",
        "but",
        "an",
        "its",
        "he",
        "she",
        "after",
        "also",
        "between",
        "during",
    ]
)
NAMES = {
    "ar": "Arabic",
    "az": "Azerbaijani",
    "bg": "Bulgarian",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hy": "Armenian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "zh": "Chinese",
}

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def find_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None where it cannot be told.

    >>> find_language("He met them.")
    """
    sample = text[:SAMPLE_CHARACTERS]
    words = _WORD.findall(sample)
    if len(words) < MIN_WORDS and len(_UNSPACED.findall(sample)) < 2 * MIN_WORDS:
        return None
    share = sum(1 for word in words if word.lower() in COMMON) / max(len(words), 1)
    if share >= SURE_SHARE:
        return "en"
    from py3langid import classify  # type: ignore[import-untyped]  # loads 0.5 s of tables, so only in doubt

    code = str(classify(sample)[0])
    return code if code == "en" or share < DOUBT_SHARE else None


def name_language(code: str) -> str:
    """The English name of a language, or what there is to say of its code.

    >>> name_language("az"), name_language("xh")
    ('Azerbaijani', "language 'xh'")
    """
    return NAMES.get(code, f"language {code!r}")
