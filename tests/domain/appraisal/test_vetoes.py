"""One-vote vetoes: evidence, review by another, a term, lifting (RT-07); they win over every other rule (AP-01, AP-05)."""

from __future__ import annotations

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from ronghe.domain.appraisal.enums import VetoState
from ronghe.domain.appraisal.models import VetoCase, VetoFile
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import rows_in
from ronghe.domain.appraisal.selectors.vetoes import (
    list_vetoes,
    veto_file_of,
    veto_kinds,
    veto_seen_by,
    vetoes_to_review,
)
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import start_run
from ronghe.domain.appraisal.services.vetoes import (
    MOST_FILES,
    EvidenceMissing,
    PersonElsewhere,
    TooManyVetoFiles,
    VetoDaysWrong,
    VetoOwnMatter,
    VetoReasonMissing,
    VetoTwice,
    VetoUnknown,
    add_veto_files,
    lift_veto,
    raise_veto,
    review_veto,
)
from ronghe.domain.work.services.files import FileTypeRefused, Upload, arrived_file, path_of
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.appraisal import (
    OCTOBER,
    a_quarter,
    adopt,
    computed_run,
    make_field,
    story_playbook,
    veto_in_force,
)
from tests.factories.rhythm import photo

SHANGHAI = ZoneInfo("Asia/Shanghai")
JANUARY = datetime(2027, 1, 11, 9, 0, tzinfo=SHANGHAI)

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    field = make_field()
    a_quarter(field)
    adopt(field.north)
    return field


def raised(field, **changes):
    wanted = {
        "body": field.south, "veto": "accident", "evidence": "事故调查报告 2026-8 号", "happened_on": date(2026, 8, 20),
        "until_on": date(2026, 12, 31), "actor": field.clerk, "at": OCTOBER,
    }  # fmt: skip
    return raise_veto(**(wanted | changes))


def vetoes_of(run, subject):
    return next(row.vetoes for row in rows_in(kept_of(run)) if row.subject == subject)


def test_the_list_of_vetoes_is_data_rt_07(field):
    shipped = {
        "grave_accident", "grave_misconduct", "term_overrun", "false_admission", "dues_misused", "secret_leaked",
        "mass_incident", "false_appraisal",
    }  # fmt: skip

    assert veto_kinds().keys() >= shipped | {"accident"}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"veto": "bad_mood"}, VetoUnknown),
        ({"evidence": " "}, EvidenceMissing),
        ({"happened_on": date(2026, 10, 13)}, VetoDaysWrong),
        ({"until_on": date(2026, 8, 19)}, VetoDaysWrong),
    ],
)
def test_a_veto_needs_evidence_and_days_rt_07(field, changes, refusal):
    with pytest.raises(refusal):
        raised(field, **changes)

    assert VetoCase.objects.count() == 0


def test_a_veto_waits_for_the_review_of_another_rt_07(field):
    case = raised(field)

    assert vetoes_of(computed_run(field), field.south.pk) == ()
    assert list(vetoes_to_review(field.auditor, OCTOBER)) == [case]
    assert list(vetoes_to_review(field.clerk, OCTOBER)) == []
    with pytest.raises(VetoOwnMatter):
        review_veto(case=case, holds=True, remark="属实", actor=field.clerk, at=OCTOBER)
    with pytest.raises(VetoReasonMissing):
        review_veto(case=case, holds=True, remark="", actor=field.auditor, at=OCTOBER)
    with pytest.raises(NotAllowed):
        review_veto(case=case, holds=True, remark="属实", actor=field.stranger, at=OCTOBER)
    with pytest.raises(VetoTwice):
        raised(field)


def test_a_refused_veto_never_counts(field):
    review_veto(case=raised(field), holds=False, remark="不是责任事故", actor=field.auditor, at=OCTOBER)

    assert vetoes_of(computed_run(field), field.south.pk) == ()
    assert Fact.objects.filter(kind="veto.raised").count() == 0


def test_a_veto_wins_over_the_score_in_every_period_of_its_term_ap_01(field):
    veto_in_force(field, field.south, until=date(2027, 3, 31))

    third = computed_run(field)
    fourth = compute_run(
        run=start_run(body=field.committee, playbook=story_playbook(), sheet_id="branch_quarter", period="2026Q4",
                      actor=field.clerk, at=JANUARY),
        at=JANUARY,
    )  # fmt: skip

    [south] = [row for row in rows_in(kept_of(third)) if row.subject == field.south.pk]
    assert (south.score, south.grade) == (1_000_000, "below")
    assert vetoes_of(fourth, field.south.pk) == ("accident",)
    assert vetoes_of(fourth, field.north.pk) == ()


def test_computing_twice_carries_a_veto_once(field):
    veto_in_force(field, field.south)
    computed_run(field)
    computed_run(field)

    assert Fact.objects.filter(kind="veto.raised").count() == 1


def test_lifting_ends_the_term_and_from_the_first_day_it_never_held(field):
    case = veto_in_force(field, field.south, until=date(2027, 3, 31))
    with pytest.raises(VetoOwnMatter):
        lift_veto(case=case, reason="查明", actor=field.clerk, at=OCTOBER)
    lift_veto(case=case, reason="查明不是责任事故", actor=field.auditor, at=OCTOBER, from_on=date(2026, 8, 20))

    assert case.state == VetoState.LIFTED
    assert vetoes_of(computed_run(field), field.south.pk) == ()


def test_lifted_later_it_still_counts_for_the_days_before(field):
    case = veto_in_force(field, field.south, until=date(2027, 3, 31))
    lift_veto(case=case, reason="整改验收", actor=field.auditor, at=OCTOBER)

    assert case.until_on == date(2026, 10, 11)
    assert vetoes_of(computed_run(field), field.south.pk) == ("accident",)


def test_a_veto_on_a_member_is_seen_by_the_member_and_who_leads(field):
    case = raised(field, person=field.south_member)
    with pytest.raises(PersonElsewhere):
        raised(field, person=field.north_member)

    assert veto_seen_by(field.south_member, case.pk, OCTOBER) == case
    assert [row.pk for row in list_vetoes(field.south_secretary, OCTOBER)] == [case.pk]
    for who in (field.north_member, field.stranger):
        with pytest.raises(NotFound):
            veto_seen_by(who, case.pk, OCTOBER)


def test_rt_07_evidence_is_kept_as_file_without_place_and_camera_once(field):
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-OF-SOMEBODY"
    case = raised(field, files=[arrived_file(photo(exif=exif.tobytes()))])
    more = add_veto_files(case=case, files=[arrived_file(photo())], actor=field.clerk, at=OCTOBER)
    (kept,) = VetoFile.objects.filter(case=case).select_related("file")
    assert (kept.name, kept.file.media_type, more) == ("现场.jpg", "image/jpeg", [])
    assert b"CAMERA-OF-SOMEBODY" not in path_of(kept.file.sha256).read_bytes()
    assert Fact.objects.filter(kind="appraisal.veto_files_added").count() == 1


def test_rt_07_a_file_that_is_no_picture_and_more_than_ten_are_refused(field):
    with pytest.raises(FileTypeRefused):
        arrived_file(Upload("通报.docx", io.BytesIO(b"PK\x03\x04 nothing")))
    many = [arrived_file(photo(color=(number * 20, 0, 0))) for number in range(MOST_FILES + 1)]
    with pytest.raises(TooManyVetoFiles):
        raised(field, files=many)
    assert not VetoCase.objects.exists()
    case = raised(field, files=many[:MOST_FILES])
    with pytest.raises(TooManyVetoFiles):
        add_veto_files(case=case, files=many[MOST_FILES:], actor=field.clerk, at=OCTOBER)


def test_rt_07_files_come_before_the_review_and_from_whoever_may_raise(field):
    case = raised(field)
    with pytest.raises(NotAllowed):
        add_veto_files(case=case, files=[arrived_file(photo())], actor=field.stranger, at=OCTOBER)
    review_veto(case=case, holds=True, remark="报告属实", actor=field.auditor, at=OCTOBER)
    with pytest.raises(StepNotAllowed):
        add_veto_files(case=case, files=[arrived_file(photo())], actor=field.clerk, at=OCTOBER)


def test_a_file_is_found_by_its_own_veto_alone(field):
    one, other = raised(field, files=[arrived_file(photo())]), raised(field, happened_on=date(2026, 8, 21))
    key = one.files.get().pk
    assert veto_file_of(one, key).file.media_type == "image/jpeg"
    assert veto_file_of(other, key) is None
