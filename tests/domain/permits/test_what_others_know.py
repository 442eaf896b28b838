"""What permits read of other rooms: risks and hazards of the area, what people hold, who was let in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.contractors.enums import ContractorKind, ContractorState
from ronghe.domain.contractors.models import Contractor, ContractorAgreement, Worker
from ronghe.domain.hazards.enums import FindingGrade
from ronghe.domain.hazards.services.reporting import Report, report_hazard
from ronghe.domain.items.models import WorkItem
from ronghe.domain.permits.enums import PartRole, PermitState, SignRole, StopReason
from ronghe.domain.permits.models import Permit, PermitSignature
from ronghe.domain.permits.selectors.permits import lacks_of, pictures_of
from ronghe.domain.permits.services.handing import offer_handover
from ronghe.domain.permits.services.naming import NotAdmitted
from ronghe.domain.permits.services.requesting import (
    PartGiven,
    RiskGiven,
    change_permit,
    request_permit,
    submit_permit,
)
from ronghe.domain.permits.services.telling import Lacking
from ronghe.domain.permits.services.watching import raise_alarm
from ronghe.domain.permits.services.working import resume_permit, watch_permits
from ronghe.domain.qualifications.models import Certificate, Lesson
from ronghe.domain.qualifications.services.health import note_restriction
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.services.areas import AreaText, change_area, open_area
from ronghe.domain.risks.services.registering import RiskText, add_risk
from tests.factories.contractors import credit_code
from tests.factories.org import make_person
from tests.factories.permits import (
    RISKS,
    active,
    analysed,
    briefed,
    fresh,
    make_story,
    requested,
    sign,
    submitted,
    text_of,
)
from tests.factories.qualifications import qualify

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning)


@pytest.fixture
def area(story, morning):
    return open_area(text=AreaText("脱水区"), body=story.body, actor=story.keeper, at=morning)


def risk(story, area, at, *, title="硫化氢泄漏", grade=RiskGrade.YELLOW):
    text = RiskText(title, grade, "佩戴报警仪，两人同行", story.offices["host"])
    return add_risk(area=area, text=text, actor=story.keeper, at=at)


def hazard(story, area, at, *, grade=FindingGrade.GENERAL, title="接地线断"):
    return report_hazard(report=Report(title, area=area, grade=grade), actor=story.leader, at=at)


def codes(refused) -> list[str]:
    return [one.code for one in refused.value.lacks]


def lines(permit: Permit) -> list[tuple[str, str, bool]]:
    return list(permit.risks.order_by("place").values_list("hazard", "measure", "is_known"))


class TestArea:
    def test_pw_02_risks_and_open_hazards_stand_in_the_analysis_by_themselves(self, story, area, morning):
        risk(story, area, morning)
        hazard(story, area, morning)

        permit = requested(story, morning, area="脱水区")

        assert permit.risk_area == area
        assert lines(permit)[:2] == [("接地线断", "", True), ("硫化氢泄漏", "佩戴报警仪，两人同行", True)]
        with pytest.raises(Lacking) as refused:
            sign(story, permit, SignRole.RISK_BUILDER, story.leader, morning)
        assert codes(refused) == ["analysis_measure"]

    def test_the_measure_that_is_given_for_a_known_one_stands_beside_it_once(self, story, area, morning):
        hazard(story, area, morning)
        permit = requested(story, morning, area="脱水区")

        change_permit(
            permit=permit, risks=[*RISKS, RiskGiven("接地线断", "恢复接地再动火")], actor=story.applicant, at=morning
        )

        assert lines(permit)[0] == ("接地线断", "恢复接地再动火", True)
        assert [line[0] for line in lines(permit)].count("接地线断") == 1

    def test_words_that_name_no_area_stay_words(self, story, area, morning):
        permit = requested(story, morning, area="北墙外")

        assert (permit.area, permit.risk_area, permit.risks.filter(is_known=True).count()) == ("北墙外", None, 0)

    def test_another_place_brings_its_own_risks(self, story, area, morning):
        risk(story, area, morning)
        permit = requested(story, morning, area="北墙外")

        change_permit(permit=permit, text=text_of(story, morning, area="脱水区"), actor=story.applicant, at=morning)

        assert [line[0] for line in lines(permit)] == ["硫化氢泄漏", *(one.hazard for one in RISKS)]

    @pytest.mark.parametrize("grade", [RiskGrade.YELLOW, RiskGrade.RED])
    def test_what_comes_up_before_submitting_is_analysed_first(self, story, area, morning, grade):
        permit = analysed(story, morning, area="脱水区")
        risk(story, area, morning, grade=grade)

        with pytest.raises(Lacking, match="硫化氢泄漏") as refused:
            submit_permit(permit=permit, actor=story.applicant, at=morning)

        assert [(one.code, one.rule) for one in refused.value.lacks] == [("analysis_known", "PW-02")]

    @pytest.mark.parametrize(("grade", "found"), [(RiskGrade.ORANGE, []), (RiskGrade.RED, ["analysis_known"])])
    def test_what_comes_up_after_it_matters_where_it_is_red(self, story, area, morning, grade, found):
        permit = briefed(story, morning, area="脱水区")
        risk(story, area, morning, grade=grade)

        assert [one.code for one in lacks_of(fresh(permit), morning)] == found

    @pytest.mark.parametrize(
        ("grade", "state"), [(FindingGrade.GENERAL, PermitState.ACTIVE), (FindingGrade.MAJOR, PermitState.SUSPENDED)]
    )
    def test_in_04_a_major_hazard_stops_the_work_beside_it(self, story, area, morning, grade, state):
        permit = active(story, morning, area="脱水区")
        hazard(story, area, morning, grade=grade)

        watch_permits(at=morning + timedelta(minutes=5))

        assert fresh(permit).state == state

    def test_in_04_work_goes_on_when_the_hazard_is_settled_and_nowhere_before(self, story, area, morning):
        permit = active(story, morning, area="脱水区")
        item = hazard(story, area, morning, grade=FindingGrade.MAJOR)
        watch_permits(at=morning)
        assert fresh(permit).stop_reason == StopReason.HAZARD

        with pytest.raises(Lacking, match="接地线断") as refused:
            resume_permit(permit=fresh(permit), actor=story.leader, at=morning)
        assert [one.rule for one in refused.value.lacks] == ["IN-04"]

        WorkItem.objects.filter(pk=item.pk).update(closed_at=morning)
        assert resume_permit(permit=fresh(permit), actor=story.leader, at=morning).state == PermitState.ACTIVE

    def test_an_area_that_was_renamed_is_still_the_same_place(self, story, area, morning):
        permit = active(story, morning, area="脱水区")
        change_area(area=area, text=AreaText("原油脱水区"), actor=story.keeper, at=morning)

        _alarm, stopped = raise_alarm(
            site=story.site, text="可燃气体报警", area="原油脱水区", actor=story.offices["host"], at=morning
        )

        assert (stopped, fresh(permit).state) == (1, PermitState.SUSPENDED)


class TestPeople:
    def test_pw_11_without_the_trade_no_name_on_a_permit(self, story, morning):
        permit = analysed(story, morning)
        Certificate.objects.filter(person=story.welder).delete()

        with pytest.raises(Lacking, match="焊工老马：没有“焊接与热切割作业”证件") as refused:
            submit_permit(permit=permit, actor=story.applicant, at=morning)

        assert [one.rule for one in refused.value.lacks] == ["PW-11"]

    @pytest.mark.parametrize(("days", "found"), [(-1, ["PC-14"]), (0, []), (1, [])])
    def test_pc_14_a_certificate_holds_on_its_last_day_until_the_work_is_over(self, story, morning, days, found):
        permit = analysed(story, morning)
        last = morning.date() + timedelta(days=days)
        Certificate.objects.filter(person=story.welder).update(expires_on=last)

        assert [one.rule for one in lacks_of(fresh(permit), morning)] == found

    def test_before_the_start_people_are_held_to_the_last_day_that_is_asked_for(self, story, morning):
        permit = analysed(story, morning, "work_at_height", ends_at=morning + timedelta(days=3))
        Certificate.objects.filter(person=story.welder).update(expires_on=morning.date() + timedelta(days=2))

        assert [one.rule for one in lacks_of(fresh(permit), morning)] == ["PC-14"]

    @pytest.mark.parametrize(
        ("who", "rule"), [("leader", "PC-11"), ("welder", "PC-11"), ("guardian", "PC-11"), ("tester", "PC-11")]
    )
    def test_pc_11_and_pc_19_nobody_works_who_was_not_taught(self, story, morning, who, rule):
        permit = analysed(story, morning)
        Lesson.objects.filter(person=getattr(story, who)).delete()

        assert {one.rule for one in lacks_of(fresh(permit), morning)} == {rule, "PC-19"}

    def test_pw_06_the_guardian_and_pw_12_the_tester_hold_their_own(self, story, morning):
        permit = analysed(story, morning)
        Certificate.objects.filter(person__in=[story.guardian, story.tester]).delete()

        assert [str(one) for one in lacks_of(fresh(permit), morning)] == [
            "孙宁：没有“作业监护人”证件", "钱露：没有“气体检测”证件",
        ]  # fmt: skip

    def test_a_health_restriction_bars_without_saying_why(self, story, morning):
        permit = analysed(story, morning)
        note_restriction(
            person=story.welder,
            text="心脏病",
            operations=["hot_work"],
            on=morning.date(),
            actor=story.keeper,
            at=morning,
        )

        said = [str(one) for one in lacks_of(fresh(permit), morning)]

        assert said == ["焊工老马：健康原因不宜从事这项作业，请与安全管理人员联系"]

    def test_a_certificate_that_is_withdrawn_stops_the_work(self, story, morning):
        permit = active(story, morning)
        Certificate.objects.filter(person=story.welder).update(state="withdrawn", withdrawn_reason="PC-16")

        watch_permits(at=morning)

        assert (fresh(permit).state, fresh(permit).stop_reason) == (PermitState.SUSPENDED, StopReason.UNFIT)

    def test_the_guardians_certificate_is_taken_from_the_records(self, story, morning):
        parts = [
            PartGiven(PartRole.GUARDIAN, story.guardian) if one.role == PartRole.GUARDIAN else one
            for one in story.parts
        ]
        held = Certificate.objects.get(person=story.guardian)

        permit = request_permit(
            site=story.site, operation="hot_work", text=text_of(story, morning), parts=parts, risks=RISKS,
            actor=story.applicant, at=morning,
        )  # fmt: skip

        named = permit.parts.get(role=PartRole.GUARDIAN)
        assert (named.card, named.card_until) == (held.number_shown, held.expires_on)


class TestCompany:
    @pytest.fixture
    def days(self):
        """How many days from now the safety agreement holds."""
        return 1

    @pytest.fixture
    def company(self, story, morning, days):
        made = Contractor.objects.create(
            name="油建二公司", credit_code=credit_code(), kind=ContractorKind.CONTRACTOR, body=story.body,
            unit=story.builder, state=ContractorState.ADMITTED, registered_at=morning, registered_by=story.keeper,
        )  # fmt: skip
        ContractorAgreement.objects.create(
            contractor=made, number="AQ-1", officer="老周", signed_on=date(2026, 1, 1), from_on=date(2026, 1, 1),
            until_on=morning.date() + timedelta(days=days), noted_by=story.keeper,
        )  # fmt: skip
        return made

    def test_pc_06_a_suspended_company_gets_no_permit(self, story, company, morning):
        permit = analysed(story, morning)
        assert not lacks_of(fresh(permit), morning)
        Contractor.objects.filter(pk=company.pk).update(state=ContractorState.SUSPENDED)

        with pytest.raises(Lacking, match="油建二公司") as refused:
            submit_permit(permit=permit, actor=story.applicant, at=morning)

        assert [one.rule for one in refused.value.lacks] == ["PC-06"]

    @pytest.mark.parametrize(("days", "found"), [(0, ["PC-07"]), (1, []), (2, [])])
    def test_pc_07_the_safety_agreement_holds_until_its_end(self, story, company, morning, days, found):
        permit = analysed(story, morning)

        assert [one.rule for one in lacks_of(fresh(permit), morning)] == found

    def test_a_company_that_is_suspended_stops_with_its_work(self, story, company, morning):
        permit = active(story, morning)
        Contractor.objects.filter(pk=company.pk).update(state=ContractorState.SUSPENDED)

        watch_permits(at=morning)

        assert fresh(permit).stop_reason == StopReason.UNFIT

    def engaged(self, story, company, morning):
        hired = make_person("外雇老陈")
        qualify({hired: ("welding_and_cutting",)}, by=story.keeper, at=morning)
        Worker.objects.create(
            contractor=company, person=hired, employment="hired", job="焊工", from_on=date(2026, 1, 1),
            registered_by=story.keeper,
        )  # fmt: skip
        return hired

    def with_worker(self, story, hired):
        return [PartGiven(PartRole.WORKER, hired) if one.role == PartRole.WORKER else one for one in story.parts]

    def test_pc_10_a_hired_worker_who_was_let_in_is_named_like_anybody(self, story, company, morning):
        hired = self.engaged(story, company, morning)
        permit = requested(story, morning)

        change_permit(permit=permit, parts=self.with_worker(story, hired), actor=story.applicant, at=morning)

        assert "unfit" not in [one.code for one in lacks_of(fresh(permit), morning)]

    def test_pc_19_whoever_left_the_company_is_not_named(self, story, company, morning):
        hired = self.engaged(story, company, morning)
        permit = requested(story, morning)
        change_permit(permit=permit, parts=self.with_worker(story, hired), actor=story.applicant, at=morning)
        sign(story, permit, SignRole.RISK_BUILDER, story.leader, morning)
        sign(story, permit, SignRole.RISK_HOST, story.offices["host"], morning)
        Worker.objects.filter(person=hired).update(until_on=morning.date())

        assert [(one.rule, str(one)) for one in lacks_of(fresh(permit), morning)] == [
            ("PC-19", "外雇老陈：已不在“油建二公司”，不能进场")
        ]

    def test_pc_19_names_that_were_not_admitted_are_refused_whole(self, story, company, morning):
        with pytest.raises(NotAdmitted, match=r"外人.*PC-19"):
            request_permit(
                site=story.site, operation="hot_work", text=text_of(story, morning), risks=RISKS,
                parts=[*story.parts, PartGiven(PartRole.WORKER, story.outsider)], actor=story.applicant, at=morning,
            )  # fmt: skip

        assert not Permit.objects.exists()

    def test_pc_19_nor_is_anything_handed_over_to_them(self, story, morning):
        permit = active(story, morning)

        with pytest.raises(NotAdmitted, match="外人"):
            offer_handover(
                permit=permit, role=PartRole.GUARDIAN, to=story.outsider, note="交班", actor=story.guardian, at=morning
            )


def test_one_picture_costs_what_a_dozen_cost(story, area, morning, django_assert_num_queries):
    risk(story, area, morning)
    permits = [submitted(story, morning, "lifting", area="脱水区") for _ in range(3)]
    rows = [fresh(one) for one in permits]
    with django_assert_num_queries(26) as one:
        pictures_of(rows[:1], morning)
    with django_assert_num_queries(len(one)):
        pictures_of(rows, morning)


def test_signatures_of_before_are_not_touched_by_what_others_write(story, area, morning):
    permit = submitted(story, morning, area="脱水区")
    before = PermitSignature.objects.filter(permit=permit, digest=permit.digest).count()
    risk(story, area, morning, grade=RiskGrade.RED)

    assert PermitSignature.objects.filter(permit=permit, digest=fresh(permit).digest).count() == before
