from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from ronghe.domain.agreements.enums import AgreementState, EndingState
from ronghe.domain.agreements.models import Agreement, AgreementEnding, AgreementReview, GoalReading
from tests.factories.agreements_story import LAST_DAY, make_draft, make_signed
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


def page(name: str, agreement, *further) -> str:
    return reverse(f"web:{name}", args=[agreement.pk, *further])


SIGNED_DAYS_AGO = timedelta(days=105)


@pytest.fixture
def agreement(sides, now):
    """In force since 10 September."""
    return make_signed(sides, now - timedelta(days=4))


@pytest.fixture
def later(agreement, now):
    return now


def old_agreement(sides, now, **changes):
    """Signed on 1 June, to be reviewed on 1 September."""
    return make_signed(sides, now - SIGNED_DAYS_AGO, starts_on=(now - SIGNED_DAYS_AGO).date(), **changes)


def test_a_reading_is_noted_and_corrected(agreement, first, later):
    goal = agreement.goals.get(key="hard_points")
    address = page("agreement_goal", agreement, goal.pk)

    first.post(address, {"value": "20", "day": later.date(), "evidence": "台账"})
    wrong = GoalReading.objects.get()
    assert first.get(address + f"?corrects={wrong.pk}").context["form"].initial["value"] == 20
    first.post(address, {"value": "2", "day": later.date(), "corrects": wrong.pk})

    shown = text_of(first.get(page("agreement_detail", agreement)).content.decode())
    assert "40%" in shown
    assert "已更正" in text_of(first.get(address).content.decode())


@pytest.mark.parametrize("wrong", [{"value": "1e400"}, {"value": ""}, {"value": "0.00001"}, {"day": "9999-12-31"},
                                   {"day": "2026-09-09"}])  # fmt: skip
def test_a_reading_that_would_not_do_is_told(agreement, first, later, wrong):
    goal = agreement.goals.first()

    answer = first.post(page("agreement_goal", agreement, goal.pk), {"value": "1", "day": later.date(), **wrong})

    assert answer.status_code == 422
    assert not GoalReading.objects.exists()


def test_members_look_and_do_not_write(agreement, sides, later, as_person):
    member, goal = as_person(sides.members[1]), agreement.goals.first()

    shown = member.get(page("agreement_goal", agreement, goal.pk))
    assert "登记数值" not in text_of(shown.content.decode())
    assert (
        member.post(page("agreement_goal", agreement, goal.pk), {"value": "1", "day": later.date()}).status_code == 403
    )
    for name in ("agreement_review", "agreement_end", "agreement_supplement"):
        assert member.get(page(name, agreement)).status_code == 403


def test_a_review_is_filled_in_by_the_figures(agreement, first, later):
    goal = agreement.goals.get(key="hard_points")
    first.post(page("agreement_goal", agreement, goal.pk), {"value": "5", "day": later.date()})
    form = first.get(page("agreement_review", agreement)).context["form"]
    assert form[f"verdict_{goal.pk}"].initial == "reached"

    data = {"held_on": later.date(), "conclusion": "难点已清零。", f"verdict_{goal.pk}": "reached",
            f"text_{goal.pk}": "提前完成"}  # fmt: skip
    assert first.post(page("agreement_review", agreement), data).status_code == 302

    shown = text_of(first.get(page("agreement_detail", agreement)).content.decode())
    assert "难点已清零。" in shown
    assert "提前完成" in shown
    assert first.post(page("agreement_review", agreement), data).status_code == 422
    assert AgreementReview.objects.count() == 1


def test_ending_by_agreement_of_both(agreement, first, second, later):
    finals = {f"final_{goal.pk}": goal.target for goal in agreement.goals.all()}
    answer = first.post(page("agreement_end", agreement), {"kind": "both_agree", "summary": "提前建成。", **finals})
    assert answer.status_code == 302
    ending = AgreementEnding.objects.get()
    assert "提出终止" in text_of(second.get(page("agreement_detail", agreement)).content.decode())

    second.post(page("agreement_ending_answer", agreement, ending.pk, "agree"))

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.ENDED
    assert "提前建成。" in text_of(first.get(page("agreement_detail", agreement)).content.decode())


def test_ending_is_declined_with_a_reason_or_withdrawn(agreement, first, second, later):
    finals = {f"final_{goal.pk}": goal.target for goal in agreement.goals.all()}
    asked = {"kind": "both_agree", "summary": "提前建成。", **finals}
    first.post(page("agreement_end", agreement), asked)
    ending = AgreementEnding.objects.get()
    address = page("agreement_ending_answer", agreement, ending.pk, "decline")
    assert second.post(address, {"reason": ""}).status_code == 422
    second.post(address, {"reason": "还有两项"})
    first.post(page("agreement_end", agreement), asked)
    first.post(page("agreement_ending_answer", agreement, AgreementEnding.objects.last().pk, "withdraw"))

    states = list(AgreementEnding.objects.order_by("pk").values_list("state", flat=True))
    assert states == [EndingState.DECLINED, EndingState.WITHDRAWN]


@pytest.mark.parametrize("data", [
    {"kind": "term_over", "summary": "好"},
    {"kind": "both_agree", "summary": ""},
    {"kind": "broken_off", "reason": ""},
    {"kind": "x"},
    {"kind": "both_agree", "summary": "好", "last_day": "9999-12-31"},
])  # fmt: skip
def test_an_end_that_would_not_do_is_told(agreement, first, later, data):
    assert first.post(page("agreement_end", agreement), data).status_code == 422


def test_a_supplement_is_drafted_from_its_agreement(agreement, first, later):
    answer = first.post(page("agreement_supplement", agreement), {"starts_on": later.date(), "ends_on": LAST_DAY})

    made = Agreement.objects.get(supplements=agreement)
    assert answer.headers["Location"] == page("agreement_edit", made)
    assert made.title in text_of(first.get(page("agreement_detail", agreement)).content.decode())


def test_what_is_not_in_force_leads_back(sides, now, first):
    draft = make_draft(sides, now)

    for name in ("agreement_review", "agreement_end", "agreement_supplement"):
        assert first.get(page(name, draft)).headers["Location"] == page("agreement_detail", draft)


def test_the_list_is_searched_filtered_sorted_and_taken_along(agreement, sides, now, first):
    make_draft(sides, now)
    address = reverse("web:agreements")

    assert len(first.get(address).context["rows"]) == 2
    assert [row.agreement for row in first.get(address, {"state": "in_force"}).context["rows"]] == [agreement]
    assert first.get(address, {"q": "没有这个"}).context["rows"] == []
    assert len(first.get(address, {"q": "信息站"}).context["rows"]) == 2
    for asked in ({"kind": "safety"}, {"due": "1"}):
        assert first.get(address, asked).context["rows"] == []
    for word in ("title", "-ends", "review", "project", "nonsense"):
        assert first.get(address, {"sort": word}).status_code == 200
    assert first.fragment(address, {"state": "in_force"}).status_code == 200

    book = openpyxl.load_workbook(BytesIO(b"".join(first.get(reverse("web:agreement_export")).streaming_content)))
    assert len(list(book.active.rows)) == 3


def test_a_due_review_is_said(sides, first, now):
    agreement = old_agreement(sides, now)

    assert first.get(reverse("web:agreements"), {"due": "1"}).context["rows"][0].is_due
    assert "该回顾了" in text_of(first.get(reverse("web:agreements")).content.decode())
    assert "回顾应在" in text_of(first.get(page("agreement_detail", agreement)).content.decode())


def test_a_term_that_is_over_is_to_be_ended(sides, first, now):
    agreement = old_agreement(sides, now, ends_on=now.date() - timedelta(days=1))

    assert "期满待结" in text_of(first.get(page("agreement_detail", agreement)).content.decode())
    assert first.get(page("agreement_end", agreement)).context["form"].initial["kind"] == "term_over"
