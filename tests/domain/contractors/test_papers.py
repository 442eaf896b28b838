"""Files that prove a review of a gate (PC-06): told by their bytes, without place and camera, for whoever may see the company."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from PIL import Image

from ronghe.domain.contractors.enums import Gate
from ronghe.domain.contractors.models import GateFile
from ronghe.domain.contractors.selectors.companies import gates_of
from ronghe.domain.contractors.services.companies import review_gate
from ronghe.domain.contractors.services.papers import MOST_FILES, TooManyFiles, add_gate_files
from ronghe.domain.work.services.files import FileTypeRefused, Upload, arrived_file, path_of
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.contractors import NOW, TODAY, make_company, make_site
from tests.factories.org import make_account
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_site()


@pytest.fixture
def company(story):
    return make_company(story)


def review(story, company, *files):
    return review_gate(
        contractor=company, gate=Gate.RECORD, passed=True, evidence="业绩证明〔2026〕1号", on=TODAY, actor=story.officer,
        at=NOW, files=files,
    )  # fmt: skip


def read(answer) -> tuple[str, str]:
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    return answer["Content-Type"], answer["X-Content-Type-Options"]


def picture(number: int = 0, **more):
    return arrived_file(photo(color=(number * 20 % 256, 1, 1), name=f"资质{number}.jpg", **more))


def test_files_lie_with_the_review_and_stand_on_its_line_pc_06(story, company):
    review(story, company, picture(1), arrived_file(Upload("年审.pdf", io.BytesIO(b"%PDF-1.7\n%%EOF"))))

    line = next(one for one in gates_of(company) if one.gate == Gate.RECORD)
    assert line.review is not None
    assert [one.name for one in line.review.files.all()] == ["资质1.jpg", "年审.pdf"]
    assert Fact.objects.get(kind="contractors.gate_files_added").values == {
        "contractor": company.pk, "gate": "record", "files": 2,
    }  # fmt: skip


def test_place_and_camera_are_taken_out_of_a_picture(story, company):
    exif = Image.Exif()
    exif[0x010F] = "Phone of somebody"
    review(story, company, picture(1, exif=exif.tobytes()))

    with Image.open(path_of(GateFile.objects.get().file.sha256)) as kept:
        assert not kept.getexif()


def test_what_is_neither_picture_nor_pdf_is_refused_before_anything_is_written(story, company):
    with pytest.raises(FileTypeRefused):
        review(story, company, arrived_file(Upload("资质.jpg", io.BytesIO(b"MZ\x00\x01"))))
    assert not company.gate_reviews.exists()


def test_the_same_file_is_attached_once_and_no_more_than_ten(story, company):
    row = review(story, company, picture(1))
    assert add_gate_files(review=row, files=[picture(1)], actor=story.officer, at=NOW) == []
    add_gate_files(review=row, files=[picture(n) for n in range(2, MOST_FILES + 1)], actor=story.officer, at=NOW)

    with pytest.raises(TooManyFiles, match="已有 10 个"):
        add_gate_files(review=row, files=[picture(99)], actor=story.officer, at=NOW)
    with pytest.raises(NotAllowed):
        add_gate_files(review=row, files=[picture(99)], actor=story.guard, at=NOW)
    assert row.files.count() == MOST_FILES


def test_the_page_takes_files_and_gives_them_to_whoever_may_see_the_company(story, company, client):
    client.force_login(make_account(story.officer))
    sent = {"gate": "record", "passed": "yes", "evidence": "业绩证明", "on": "2026-09-14"}
    upload = photo(name="证照.jpg")
    upload.content.name = "证照.jpg"

    client.post(reverse("web:contractor_gate", args=[company.pk]), {**sent, "papers": [upload.content]})

    file = GateFile.objects.get()
    address = reverse("web:contractor_file", args=[company.pk, file.pk])
    assert address in client.get(reverse("web:contractor_detail", args=[company.pk])).content.decode()
    assert read(client.get(address)) == ("image/jpeg", "nosniff")
    other = make_company(story, "第二家公司", number=2)
    assert client.get(reverse("web:contractor_file", args=[other.pk, file.pk])).status_code == 404
    client.force_login(make_account(story.outsider))
    assert client.get(address).status_code == 404


def test_the_api_attaches_files_to_the_newest_review_and_gives_them_out(story, company, client):
    client.force_login(make_account(story.officer))
    path = f"/api/v1/field/contractors/{company.pk}"
    assert client.post(f"{path}/gates/record/files", {"photo": photo().content}).status_code == 404
    review(story, company)
    upload = photo().content
    upload.name = "证照.jpg"

    done = client.post(f"{path}/gates/record/files", {"photo": upload})

    assert done.status_code == 200
    [file] = next(gate["files"] for gate in done.json()["gates"] if gate["gate"] == "record")
    assert read(client.get(f"{path}/files/{file['id']}")) == ("image/jpeg", "nosniff")
    client.force_login(make_account(story.outsider))
    assert client.get(f"{path}/files/{file['id']}").status_code == 404
