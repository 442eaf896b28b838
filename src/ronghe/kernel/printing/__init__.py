"""Official documents as files of this installation: with the unit's own licensed fonts where it has put some."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings

from ronghe.kernel.documents import FontSet, OfficialDocument, render_docx, render_pdf
from ronghe.kernel.documents.layout import GBT_9704, PageLayout


class PaperForm(StrEnum):
    PDF = "pdf"
    DOCX = "docx"


MEDIA_TYPES = {
    PaperForm.PDF: "application/pdf",
    PaperForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def printed(
    document: OfficialDocument, form: PaperForm, *, check_url: str | None = None, layout: PageLayout = GBT_9704
) -> bytes:
    """Return the document as PDF or Word; fonts in `RONGHE_HOME/fonts` win over the shipped ones (DL-08).

    `check_url` is where the paper can be checked: a QR code at the foot of the PDF's last page.
    """
    if form == PaperForm.DOCX:
        return render_docx(document, layout=layout)
    fonts = FontSet(extra_font_dirs=(settings.HOME.fonts,))
    return render_pdf(document, layout=layout, fonts=fonts, check_url=check_url)
