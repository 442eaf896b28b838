"""Human words in the two languages of a playbook file."""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.kernel.language import reader_language


@dataclass(frozen=True, slots=True)
class Words:
    """A human phrase in both languages of the file."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh

    @property
    def here(self) -> str:
        """The phrase in the reader's language."""
        return self.in_language(reader_language())


@dataclass(frozen=True, slots=True)
class Entry:
    """An id with its title: a dimension, a group of mechanisms, a role, a line of a checklist."""

    id: str
    title: Words
