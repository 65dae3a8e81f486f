"""Readers that need no model: each `load_*` stands where `dragoman.pipeline:load_reader` stands."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial

from dragoman.errors import ConfigError
from dragoman.pipeline import Answer, read_safely
from dragoman.record import Document, Mention, MentionForm, Reading


def load_reader() -> Callable[[Document], Answer]:
    """A reader that finds nothing, and suffers what the text tells it to."""
    return partial(read_safely, read_obediently)


def read_obediently(document: Document) -> Reading:
    if "TEST-RAISE" in document.text:
        raise ValueError("told to")
    if "TEST-HANG" in document.text:
        while True:
            pass
    if "TEST-CRASH" in document.text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "TEST-LIE" in document.text:
        lie = Mention(entity="e1", start=0, end=3, text="???", form=MentionForm.NAME)
        return Reading(document=document, mentions=(lie,))
    return Reading(document=document, reader="fake")


def load_nothing() -> Callable[[Document], Answer]:
    """A reader whose weights are gone."""
    raise ConfigError("the weights are missing; install the package again")


def load_crash() -> Callable[[Document], Answer]:
    """A reader that kills its process before it is ready."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return load_reader()


def load_echo() -> Callable[[str], tuple[str, int]]:
    """No reader at all: answers a payload with itself and the number of the process."""
    return lambda payload: (payload, os.getpid())
