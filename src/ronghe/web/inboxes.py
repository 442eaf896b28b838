"""What waits for the reader's decision in the rooms of the organization: one line a room, one statement for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from ronghe.domain.agreements.selectors.waiting import (
    consents_waiting,
    endings_waiting,
    ends_waiting,
    reviews_waiting,
    signatures_waiting,
)
from ronghe.domain.alliances.selectors import contacts_due, difficulties_waiting
from ronghe.domain.ballots.selectors import ballots_to_vote
from ronghe.domain.decisions.selectors.matters import matters_to_run
from ronghe.domain.elections.enums import ElectionState
from ronghe.domain.elections.models import Election
from ronghe.domain.elections.rules import FILE_RESULT
from ronghe.domain.floating.selectors import stays_to_answer
from ronghe.domain.grid.selectors.requests import requests_to_answer
from ronghe.domain.hearings.selectors import reports_to_hand_in
from ronghe.domain.members.selectors.corrections import corrections_waiting
from ronghe.domain.members.selectors.matrix import claims_waiting
from ronghe.domain.obligations.selectors.requests import requests_to_answer as waivers_to_answer
from ronghe.domain.offline.selectors import acts_refused_of
from ronghe.domain.org.models import Person
from ronghe.domain.pairing.enums import UseState
from ronghe.domain.pairing.models import PowerUse
from ronghe.domain.pairing.rules import SETTLE_USE
from ronghe.domain.papers.selectors import papers_to_receive
from ronghe.domain.pools.selectors import bookings_waiting, follow_ups_of
from ronghe.domain.regrouping.enums import RegroupingState
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.rules import DECIDE_REGROUPING
from ronghe.domain.rollouts.selectors.rollouts import pilots_to_review, targets_waiting
from ronghe.domain.sitemeetings.selectors import chains_to_sign, talks_due
from ronghe.domain.structure.selectors.acts import acts_to_decide
from ronghe.domain.taskforces.selectors import forces_to_decide
from ronghe.domain.zones.enums import ZoneState
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import FOUND_ZONE
from ronghe.kernel.words import N_, _
from ronghe.web.owed import counted_as

Waiting = Callable[[Person, datetime], Any]


@dataclass(frozen=True, slots=True)
class Inbox:
    """A place where something may wait: what it is called, where it is seen to, and the rows that wait."""

    id: str
    title: str
    url_name: str
    waiting: Waiting

    @property
    def column(self) -> str:
        """What the count is called in the statement, apart from the fields of a person."""
        return f"waiting_{self.id}"

    @property
    def href(self) -> str:
        return reverse(f"web:{self.url_name}")


def _elections(actor: Person, at: datetime) -> Any:
    return FILE_RESULT.narrow(actor, Election.objects.filter(state=ElectionState.REPORTED), at=at)


def _proposals(actor: Person, at: datetime) -> Any:
    return SETTLE_USE.narrow(actor, PowerUse.objects.filter(state=UseState.PROPOSED), at=at)


def _regroupings(actor: Person, at: datetime) -> Any:
    return DECIDE_REGROUPING.narrow(actor, Regrouping.objects.filter(state=RegroupingState.SUBMITTED), at=at)


def _zones(actor: Person, at: datetime) -> Any:
    return FOUND_ZONE.narrow(actor, CollaborationZone.objects.filter(state=ZoneState.AGREED), at=at)


def _mood_follow_ups(actor: Person, _at: datetime) -> Any:
    return follow_ups_of(actor)


INBOXES = (
    Inbox("site_signing", N_("现场三会等您签字"), "site_meetings", chains_to_sign),
    Inbox("talks", N_("三定以后等您谈心"), "site_meetings", talks_due),
    Inbox("task_forces", N_("攻关党小组等您批准"), "taskforces", forces_to_decide),
    Inbox("zones", N_("协作区等您批准"), "zones", _zones),
    Inbox("ballots", N_("投票等您投"), "ballots", ballots_to_vote),
    Inbox("reports", N_("述职报告等您提交"), "hearings", reports_to_hand_in),
    Inbox("matters", N_("议定事项有逾期，等您督办"), "decisions", matters_to_run),
    Inbox("requests", N_("诉求等您答复"), "grid_requests", requests_to_answer),
    Inbox("acts", N_("组织调整等您批准"), "body_acts", acts_to_decide),
    Inbox("regroupings", N_("党小组划分等支委会研究"), "groupings", _regroupings),
    Inbox("elections", N_("选举结果等您备案"), "elections", _elections),
    Inbox("corrections", N_("更正申请等您处理"), "corrections", corrections_waiting),
    Inbox("claims", N_("工种等您确认"), "person_skills", claims_waiting),
    Inbox("proposals", N_("组长的建议等支部研究"), "power_uses", _proposals),
    Inbox("papers", N_("公文等您签收"), "papers", papers_to_receive),
    Inbox("pilots", N_("试点等您评审"), "rollouts", pilots_to_review),
    Inbox("rollouts", N_("推广的范本等您的单位采用"), "rollouts", targets_waiting),
    Inbox("stays", N_("流动党员等您确认知悉"), "floating", stays_to_answer),
    Inbox("alliance_contacts", N_("联盟该沟通了"), "alliances", contacts_due),
    Inbox("alliance_difficulties", N_("联盟难题等您推进"), "alliances", difficulties_waiting),
    Inbox("pool_bookings", N_("共享资源的预订等您处理"), "pools", bookings_waiting),
    Inbox("mood_follow_ups", N_("思想动态等您跟进"), "moods", _mood_follow_ups),
    Inbox("waivers", N_("免办申请等您答复"), "waiver_requests", waivers_to_answer),
    Inbox("offline", N_("现场记录没有收下，等您处理"), "offline_acts", acts_refused_of),
    Inbox("agreement_signatures", N_("意向书等您签字"), "agreements", signatures_waiting),
    Inbox("agreement_consents", N_("意向书文本等您同意"), "agreements", consents_waiting),
    Inbox("agreement_endings", N_("终止意向书等您答复"), "agreements", endings_waiting),
    Inbox("agreement_ends", N_("意向书期满待结"), "agreements", ends_waiting),
    Inbox("agreement_reviews", N_("意向书该回顾了"), "agreements", reviews_waiting),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """An inbox with something in it."""

    title: str
    count: int
    href: str


def inboxes_of(actor: Person, at: datetime) -> list[Filled]:
    """Return the inboxes in which something waits for `actor`, the most pressing kind first."""
    counts = {inbox.column: counted_as(inbox.waiting(actor, at)) for inbox in INBOXES}
    row: Any = Person.objects.filter(pk=actor.pk).values(**counts).get()
    return [Filled(_(inbox.title), row[inbox.column], inbox.href) for inbox in INBOXES if row[inbox.column]]
