from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ronghe.kernel.documents
from ronghe.kernel.documents import OfficialDocument, Paragraph
from ronghe.kernel.printing import PaperForm, printed

SHIPPED = Path(ronghe.kernel.documents.__file__).parent / "fonts"


@pytest.fixture
def document() -> OfficialDocument:
    return OfficialDocument(title="早碰头记录", blocks=(Paragraph("三号管廊动火点移到上风向。"),))


@pytest.mark.parametrize(("form", "begins"), [(PaperForm.PDF, b"%PDF"), (PaperForm.DOCX, b"PK")])
def test_printed_gives_the_form_asked_for(document, form, begins):
    assert printed(document, form).startswith(begins)


def test_dl_08_fonts_that_the_unit_drops_in_are_looked_at(document, settings):
    settings.HOME.fonts.mkdir(exist_ok=True)
    shutil.copy(SHIPPED / "RongheKai.otf", settings.HOME.fonts / "unit.otf")

    assert printed(document, PaperForm.PDF).startswith(b"%PDF")

    shutil.rmtree(settings.HOME.fonts)
