"""What an address may hold, beyond what Django knows."""

from __future__ import annotations

from django.urls import register_converter


class FileForm:
    """The forms in which a document can be had; any other address is no page."""

    regex = "docx|pdf"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileForm, "fileform")
