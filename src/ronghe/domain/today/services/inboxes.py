"""What waits for a person in the rooms that stand below 今日; a room built later declares its own inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce

from ronghe.domain.agreements.selectors.waiting import (
    consents_waiting,
    endings_waiting,
    ends_waiting,
    reviews_waiting,
    signatures_waiting,
)
from ronghe.domain.alliances.selectors import contacts_due, difficulties_waiting
from ronghe.domain.ballots.selectors import ballots_to_vote
from ronghe.domain.campaigns.selectors.campaigns import reports_to_settle as campaign_reports_to_settle
from ronghe.domain.campaigns.selectors.campaigns import summaries_waiting as stage_summaries_waiting
from ronghe.domain.campaigns.selectors.themes import results_waiting as themed_results_waiting
from ronghe.domain.challenges.selectors import challenges_to_score
from ronghe.domain.claims.selectors import sheets_to_sign
from ronghe.domain.decisions.selectors.matters import matters_to_run
from ronghe.domain.elections.enums import ElectionState
from ronghe.domain.elections.models import Election
from ronghe.domain.elections.rules import FILE_RESULT
from ronghe.domain.exchange.selectors.pairs import pairs_to_review, pairs_to_sign
from ronghe.domain.exchange.selectors.study import questions_waiting
from ronghe.domain.exchange.selectors.visits import practices_waiting
from ronghe.domain.floating.selectors import stays_to_answer
from ronghe.domain.grid.selectors.requests import requests_to_answer
from ronghe.domain.hearings.selectors import reports_to_hand_in
from ronghe.domain.honours.selectors.banner import rounds_to_rate
from ronghe.domain.honours.selectors.selection import objections_to_answer as honour_objections_to_answer
from ronghe.domain.members.selectors.corrections import corrections_waiting
from ronghe.domain.members.selectors.matrix import claims_waiting
from ronghe.domain.needs.selectors import moments_today
from ronghe.domain.obligations.selectors.requests import requests_to_answer as waivers_to_answer
from ronghe.domain.offline.selectors import acts_refused_of
from ronghe.domain.org.models import Person
from ronghe.domain.orglife.selectors.members import (
    objections_waiting,
    ratings_waiting,
    results_waiting,
    self_appraisals_waiting,
    statements_waiting,
)
from ronghe.domain.orglife.selectors.sessions import lists_to_review
from ronghe.domain.orglife.services.telling import acknowledge
from ronghe.domain.pairing.enums import UseState
from ronghe.domain.pairing.models import PowerUse
from ronghe.domain.pairing.rules import SETTLE_USE
from ronghe.domain.papers.selectors import papers_to_receive
from ronghe.domain.papers.services.issuing import receive_paper
from ronghe.domain.partylife.selectors.study import disputes_to_answer, entries_to_settle
from ronghe.domain.partylife.selectors.talks import plans_due, talks_to_confirm
from ronghe.domain.planning.selectors.plans import checks_to_make, plans_to_confirm
from ronghe.domain.pools.selectors import bookings_lost, bookings_waiting, follow_ups_of
from ronghe.domain.pools.services.moods import finish_follow_up
from ronghe.domain.regrouping.enums import RegroupingState
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.rules import DECIDE_REGROUPING
from ronghe.domain.rhythm.selectors.answers import answers_to_read, problems_reopened
from ronghe.domain.rollouts.selectors.rollouts import pilots_to_review, targets_waiting
from ronghe.domain.sitemeetings.selectors import chains_to_sign, talks_due
from ronghe.domain.structure.selectors.acts import acts_to_decide
from ronghe.domain.surveys.selectors.surveys import surveys_to_answer
from ronghe.domain.taskforces.selectors import forces_to_decide
from ronghe.domain.today.services.doing import found
from ronghe.domain.zones.enums import ZoneState
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import FOUND_ZONE
from ronghe.kernel.inbox import Act, Done, Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_, _


def _elections(actor: Person, at: datetime) -> Any:
    return FILE_RESULT.narrow(actor, Election.objects.filter(state=ElectionState.REPORTED), at=at)


def _proposals(actor: Person, at: datetime) -> Any:
    return SETTLE_USE.narrow(actor, PowerUse.objects.filter(state=UseState.PROPOSED), at=at)


def _regroupings(actor: Person, at: datetime) -> Any:
    return DECIDE_REGROUPING.narrow(actor, Regrouping.objects.filter(state=RegroupingState.SUBMITTED), at=at)


def _ballots(actor: Person, at: datetime) -> Any:
    """The rating of a banner has its own page, and its own inbox."""
    return ballots_to_vote(actor, at).filter(banner_round=None)


def _zones(actor: Person, at: datetime) -> Any:
    return FOUND_ZONE.narrow(actor, CollaborationZone.objects.filter(state=ZoneState.AGREED), at=at)


def _mood_follow_ups(actor: Person, _at: datetime) -> Any:
    return follow_ups_of(actor)


def _receive(pk: int, _act: str, person: Person, at: datetime) -> Done:
    recipient = found(papers_to_receive(person, at), pk)
    receive_paper(recipient=recipient, actor=person, at=at)
    return Done(_("已替“%(body)s”签收。") % {"body": recipient.body.name})


def _acknowledge(pk: int, _act: str, person: Person, at: datetime) -> Done:
    acknowledge(member=found(results_waiting(person, at), pk), actor=person, at=at)
    return Done(_("已知悉。"))


def _follow_up(pk: int, _act: str, person: Person, at: datetime) -> Done:
    finish_follow_up(follow_up=found(follow_ups_of(person), pk), actor=person, at=at)
    return Done(_("已记下，跟进过了。"))


RECEIVE = Act(N_("签收"), "receive")
ACKNOWLEDGE = Act(N_("知悉"), "acknowledge")
FOLLOWED_UP = Act(N_("已跟进"), "followed-up")

INBOXES = (
    Inbox("site_signing", N_("现场三会等您签字"), "site_meetings", chains_to_sign, Topic.SIGNING, Says(where="place",
          what="body__name", due_on="day"), page="site_chain", weight=Weight.HEAVY),
    Inbox("talks", N_("三定以后等您谈心"), "site_meetings", talks_due, Topic.DECIDING, Says(what="person__name",
          who="person__name", where="chain__place", since="settled_at", args=("chain_id",)),
          page="site_chain", is_named=False),
    Inbox("task_forces", N_("攻关党小组等您批准"), "taskforces", forces_to_decide, Topic.DECIDING, Says(what="name",
          where="parent__name", since="proposed_at"), page="taskforce_detail"),
    Inbox("zones", N_("协作区等您批准"), "zones", _zones, Topic.DECIDING, Says(what="name", where="sponsor__name",
          since="proposed_at"), page="zone_detail", weight=Weight.HEAVY),
    Inbox("ballots", N_("投票等您投"), "ballots", _ballots, Topic.SIGNING, Says(what="title",
          where="body__name", since="opened_at"), page="ballot_detail"),
    Inbox("banner_ratings", N_("流动红旗等您评分"), "banner", rounds_to_rate, Topic.SIGNING, Says(what="ballot__title",
          where="body__name", since="opened_at"), page="banner_rate"),
    Inbox("reports", N_("述职报告等您提交"), "hearings", reports_to_hand_in, Topic.WORK, Says(what="hearing__title",
          where="hearing__body__name", due_on="hearing__reports_due_on", args=("hearing_id", "pk")),
          page="hearing_reporter", weight=Weight.HEAVY, is_owed=True),
    Inbox("honour_objections", N_("评选异议等您答复"), "honour_calls", honour_objections_to_answer, Topic.DECIDING,
          Says(what="nomination__holder_name", where="nomination__call__body__name", since="made_at",
          args=("nomination__call_id",)), page="honour_call", weight=Weight.HEAVY),
    Inbox("plans", N_("计划等您确认"), "plans", plans_to_confirm, Topic.SIGNING, Says(what="period",
          where="body__name", since="drafted_at"), page="plan_detail", is_named=False),
    Inbox("plan_checks", N_("四同检查等您做"), "plans", checks_to_make, Topic.DECIDING, Says(what="period",
          where="body__name"), page="plan_detail", is_named=False),
    Inbox("claim_sheets", N_("领办清单等您签字"), "claims", sheets_to_sign, Topic.SIGNING, Says(what="title",
          where="body__name", since="published_at"), page="claim_sheet"),
    Inbox("challenge_bids", N_("揭榜方案等您评榜"), "challenges", challenges_to_score, Topic.DECIDING, Says(what="title",
          where="body__name", since="since"), page="item_detail", weight=Weight.HEAVY),
    Inbox("surveys", N_("问卷等您答"), "surveys", surveys_to_answer, Topic.KNOWING, Says(what="title",
          where="body__name", due_at="closes_at"), page="survey_answer", weight=Weight.LIGHT, is_owed=True),
    Inbox("help_moments", N_("今天约好您去帮扶"), "need_moments", moments_today, Topic.MEETING,
          Says(what="item__title", where="place", due_at="starts_at", args=("item_id",)), page="item_detail",
          weight=Weight.HEAVY, is_owed=True),
    Inbox("life_statements", N_("对照检查等您写"), "orglife", statements_waiting, Topic.WORK,
          Says(where="session__body__name", due_at="session__starts_at", args=("session_id", "pk")),
          page="life_member", is_owed=True),
    Inbox("life_selves", N_("个人自评等您填写"), "orglife", self_appraisals_waiting, Topic.WORK,
          Says(where="session__body__name", due_at="session__starts_at", args=("session_id", "pk")),
          page="life_member", is_owed=True),
    Inbox("life_peers", N_("互评等您填写"), "orglife", ratings_waiting, Topic.WORK,
          Says(where="session__body__name", due_at="session__starts_at", args=("session_id",)),
          page="life_peers", is_owed=True),
    Inbox("life_results", N_("评议结果等您知悉"), "orglife", results_waiting, Topic.KNOWING,
          Says(where="session__body__name", since="session__told_at", args=("session_id", "pk")),
          page="life_member", do=_acknowledge, acts=(ACKNOWLEDGE,)),
    Inbox("life_objections", N_("评议异议等您答复"), "orglife", objections_waiting, Topic.DECIDING,
          Says(who="person__name", where="session__body__name", due_on="session__objections_until",
          args=("session_id", "pk")), page="life_member", weight=Weight.HEAVY),
    Inbox("life_lists", N_("整改清单该回顾了"), "orglife", lists_to_review, Topic.KNOWING, Says(where="body__name",
          due_on="review_on"), page="life_session"),
    Inbox("matters", N_("议定事项有逾期，等您督办"), "decisions", matters_to_run, Topic.DECIDING, Says(what="title",
          where="body__name", due_on="due_on"), page="matter_detail", weight=Weight.HEAVY),
    Inbox("requests", N_("诉求等您答复"), "grid_requests", requests_to_answer, Topic.DECIDING, Says(what="text",
          where="branch__name", due_on="due_on"), page="grid_request", weight=Weight.HEAVY),
    Inbox("problem_answers", N_("您提的问题有答复了"), "problem_answers", answers_to_read, Topic.KNOWING,
          Says(what="task__title", since="answered_at")),
    Inbox("problems_reopened", N_("走访的问题没办好，正在重新办理"), "visits", problems_reopened, Topic.KNOWING,
          Says(what="task__title", where="problem__visit__body__name", since="rated_at",
          args=("problem__visit_id",)), page="visit_detail"),
    Inbox("acts", N_("组织调整等您批准"), "body_acts", acts_to_decide, Topic.DECIDING, Says(what="name",
          where="parent__name", due_on="due_on", since="proposed_at"), page="body_act_detail",
          weight=Weight.HEAVY),
    Inbox("regroupings", N_("党小组划分等支委会研究"), "groupings", _regroupings, Topic.DECIDING,
          Says(where="body__name", since="submitted_at"), page="grouping_detail"),
    Inbox("elections", N_("选举结果等您备案"), "elections", _elections, Topic.DECIDING, Says(where="body__name",
          since="reported_at"), page="election_detail", weight=Weight.HEAVY),
    Inbox("corrections", N_("更正申请等您处理"), "corrections", corrections_waiting, Topic.DECIDING,
          Says(who="person__name", where="body__name", since="asked_at"), page="correction_detail"),
    Inbox("claims", N_("工种等您确认"), "person_skills", claims_waiting, Topic.DECIDING, Says(what="trade",
          who="person__name", where="person__unit__name", since="claimed_at"), weight=Weight.LIGHT, is_named=False),
    Inbox("proposals", N_("组长的建议等支部研究"), "power_uses", _proposals, Topic.DECIDING, Says(what="text",
          who="power__leader__name", since="used_at"), page="power_use_detail"),
    Inbox("pair_signing", N_("师徒协议等您签字"), "exchange_pairs", pairs_to_sign, Topic.SIGNING,
          Says(what="pair__topic", where="body__name", since="drafted_at"), page="exchange_pair_programme", is_named=False),
    Inbox("pair_reviews", N_("师徒结对该评估了"), "exchange_pairs", pairs_to_review, Topic.KNOWING, Says(what="topic",
          who="apprentice__name", due_on="programme__review_on"), page="exchange_pair", is_named=False),
    Inbox("practices", N_("带回的做法等您填写是否采用"), "exchange_practices", practices_waiting, Topic.DECIDING,
          Says(what="title", where="shown_to__name", due_on="due_on"), page="exchange_practice"),
    Inbox("study_questions", N_("学习提问等您答复"), "exchange_mine", questions_waiting, Topic.DECIDING,
          Says(what="text", who="asked_by__name", where="line__topic", since="asked_at", args=("line_id",)),
          page="exchange_line"),
    Inbox("papers", N_("公文等您签收"), "papers", papers_to_receive, Topic.SIGNING, Says(what="paper__title",
          where="paper__body__name", since="paper__issued_at", args=("paper_id",)), page="paper_detail",
          do=_receive, acts=(RECEIVE,)),
    Inbox("pilots", N_("试点等您评审"), "rollouts", pilots_to_review, Topic.DECIDING, Says(what="title",
          where="body__name"), page="rollout_detail"),
    Inbox("rollouts", N_("推广的范本等您的单位采用"), "rollouts", targets_waiting, Topic.DECIDING,
          Says(what="rollout__title", where="body__name", due_on="due_on"), page="rollout_unit"),
    Inbox("stays", N_("流动党员等您确认知悉"), "floating", stays_to_answer, Topic.KNOWING, Says(who="person__name",
          where="body__name", since="informed_at"), page="floating_detail"),
    Inbox("alliance_contacts", N_("联盟该沟通了"), "alliances", contacts_due, Topic.DECIDING, Says(what="name",
          where="body__name", due_on="next_contact_on"), page="alliance_detail"),
    Inbox("alliance_difficulties", N_("联盟难题等您推进"), "alliances", difficulties_waiting, Topic.DECIDING,
          Says(what="title", where="alliance__name", due_on="due_on", since="waiting_since"),
          page="alliance_difficulty"),
    Inbox("pool_bookings", N_("共享资源的预订等您处理"), "pools", bookings_waiting, Topic.DECIDING,
          Says(what="item__title", who="booked_by__name", where="item__place", due_at="starts_at",
          args=("item_id",)), page="pool_item"),
    Inbox("pool_bookings_lost", N_("订好的共享资源取消了，请另订"), "pools", bookings_lost, Topic.KNOWING,
          Says(what="item__title", where="reason", due_at="starts_at", args=("item_id",)), page="pool_item"),
    Inbox("mood_follow_ups", N_("思想动态等您跟进"), "moods", _mood_follow_ups, Topic.DECIDING,
          Says(where=Coalesce("note__unit__name", "note__party__body__name"), due_on="due_on"), weight=Weight.HEAVY, do=_follow_up,
          acts=(FOLLOWED_UP,)),
    Inbox("stage_summaries", N_("阶段小结等您写"), "campaigns", stage_summaries_waiting, Topic.WORK,
          Says(what="title", where="campaign__title", due_on="summary_until", args=("campaign_id",)),
          page="campaign_detail", is_owed=True, is_named=False),
    Inbox("themed_results", N_("主题活动的成效等您填"), "themed", themed_results_waiting, Topic.WORK, Says(what="title",
          where="activity__body__name"), page="themed_detail", is_owed=True),
    Inbox("campaign_reports", N_("专项活动报告等您审阅"), "campaigns", campaign_reports_to_settle, Topic.DECIDING,
          Says(what="campaign__title", where="campaign__body__name", since="handed_in_at",
          args=("campaign_id",)), page="campaign_detail"),
    Inbox("life_talks", N_("谈心谈话等您确认"), "life_talks", talks_to_confirm, Topic.KNOWING, Says(who="by__name",
          where="body__name", since="recorded_at"), page="life_talk"),
    Inbox("life_plans", N_("谈心谈话到日子了"), "life_talks", plans_due, Topic.WORK, Says(what="other__name",
          who="other__name", due_on="planned_on"), is_owed=True, is_named=False),
    Inbox("study_entries", N_("学时登记等您确认"), "study_entries", entries_to_settle, Topic.DECIDING,
          Says(what="title", who="person__name", where="body__name", since="entered_at"),
          weight=Weight.LIGHT),
    Inbox("study_disputes", N_("学时请更正，等您答复"), "study_entries", disputes_to_answer, Topic.DECIDING,
          Says(what="text", who="person__name", where="body__name", since="asked_at")),
    Inbox("waivers", N_("免办申请等您答复"), "waiver_requests", waivers_to_answer, Topic.DECIDING, Says(what="reason",
          where="body__name", since="asked_at"), page="waiver_request"),
    Inbox("offline", N_("现场记录没有收下，等您处理"), "offline_acts", acts_refused_of, Topic.DECIDING, Says(what="reason",
          since="received_at"), weight=Weight.HEAVY),
    Inbox("agreement_signatures", N_("意向书等您签字"), "agreements", signatures_waiting, Topic.SIGNING,
          Says(what="agreement__title", where="body__name", args=("agreement_id",)), page="agreement_detail",
          weight=Weight.HEAVY),
    Inbox("agreement_consents", N_("意向书文本等您同意"), "agreements", consents_waiting, Topic.SIGNING,
          Says(what="agreement__title", where="body__name", args=("agreement_id",)), page="agreement_detail",
          weight=Weight.HEAVY),
    Inbox("agreement_endings", N_("终止意向书等您答复"), "agreements", endings_waiting, Topic.DECIDING,
          Says(what="agreement__title", where="party__body__name", since="proposed_at",
          args=("agreement_id",)), page="agreement_detail", weight=Weight.HEAVY),
    Inbox("agreement_ends", N_("意向书期满待结"), "agreements", ends_waiting, Topic.DECIDING, Says(what="title",
          where="project__name", due_on="valid_until"), page="agreement_detail", weight=Weight.HEAVY),
    Inbox("agreement_reviews", N_("意向书该回顾了"), "agreements", reviews_waiting, Topic.DECIDING,
          Says(what="title", where="project__name", due_on="review_on"), page="agreement_detail"),
)  # fmt: skip
for one in INBOXES:
    declare_inbox(one)
