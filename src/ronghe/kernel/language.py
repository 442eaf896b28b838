"""The reader's language, for words that carry both languages in a file instead of in the catalogue."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ronghe.kernel.words import SOURCE_LANGUAGE


def reader_language() -> str:
    """Return the language of this request, or outside Django the one that `RONGHE_LANGUAGE` names."""
    from django.conf import settings

    if settings.configured:
        from django.utils.translation import get_language

        return get_language() or SOURCE_LANGUAGE
    return os.environ.get("RONGHE_LANGUAGE", SOURCE_LANGUAGE)


def in_language(words: Mapping[str, str]) -> str:
    """Return what a file says in both languages, {"zh": …, "en": …}, in the reader's."""
    return words["en"] if reader_language().startswith("en") else words["zh"]
