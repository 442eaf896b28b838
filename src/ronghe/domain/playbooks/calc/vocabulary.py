"""The closed lists of words that a playbook file may use. Their Chinese names are in docs/playbook.md."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ronghe.kernel.calendar.periods import PeriodKind

SCHEMA_NUMBER = 1


class BodyKind(StrEnum):
    """What may owe a mechanism (glossary, part 1 and 2)."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    JOINT_BRANCH = "joint_branch"
    TEMPORARY_BRANCH = "temporary_branch"
    FLOATING_BRANCH = "floating_branch"
    CO_BUILT_BRANCH = "co_built_branch"
    PARTY_GROUP = "party_group"
    TEMPORARY_PARTY_GROUP = "temporary_party_group"
    REGIONAL_BRANCH = "regional_branch"
    UNION_COMMITTEE = "union_committee"
    UNION_BRANCH = "union_branch"
    UNION_GROUP = "union_group"
    LEAGUE_COMMITTEE = "league_committee"
    LEAGUE_GENERAL_BRANCH = "league_general_branch"
    LEAGUE_BRANCH = "league_branch"
    LEAGUE_GROUP = "league_group"
    COLLABORATION_ZONE = "collaboration_zone"
    PROJECT = "project"
    COMPANY = "company"
    UNIT = "unit"
    OPERATION_AREA = "operation_area"
    STATION = "station"
    TEAM = "team"
    DEPARTMENT = "department"
    JOINT_PROJECT_OFFICE = "joint_project_office"


class WorkingDayRule(StrEnum):
    """What happens to an occurrence whose day is not worked on the mechanism's calendar."""

    NONE = "none"
    SKIP = "skip"
    PREVIOUS = "previous"
    NEXT = "next"


class PartialWindow(StrEnum):
    """Whether a body owes an occurrence whose window it was in force for only in part."""

    NOT_OWED = "not_owed"
    OWED = "owed"


class Expected(StrEnum):
    """Who is expected to attend; people off shift are left out of `staff_on_shift` only, never of a vote."""

    MEMBERS = "members"
    VOTING_MEMBERS = "voting_members"
    COMMITTEE_MEMBERS = "committee_members"
    GROUP_MEMBERS = "group_members"
    STAFF = "staff"
    STAFF_ON_SHIFT = "staff_on_shift"
    UNIT_LEADS = "unit_leads"
    CONTRACTORS = "contractors"


class Evidence(StrEnum):
    """What a record must or may carry."""

    SIGN_IN = "sign_in"
    MINUTES = "minutes"
    DECISIONS = "decisions"
    VOTES = "votes"
    PHOTOS = "photos"
    SIGNATURES = "signatures"
    CHECKLIST = "checklist"
    MATERIALS = "materials"


class AttendanceWay(StrEnum):
    """How a person signs in; ticked by the lead is attendance and never a signature (PM-15)."""

    OWN_PHONE = "own_phone"
    CARD = "card"
    TICKED = "ticked"


class Signs(StrEnum):
    """Who signs the record of a gathering, beyond having signed in."""

    EVERYONE = "everyone"
    CHAIR = "chair"
    NONE = "none"


class Reschedule(StrEnum):
    """Whether a body may move the planned day, always with a trace (PM-05: relatively fixed)."""

    ALLOWED = "allowed"
    WITHIN_WINDOW = "within_window"
    FIXED = "fixed"


class Ungraded(StrEnum):
    """Whether a duty that a grade brings is owed while there is no final grade."""

    OWED = "owed"
    NOT_OWED = "not_owed"


class GoalHead(StrEnum):
    """The three heads of goals that the sides of an agreement share (目标融合)."""

    PARTY_BUILDING = "party_building"
    PROJECT = "project"
    IDEOLOGY = "ideology"


class Better(StrEnum):
    """Which way a figure improves."""

    UP = "up"
    DOWN = "down"


class Layout(StrEnum):
    """The document layouts that a template may ask for (DL-01 to DL-06)."""

    RECORD = "record"
    RED_HEADED = "red_headed"
    TABLE = "table"


WINDOWS = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)

GRADED_KINDS: Mapping[str, frozenset[BodyKind]] = {
    "branch": frozenset({BodyKind.BRANCH, BodyKind.JOINT_BRANCH, BodyKind.TEMPORARY_BRANCH, BodyKind.FLOATING_BRANCH}),
    "group": frozenset({BodyKind.PARTY_GROUP, BodyKind.TEMPORARY_PARTY_GROUP}),
    "general_branch": frozenset({BodyKind.GENERAL_BRANCH}),
    "committee": frozenset({BodyKind.COMMITTEE}),
    "zone": frozenset({BodyKind.CO_BUILT_BRANCH}),
    "team": frozenset({BodyKind.PARTY_GROUP}),
}
"""Which bodies owe by the grades of a sheet of each level; for a team its Party group does, since the two are one (PP-11)."""

MATCHED_AT_ONCE = (
    "rhythm.activity_closed",
    "rhythm.visited",
    "inspections.visited",
    "work.task_done",
    "work.task_accepted",
    "claims.task_accepted",
    "agreements.reviewed",
    "alliances.contact_held",
    "pools.mood_noted",
    "sitemeetings.chain_closed",
    "decisions.line_done",
    "decisions.matter_followed",
    "hearings.held",
    "partylife.talk_held",
    "partylife.talks_complete",
    "partylife.birthday_kept",
    "orglife.meeting_held",
    "orglife.review_held",
    "exchange.pair_reviewed",
    "exchange.visit_held",
    "campaigns.stage_done",
    "campaigns.activity_held",
    "planning.check_closed",
    "schedule.milestone_reached",
    "clinic.case_solved",
    "clinic.visit_held",
    "lookbacks.session_closed",
    "inspections.visited",
    "inspections.graded",
    "duties.sheet_issued",
    "duties.side_agreed",
    "contractors.round_checked",
)
"""Kinds of fact that are matched in the transaction that records them; any other kind is matched every night."""
