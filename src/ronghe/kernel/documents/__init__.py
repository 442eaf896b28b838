"""Official documents: one content model, printed as PDF and written as Word after GB/T 9704 (DL-01..08)."""

from ronghe.kernel.documents.content import content_digest
from ronghe.kernel.documents.fonts import Face, FontSet
from ronghe.kernel.documents.layout import GBT_9704, PageLayout
from ronghe.kernel.documents.meetings import AgendaItem, Attendee, Speech, Vote, meeting_record, meeting_summary
from ronghe.kernel.documents.model import (
    Addressees,
    Block,
    Column,
    Head,
    Heading,
    Imprint,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from ronghe.kernel.documents.numbering import chinese_date, chinese_time, document_number
from ronghe.kernel.documents.pdf import render_pdf, undrawable
from ronghe.kernel.documents.word import render_docx

__all__ = [
    "GBT_9704",
    "Addressees",
    "AgendaItem",
    "Attendee",
    "Block",
    "Column",
    "Face",
    "FontSet",
    "Head",
    "Heading",
    "Imprint",
    "Labelled",
    "OfficialDocument",
    "PageLayout",
    "Paragraph",
    "Signature",
    "Signatures",
    "Speech",
    "Table",
    "Vote",
    "chinese_date",
    "chinese_time",
    "content_digest",
    "document_number",
    "meeting_record",
    "meeting_summary",
    "render_docx",
    "render_pdf",
    "undrawable",
]
