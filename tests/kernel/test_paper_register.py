"""What was printed can be checked by its digest; what was changed cannot pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.kernel.documents import OfficialDocument, Paragraph, content_digest
from ronghe.kernel.printing import PaperForm
from ronghe.kernel.printing.models import PrintedPaper
from ronghe.kernel.printing.register import check_digest, issued
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db


def document(text: str = "按方案执行。") -> OfficialDocument:
    return OfficialDocument(title="会议记录", blocks=(Paragraph(text),), issuer="南I-1共建党支部")


def test_printing_twice_is_one_paper(morning):
    for form in (PaperForm.PDF, PaperForm.DOCX, PaperForm.PDF):
        issued(document(), form, at=morning)

    assert PrintedPaper.objects.get().digest == content_digest(document())


def test_a_digest_is_found_however_it_is_typed(morning):
    issued(document(), PaperForm.DOCX, at=morning)
    digest = content_digest(document())
    typed = " ".join(digest[start : start + 4] for start in range(0, 64, 4)).upper()

    assert check_digest(typed).paper.digest == digest


@pytest.mark.parametrize("typed", ["", "0", "g" * 64, "0" * 64, "0" * 5000, "\x00"])
def test_anything_else_is_not_known(morning, typed):
    issued(document(), PaperForm.DOCX, at=morning)

    assert check_digest(typed) is None


def test_a_later_print_of_the_same_record_is_told(morning):
    record = make_person()
    issued(document(), PaperForm.DOCX, at=morning, source=record)
    assert check_digest(content_digest(document())).later is None

    issued(document("改过的内容。"), PaperForm.DOCX, at=morning + timedelta(hours=1), source=record)

    assert check_digest(content_digest(document())).later.digest == content_digest(document("改过的内容。"))
    assert check_digest(content_digest(document("改过的内容。"))).later is None


def test_the_pdf_says_where_it_can_be_checked(morning, settings):
    with_address = issued(document(), PaperForm.PDF, at=morning, address="https://ronghe.example/")
    without = issued(document(), PaperForm.PDF, at=morning)
    settings.ADDRESS = "https://ronghe.example"

    assert issued(document(), PaperForm.PDF, at=morning) == with_address != without
