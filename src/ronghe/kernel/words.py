"""Interface words: Simplified Chinese is the source text, every other language a catalogue.

Pure code (scoring, file readers) must speak without Django being set up, so the lookup works both ways:
through Django inside a request, through the same compiled catalogue from the standard library outside it.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import os
from functools import cache
from pathlib import Path

SOURCE_LANGUAGE = "zh-hans"
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - the name every extraction tool knows
    """Mark a sentence for the catalogue without translating it yet."""
    return text


def _(text: str) -> str:
    """Return `text` in the reader's language; the Chinese text itself where no translation is known."""
    from django.conf import settings

    if settings.configured:
        from django.utils.translation import gettext

        return gettext(text)
    return _catalogue(os.environ.get("RONGHE_LANGUAGE", SOURCE_LANGUAGE)).gettext(text)


@cache
def _catalogue(language: str) -> stdlib_gettext.NullTranslations:
    return stdlib_gettext.translation(
        "django", LOCALE_DIR, languages=[language.split("-", maxsplit=1)[0]], fallback=True
    )
