"""Applications for points: nobody decides alone, the branch sees it on notice, and then it counts once (PP-02, PP-04)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.merits.models import MeritCase
from ronghe.domain.merits.rules import AppealTooLate, NoticeOver
from ronghe.domain.merits.selectors import merits_seen_by, people_to_report, record_called, records_about, sheet_of
from ronghe.domain.merits.services.applying import (
    Application,
    CountedAlready,
    CountedByItself,
    MeritDayUnfit,
    MeritProofMissing,
    NoMeritSheet,
    RewardUnknown,
    apply_for,
)
from ronghe.domain.merits.services.counting import count_after_notice
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.merits import applied, make_merits, on_notice
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
AFTER = datetime(2026, 9, 21, 0, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The night after five working days of what was approved on Monday 14 September; that Sunday is worked."""


@pytest.fixture
def story(morning):
    return make_merits(morning)


def granted() -> list[Fact]:
    return list(Fact.objects.filter(kind="merits.granted", reverses=None).order_by("pk"))


def test_pp_02_an_application_goes_to_group_branch_secretary_notice_and_then_counts(story, morning):
    item = on_notice(story, morning)
    case = MeritCase.objects.get(item=item)
    assert (item.state, case.notice_from, case.notice_last_on) == ("notice", date(2026, 9, 15), date(2026, 9, 20))
    assert (case.checked_by, case.reviewed_by, case.approved_by) == (
        story.group_leader, story.org_member, story.secretary,
    )  # fmt: skip

    assert count_after_notice(at=AFTER - timedelta(days=1)) == 0
    assert count_after_notice(at=AFTER) == 1
    assert count_after_notice(at=AFTER) == 0

    (fact,) = granted()
    item.refresh_from_db()
    assert item.state == "granted"
    assert (fact.subject, fact.quantity, fact.body) == (story.member.token, 20_000, story.branch.pk)
    assert fact.values == {
        "item": "innovation", "sheet": "member_points", "playbook": "member_points@2", "notice_days": 5,
    }  # fmt: skip
    assert fact.occurred_at <= morning + timedelta(hours=5)
    assert MeritCase.objects.get(item=item).fact == fact.pk


def test_nobody_takes_two_steps_and_nobody_decides_the_own_points(story, morning):
    item = applied(story, morning)
    for actor in (story.member, story.other, story.stranger):
        with pytest.raises(NotAllowed):
            take_step(item=item, step="check", actor=actor, at=morning)
    take_step(item=item, step="check", actor=story.org_member, at=morning)  # the branch steps in for the group
    with pytest.raises(NotAllowed):
        take_step(item=item, step="review", actor=story.org_member, at=morning)
    take_step(item=item, step="review", actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="approve", actor=story.org_member, at=morning)
    take_step(item=item, step="approve", actor=story.secretary, at=morning)
    assert item.state == "notice"


def test_the_secretarys_own_application_is_approved_above_or_not_at_all(story, morning):
    given = Application("innovation", "改进", morning.date())
    item = apply_for(member=story.secretary, given=given, actor=story.secretary, at=morning, uploads=[photo()])
    take_step(item=item, step="check", actor=story.org_member, at=morning)
    take_step(item=item, step="review", actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="approve", actor=story.secretary, at=morning)


def test_pp_05_an_objection_stops_the_notice_until_it_is_settled(story, morning):
    item = on_notice(story, morning)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="object", actor=story.stranger, at=morning, said=Said(note="不实"))
    take_step(item=item, step="object", actor=story.other, at=morning, said=Said(note="是两个人做的"))
    assert count_after_notice(at=AFTER) == 0

    take_step(item=item, step="dismiss", actor=story.secretary, at=AFTER, said=Said(note="已核实"))
    case = MeritCase.objects.get(item=item)
    assert case.notice_from == date(2026, 9, 22)  # over meanwhile: it runs anew
    take_step(item=item, step="object", actor=story.other, at=AFTER, said=Said(note="还是不对"))
    take_step(item=item, step="uphold", actor=story.secretary, at=AFTER, said=Said(note="成立"))
    assert item.state == "refused"
    assert granted() == []


def test_after_the_notice_nobody_objects_any_more(story, morning):
    item = on_notice(story, morning)
    with pytest.raises(NoticeOver, match="2026"):
        take_step(item=item, step="object", actor=story.other, at=AFTER, said=Said(note="晚了"))


def test_pi_05_a_refusal_is_appealed_against_above(story, morning):
    item = applied(story, morning)
    take_step(item=item, step="refuse", actor=story.group_leader, at=morning, said=Said(note="证据不足"))
    with pytest.raises(AppealTooLate):
        take_step(
            item=item, step="appeal", actor=story.member, at=morning + timedelta(days=16), said=Said(note="请复核")
        )
    take_step(item=item, step="appeal", actor=story.member, at=morning + timedelta(days=15), said=Said(note="请复核"))
    with pytest.raises(NotAllowed):
        take_step(item=item, step="support", actor=story.secretary, at=morning, said=Said(note="同意"))
    take_step(item=item, step="support", actor=story.clerk, at=morning, said=Said(note="证据充分"))
    take_step(item=item, step="approve", actor=story.secretary, at=morning)
    assert item.state == "notice"


def test_a_reversal_takes_the_fact_back(story, morning):
    item = on_notice(story, morning)
    count_after_notice(at=AFTER)
    item.refresh_from_db()
    with pytest.raises(NotAllowed):
        take_step(item=item, step="reverse", actor=story.org_member, at=AFTER, said=Said(note="查实不符"))
    take_step(item=item, step="reverse", actor=story.secretary, at=AFTER, said=Said(note="查实不符"))

    (fact,) = granted()
    assert Fact.objects.get(reverses=fact.pk).quantity == -20_000


def test_pp_04_the_same_matter_counts_once_and_the_higher_one_wins(story, morning):
    record_ = RecordOf("work.task", 7, "抢修")
    lower = on_notice(story, morning, reward="commended_unit", record=record_)
    with pytest.raises(CountedAlready, match="厂级"):
        applied(story, morning, reward="commended_above", record=record_)
    count_after_notice(at=AFTER)
    with pytest.raises(CountedAlready):
        applied(story, AFTER, reward="innovation", record=record_)

    higher = on_notice(story, AFTER, reward="commended_above", record=record_)
    count_after_notice(at=AFTER + timedelta(days=20))

    lower.refresh_from_db()
    higher.refresh_from_db()
    assert (lower.state, higher.state) == ("reversed", "granted")
    counted = [fact for fact in granted() if not Fact.objects.filter(reverses=fact.pk).exists()]
    assert [fact.quantity for fact in counted] == [50_000]


def test_what_counts_by_itself_is_not_applied_for(story, morning):
    held = declared_kinds()["carriers.shift_held"]
    record(
        Draft(held, morning, story.secretary, about=story.member, body=story.branch.pk, quantity=8, source=story.branch)
    )
    (known,) = records_about(story.member, morning)
    assert record_called(story.member, known.key, morning) == known
    assert record_called(story.other, known.key, morning) is None
    with pytest.raises(CountedByItself, match="值守"):
        applied(story, morning, record=RecordOf(known.source_type, known.source_id, "值守"))


def test_an_application_must_fit(story, morning):
    def put(**change):
        given = Application(**{"reward": "innovation", "title": "改进", "done_on": morning.date()} | change)
        return apply_for(member=story.member, given=given, actor=story.member, at=morning, uploads=[photo()])

    with pytest.raises(RewardUnknown, match="抢险救急"):
        put(reward="study")
    for day in (morning.date() + timedelta(days=1), morning.date() - timedelta(days=400)):
        with pytest.raises(MeritDayUnfit):
            put(done_on=day)
    with pytest.raises(MeritProofMissing):
        apply_for(
            member=story.member, given=Application("innovation", "改进", morning.date()), actor=story.member, at=morning
        )
    with pytest.raises(NotAllowed):
        apply_for(
            member=story.member, given=Application("innovation", "改进", morning.date()), actor=story.other, at=morning,
            uploads=[photo()],
        )  # fmt: skip


def test_what_takes_points_away_is_put_forward_by_others(story, morning):
    given = Application("discipline", "两次无故缺席", morning.date())
    with pytest.raises(NotAllowed):
        apply_for(member=story.member, given=given, actor=story.member, at=morning, uploads=[photo()])
    item = apply_for(member=story.member, given=given, actor=story.group_leader, at=morning, uploads=[photo()])
    assert MeritCase.objects.get(item=item).points == Decimal(-2)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="check", actor=story.group_leader, at=morning)
    assert story.member in people_to_report(story.group_leader, morning)
    assert not people_to_report(story.other, morning).exists()


def test_pi_05_how_long_one_may_appeal_is_said_by_the_playbook_of_the_day_of_the_refusal(morning):
    story = make_merits(morning)
    adopt(story.branch, playbook(f"{THEME_DAY}keys: {{merit_appeal_days: 3}}\n"), morning.date())
    item = applied(story, morning)
    take_step(item=item, step="refuse", actor=story.group_leader, at=morning, said=Said(note="证据不足"))
    with pytest.raises(AppealTooLate, match="3"):
        take_step(
            item=item, step="appeal", actor=story.member, at=morning + timedelta(days=4), said=Said(note="请复核")
        )
    take_step(item=item, step="appeal", actor=story.member, at=morning + timedelta(days=3), said=Said(note="请复核"))
    assert item.state == "appealed"


def test_without_an_adopted_sheet_nothing_is_applied_for(morning):
    story = make_merits(morning, adopts=False)
    assert sheet_of(story.member, morning.date()) is None
    with pytest.raises(NoMeritSheet, match="范本"):
        applied(story, morning)


def test_the_branch_reads_an_application_and_another_branch_does_not(story, morning):
    item = applied(story, morning)
    for person in (story.member, story.other, story.group_leader, story.secretary, story.clerk):
        assert merits_seen_by(person, morning).filter(item=item).exists()
    assert not merits_seen_by(story.stranger, morning).exists()
    assert WorkItem.objects.get(pk=item.pk).owner == story.member
