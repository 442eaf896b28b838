"""推广 of the demonstration field: the zone's own playbook, a pilot with before and after, branches in every state."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.playbooks.enums import CheckState, RevisionWay
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.domain.playbooks.selectors.books import shelved_as
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.playbooks.services.drafting import begin_draft, put_forward, save_draft
from ronghe.domain.playbooks.services.governing import register_document, settle_check
from ronghe.domain.rollouts.enums import Decision, Measure, RolloutKind
from ronghe.domain.rollouts.models import Rollout
from ronghe.domain.rollouts.selectors.practice import practice_of, text_of_practice
from ronghe.domain.rollouts.services.piloting import conclude_pilot, draft_rollout, review_pilot, start_pilot
from ronghe.domain.rollouts.services.spreading import roll_out, tell_effect, tell_reason
from ronghe.kernel.calendar.periods import DAY

OWN = "site_rhythm"

FIRST = """\
# 南I-1联合站改造参建支部的做法：主题党日办到现场，每周看一次承包商。
schema: 1
id: {own}
version: 1
title: {{zh: 参建支部现场节奏, en: Site rhythm of branches in construction}}
extends: [branch_base>=1]
groups:
  - id: site_rhythm
    title: {{zh: 现场节奏, en: Site rhythm}}
mechanisms:
  # 由协作区第三季度的做法整理，比基础制度多一项。
  - id: site_theme_day
    title: {{zh: 现场主题党日, en: Theme Party day on site}}
    dimension: {dimension}
    for: [branch, joint_branch, co_built_branch]
    cadence: {{rrule: FREQ=MONTHLY, window: month}}
    grace: {{days: 5, unit: working}}
    answers: {role}
    expected: [members]
    satisfied_by:
      - kind: rhythm.activity_closed
        where: {{activity_type: theme_party_day}}
    evidence: {{required: [sign_in], optional: [photos]}}
    counts_for: [site_rhythm]
"""

SECOND = """\
  # 第二版：试点里发现的问题多在外雇工，加一项每两周的联合学习。
  - id: joint_site_study
    title: {{zh: 班组联学, en: Joint study with teams}}
    dimension: {dimension}
    for: [branch, joint_branch, co_built_branch]
    cadence: {{rrule: FREQ=WEEKLY;INTERVAL=2, window: week}}
    grace: {{days: 3}}
    answers: {role}
    satisfied_by:
      - kind: rhythm.activity_closed
        where: {{activity_type: joint_study}}
    counts_for: [site_rhythm]
"""


def show_rollouts(field: Field, since: date, now: datetime) -> None:
    """Tell how the site rhythm went from the zone to other branches, with a second version waiting and drafts under way."""
    branches = _branches(field)
    first = _put_forward(field, FIRST, at(since, 9, 0) - 10 * DAY, "由协作区的做法整理")
    span = _pilot_days(since, now)
    rollout = _draft(
        field, RolloutKind.MODEL, "参建支部现场节奏", first,
        "南I-1协作区把主题党日办到现场，问题当场交办。先在协作区和一个支部试，看按时办结率和到会率。", at(since, 10, 0),
    )  # fmt: skip
    _pilot(field, rollout, [field.zone_body, branches[0]], span)
    conclude_pilot(
        rollout=rollout,
        findings="现场办的主题党日问题来得具体，当场能定人定期限。倒班的人赶不上，要在交班后半小时内开。",
        actor=field.clerk, at=now - 21 * DAY,
    )  # fmt: skip
    review_pilot(
        rollout=rollout, decision=Decision.APPROVED, reasons="应办没有因此耽误，问题当场交办，办法简单，各支部都能做；倒班的问题写进第二版。",
        document="党委会纪要〔2026〕11号", actor=field.clerk, at=now - 20 * DAY,
    )  # fmt: skip
    _spread(field, rollout, branches, now)
    second = _put_forward(field, FIRST.replace("version: 1", "version: 2") + SECOND, now - 5 * DAY, "加班组联学")
    adopt_playbook(body=branches[1], playbook=second.playbook, since=now.date(), actor=field.clerk, at=now)
    _waiting(field, span, now)
    _drafts(field, now)
    _document(field, now)


def _top(field: Field) -> PartyOrg:
    """The company's committee, above the three units."""
    return field.committee.parent or field.committee


def _branches(field: Field) -> list[PartyOrg]:
    """Some branches of every unit, those of the zone's own first."""
    rows = PartyOrg.objects.filter(kind=PartyOrgKind.BRANCH, valid_until=None).order_by("parent_id", "pk")
    by_parent: dict[int, list[PartyOrg]] = {}
    for row in rows:
        by_parent.setdefault(row.parent_id or 0, []).append(row)
    units = sorted(by_parent.values(), key=lambda found: found[0].parent_id != field.committee.pk)
    return [row for found in units for row in found[:5]]


def _pilot_days(since: date, now: datetime) -> tuple[date, date]:
    """Return a span that ended three weeks ago and has as many days of the story before it."""
    until = now.date() - 22 * DAY
    length = max((until - since) // 2, 14 * DAY)
    return until - length, until


def _put_forward(field: Field, text: str, moment: datetime, note: str) -> PlaybookVersion:
    draft = begin_draft(body=_top(field), text=_filled(text), actor=field.clerk, at=moment)
    return put_forward(draft=draft, revision=draft.revision, note=note, actor=field.clerk, at=moment)


def _filled(text: str) -> str:
    """Name the dimension and the role that the base's own theme day has."""
    theme = playbook_named("branch_base").mechanism("theme_party_day")
    return text.format(own=OWN, dimension=theme.dimension, role=theme.answers)


def _draft(
    field: Field, kind: RolloutKind, title: str, version: PlaybookVersion, purpose: str, moment: datetime
) -> Rollout:
    return draft_rollout(
        body=_top(field), kind=kind, title=title, playbook=version.playbook, purpose=purpose, actor=field.clerk,
        at=moment,
    )  # fmt: skip


def _pilot(field: Field, rollout: Rollout, bodies: list[PartyOrg], span: tuple[date, date]) -> None:
    start_pilot(
        rollout=rollout, bodies=bodies, from_on=span[0], until_on=span[1],
        measures=[Measure.ON_TIME, Measure.MET, Measure.HELD, Measure.PRESENT], actor=field.clerk,
        at=at(span[0], 8, 0),
    )  # fmt: skip


def _spread(field: Field, rollout: Rollout, branches: list[PartyOrg], now: datetime) -> None:
    """Branches in every state: works by it, by the next version, not yet with a reason, overdue, time left."""
    named = now - 18 * DAY
    early, later = branches[:6], branches[6:]
    targets = roll_out(
        rollout=rollout, bodies=early, due_on=now.date() - 5 * DAY, actor=field.clerk, at=named
    )  # fmt: skip
    if later:
        roll_out(rollout=rollout, bodies=later, due_on=now.date() + timedelta(days=45), actor=field.clerk, at=named)
    for target in targets[2:4]:
        taken = now - 15 * DAY
        adopt_playbook(
            body=target.body, playbook=rollout.version.playbook, since=taken.date(), actor=field.clerk, at=taken
        )  # fmt: skip
    tell_effect(
        target=targets[0], text="主题党日办到盲板抽堵现场，到会的人比在会议室多，当场改了两处隔离方案。",
        actor=_secretary(targets[0].body) or field.clerk, at=now - 3 * DAY,
    )  # fmt: skip
    for target in targets[4:5]:
        answering = _secretary(target.body) or field.clerk
        tell_reason(target=target, reason="十二月换届，换届后再采用。", actor=answering, at=now - 2 * DAY)


def _waiting(field: Field, span: tuple[date, date], now: datetime) -> None:
    """A pilot that waits for review, and one that runs."""
    zone = Adoption.objects.filter(body=field.zone_body, valid_until=None, version__playbook_id="daqing_zone")
    version = zone.select_related("version").get().version
    concluded = _draft(
        field, RolloutKind.BENCHMARK, "早晚碰头定当天的事", version,
        "标杆变标准：五方早上碰头定当天的事，晚上碰头看办了没有。", at(span[0], 9, 0) - 5 * DAY,
    )  # fmt: skip
    _pilot(field, concluded, [field.zone_body], span)
    conclude_pilot(
        rollout=concluded, findings="早碰头定的事当天办结的多了；周末人少，可以只留早上一次。", actor=field.clerk,
        at=now - 4 * DAY,
    )  # fmt: skip
    running = _draft(
        field, RolloutKind.CASE, "联席会议一张单子管到底", version, "经验变制度：会上定的事列一张单子，办完才划掉。",
        now - 16 * DAY,
    )  # fmt: skip
    _pilot(field, running, [field.zone_body], (now.date() - 14 * DAY, now.date() + 46 * DAY))


def _drafts(field: Field, now: datetime) -> None:
    """One draft on its way to version 3, with a slip in it; one made of what the zone really does."""
    draft = begin_draft(
        body=_top(field), base=shelved_as(OWN), actor=field.clerk, at=now - 2 * DAY, note="把倒班的写进去"
    )
    longer = draft.text + "\n  # 倒班的支部交班后开，写法还要核对。\n" + SHIFT
    save_draft(
        draft=draft, text=_filled_piece(longer), revision=draft.revision, actor=field.clerk, at=now - 1 * DAY,
        way=RevisionWay.SAVED,
    )  # fmt: skip
    practice = practice_of(field.zone_body, now)
    if practice is not None:
        begin_draft(
            body=field.zone_body, text=text_of_practice(practice), actor=field.clerk, at=now - timedelta(hours=3),
            base=shelved_as(str(practice.adoption.version)), note="由近 90 天的实际整理",
        )  # fmt: skip


SHIFT = """\
  - id: shift_theme_day
    title: {zh: 倒班主题党日, en: Theme day after the shift}
    dimension: DIMENSION
    for: [branch]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    time: {from: "17:30", until: "17:00"}
    answers: ROLE
    satisfied_by:
      - kind: rhythm.activity_closed
        where: {activity_type: theme_party_day}
"""


def _filled_piece(text: str) -> str:
    theme = playbook_named("branch_base").mechanism("theme_party_day")
    return text.replace("DIMENSION", theme.dimension).replace("ROLE", theme.answers)


def _document(field: Field, now: datetime) -> None:
    """A new version of the regulation on branches, half looked through."""
    document = register_document(
        body=_top(field), document="branch_regulation", version="2026年修订", number="中发〔2026〕演示1号",
        effective_from=now.date() - 30 * DAY, note="演示：主题党日、党课的条文有改动。", actor=field.clerk,
        at=now - 9 * DAY,
    )  # fmt: skip
    for number, check in enumerate(document.checks.order_by("pk")[:6]):
        outcome = CheckState.TO_CHANGE if number == 2 else CheckState.CHECKED
        note = "条文要求写明应到人数" if outcome == CheckState.TO_CHANGE else ""
        settle_check(check=check, outcome=outcome, note=note, actor=field.clerk, at=now - 8 * DAY)


def _secretary(body: PartyOrg) -> Person | None:
    post = PostHolding.objects.filter(body=body, role=PostRole.SECRETARY, valid_until=None).select_related("person")
    found = post.order_by("pk").first()
    return found.person if found else None
