"""A body looks back on the joining itself: what the records show, what is picked, and the duty that is met."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.items.services.raising import TitleMissing
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.lookbacks.calc.fishbone import cut, draw, draw_upright
from ronghe.domain.lookbacks.calc.periods import is_deep, spans_before
from ronghe.domain.lookbacks.enums import Lapse
from ronghe.domain.lookbacks.models import LookSession, Recurrence
from ronghe.domain.lookbacks.selectors import lapse_called, lapses_of, list_sessions, sources_picked
from ronghe.domain.lookbacks.services.sessions import (
    AlreadyPicked,
    AlreadyWorkedOn,
    ConclusionMissing,
    SessionClosed,
    SessionOpen,
    SpanUnfit,
    close_session,
    drop_finding,
    open_session,
    pick_finding,
    reopen_session,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.items import claimed
from tests.factories.lookbacks import closed, make_finding
from tests.factories.rhythm import make_task, make_zone

pytestmark = pytest.mark.django_db
QUARTER = {"from_on": date(2026, 7, 1), "until_on": date(2026, 10, 1)}


@pytest.fixture
def story():
    return make_zone()


def begun(story, at, **more):
    return open_session(body=story.body, actor=story.lead, at=at, **{**QUARTER, **more})


def test_quarters_and_halves_end_where_the_next_begin():
    assert spans_before(date(2026, 9, 30), count=2) == [
        (date(2026, 7, 1), date(2026, 10, 1)), (date(2026, 4, 1), date(2026, 7, 1)),
    ]  # fmt: skip
    assert spans_before(date(2026, 10, 1), count=1) == [(date(2026, 10, 1), date(2027, 1, 1))]
    assert spans_before(date(2026, 3, 31), halves=True, count=2) == [
        (date(2026, 1, 1), date(2026, 7, 1)), (date(2025, 7, 1), date(2026, 1, 1)),
    ]  # fmt: skip


def test_deep_is_two_whys_and_another_cause_behind():
    assert is_deep(["一", "二"], "因", "因后")
    assert not is_deep(["一", " "], "因", "因后")
    assert not is_deep(["一", "二"], "因", " 因")


def test_a_fishbone_stays_within_its_picture():
    heads = ["people", "machine", "material", "method", "setting", "measuring"]
    picture = draw(heads, {"people": ["因"] * 6, "measuring": ["很长很长很长很长的一条原因写不下"]})

    assert [bone.head for bone in picture.bones] == heads
    places = [(cause.x, cause.y) for bone in picture.bones for cause in bone.causes]
    assert all(0 < x < picture.width and 0 < y < picture.height for x, y in places)
    assert all(0 < bone.label_y < picture.height for bone in picture.bones)
    assert len(set(places)) == len(places) == 7
    upright = draw_upright(heads, {"people": ["因"] * 6})
    assert all(0 < rib.y < upright.height and 0 < rib.x < upright.width for rib in upright.ribs)
    assert len({(rib.x, rib.y) for rib in upright.ribs}) == 6
    assert cut("一" * 11) == "一" * 11
    assert cut("一" * 12) == "一" * 10 + "…"


def test_what_did_not_go_is_read_from_the_records(story, morning):
    task, item = make_task(story, morning), claimed(story, morning, story.members[0], due_in_days=3)
    later = morning + timedelta(days=5)
    found = lapses_of(story.committee, later.date().replace(day=1), date(2026, 12, 1), later)

    assert {lapse.lapse: lapse.count for lapse in found} == {Lapse.TASK: 1, Lapse.ITEM: 1}
    assert lapse_called(found, "work.task", task.pk).who == story.members[0].name
    assert lapse_called(found, "items.workitem", item.pk).title == item.title
    assert lapse_called(found, "work.task", 999) is None
    assert lapses_of(story.body, date(2026, 12, 1), date(2026, 12, 31), later) == []


def test_findings_are_picked_once_and_taken_back(story, morning):
    session = begun(story, morning)
    source = RecordOf("work.task", 7, "清沟")
    finding = pick_finding(session=session, title="清沟没有人管", source=source, actor=story.lead, at=morning)
    assert (finding.item.values["area"], finding.item.zone, finding.item.source_id) == ("joining", story.zone, 7)
    assert sources_picked(session) == {("work.task", 7)}
    with pytest.raises(AlreadyPicked):
        pick_finding(session=session, title="又一次", source=source, actor=story.lead, at=morning)
    with pytest.raises(TitleMissing):
        pick_finding(session=session, title=" ", actor=story.lead, at=morning)
    with pytest.raises(NotAllowed):
        pick_finding(session=session, title="我看", actor=story.members[0], at=morning)

    drop_finding(finding=finding, actor=story.lead, at=morning)
    finding.item.refresh_from_db()
    assert (finding.item.state, session.findings.count()) == ("dismissed", 0)
    with pytest.raises(Stale):
        drop_finding(finding=finding, actor=story.lead, at=morning)
    again = pick_finding(session=session, title="清沟没有人管", source=source, actor=story.lead, at=morning)
    take_step(item=again.item, step="take", actor=story.members[0], at=morning)
    with pytest.raises(AlreadyWorkedOn):
        drop_finding(finding=again, actor=story.lead, at=morning)


def test_a_closed_problem_picked_again_has_come_back(story, morning):
    item = closed(story, morning)
    session = begun(story, morning)
    source = RecordOf("items.workitem", item.pk, item.title)
    later = morning + timedelta(hours=1)
    finding = pick_finding(session=session, title=item.title, source=source, actor=story.lead, at=later)

    item.refresh_from_db()
    assert (finding.item, item.state, Recurrence.objects.get().number) == (item, "analysing", 1)
    drop_finding(finding=finding, actor=story.lead, at=later)
    item.refresh_from_db()
    assert item.state == "analysing"


def test_a_session_is_closed_with_a_conclusion_and_its_counts(story, morning):
    make_task(story, morning)
    make_finding(story, morning)
    later = morning + timedelta(days=2)
    session = begun(story, later)
    pick_finding(session=session, title="清沟没有人管", actor=story.lead, at=later)
    with pytest.raises(ConclusionMissing):
        close_session(session=session, conclusion=" ", actor=story.lead, at=later)
    close_session(session=session, conclusion="碰头好，任务跟得慢", actor=story.lead, at=later)

    fact = Fact.objects.get(kind="lookbacks.session_closed")
    assert fact.values == {
        "from_on": "2026-07-01", "until_on": "2026-10-01", "shown": 1, "found": 1, "recurred": 0, "open": 1,
    }  # fmt: skip
    assert (fact.body, fact.zone) == (story.body.pk, story.zone.pk)
    for act in (
        lambda: close_session(session=LookSession.objects.get(), conclusion="再", actor=story.lead, at=later),
        lambda: pick_finding(session=session, title="再", actor=story.lead, at=later),
    ):
        with pytest.raises(SessionClosed):
            act()
    reopen_session(session=session, actor=story.lead, at=later)
    assert Fact.objects.filter(reverses=fact.pk).count() == 1
    with pytest.raises(Stale):
        reopen_session(session=session, actor=story.lead, at=later)
    close_session(session=session, conclusion="补充后完成", actor=story.lead, at=later)
    reopen_session(session=session, actor=story.lead, at=later)
    assert Fact.objects.filter(kind="lookbacks.session_closed", reverses__isnull=False).count() == 2


def test_a_body_has_one_open_session_at_a_time(story, morning):
    session = begun(story, morning)
    with pytest.raises(SessionOpen):
        begun(story, morning)
    close_session(session=session, conclusion="都好", actor=story.lead, at=morning)
    begun(story, morning)
    with pytest.raises(SessionOpen):
        reopen_session(session=session, actor=story.lead, at=morning)
    assert len(list_sessions(story.lead, morning)) == 2


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [
        (date(2026, 9, 15), date(2026, 10, 1)),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2025, 1, 1), date(2026, 1, 3)),
    ],
)
def test_a_span_has_begun_and_is_no_longer_than_a_year(story, morning, from_on, until_on):
    with pytest.raises(SpanUnfit):
        begun(story, morning, from_on=from_on, until_on=until_on)
    assert begun(story, morning, from_on=date(2026, 9, 14), until_on=date(2027, 9, 14)).pk


def test_a_member_opens_no_session(story, morning):
    with pytest.raises(NotAllowed):
        open_session(body=story.body, actor=story.members[0], at=morning, **QUARTER)
