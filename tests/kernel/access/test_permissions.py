"""Rule and list are two halves of one permission; here both are asked about the same people and rows."""

from __future__ import annotations

import importlib
from datetime import date

import pytest
from django.apps import apps

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, SEE_PARTY_ORG, SEE_PERSON, SEE_UNIT
from ronghe.domain.org.rules.reaches import ByBody
from ronghe.domain.org.services.people import leave_post
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.errors import NotAllowed
from tests.factories.chance import AFTER, BEFORE, make_row, make_world
from tests.factories.org import SET_UP_AT, make_account, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db

NOUNS = {
    "zones": "zones.CollaborationZone",
    "zones.speak_for_side": "zones.ParticipatingUnit",
    "elections": "elections.Election",
    "projects": "projects.Project",
    "papers": "papers.Paper",
    "papers.receive_paper": "papers.PaperRecipient",
    "agreements": "agreements.Agreement",
    "agreements.draft_agreement": "org.PartyOrg",
    "agreements.act_for_side": "agreements.AgreementParty",
    "agreements.name_signer": "agreements.AgreementParty",
    "agreements.sign_by_post": "agreements.AgreementParty",
    "agreements.sign_for_side": "agreements.AgreementParty",
    "work": "work.Task",
    "rhythm": "rhythm.Activity",
    "ballots": "ballots.Ballot",
    "rhythm.see_visit": "rhythm.Visit",
    "rhythm.correct_visit": "rhythm.Visit",
    "rhythm.read_care": "rhythm.Visit",
    "rhythm.see_raiser": "rhythm.VisitProblem",
    "rhythm.rate_answer": "rhythm.ProblemAnswer",
    "rhythm.visit_contact": "contacts.ContactPoint",
    "contacts": "contacts.ContactPoint",
    "appraisal": "appraisal.Run",
    "appraisal.see_points": "org.Person",
    "appraisal.see_members_points": "org.PartyOrg",
    "appraisal.look_into": "org.PartyOrg",
    "appraisal.start_run": "org.PartyOrg",
    "appraisal.settle_question": "org.PartyOrg",
    "appraisal.see_remark": "appraisal.Remark",
    "appraisal.answer_remark": "appraisal.Remark",
    "appraisal.answer_objection": "appraisal.Remark",
    "appraisal.take_back_remark": "appraisal.Remark",
    "appraisal.see_figure": "appraisal.Figure",
    "appraisal.enter_figure": "org.PartyOrg",
    "appraisal.enter_unit_figure": "org.AdminUnit",
    "appraisal.see_veto": "appraisal.VetoCase",
    "appraisal.raise_veto": "org.PartyOrg",
    "appraisal.review_veto": "appraisal.VetoCase",
    "appraisal.see_panel": "appraisal.Panel",
    "appraisal.see_marks": "appraisal.Panel",
    "appraisal.run_panel": "appraisal.Panel",
    "appraisal.mark_panel": "appraisal.Panel",
    "appraisal.open_panel": "org.PartyOrg",
    "merits": "items.WorkItem",
    "merits.apply": "org.Person",
    "merits.report": "org.Person",
    "obligations": "obligations.Obligation",
    "obligations.see_request": "obligations.WaiverRequest",
    "obligations.answer_request": "obligations.WaiverRequest",
    "obligations.withdraw_request": "obligations.WaiverRequest",
    "calendars": "calendars.CalendarFeed",
    "reminders": "reminders.ReminderMessage",
    "structure": "structure.BodyAct",
    "playbooks": "playbooks.Adoption",
    "playbooks.see_playbook": "playbooks.PlaybookVersion",
    "playbooks.edit_draft": "playbooks.PlaybookDraft",
    "playbooks.see_document": "playbooks.GoverningDocument",
    "playbooks.check_mechanism": "playbooks.DocumentCheck",
    "rollouts": "rollouts.Rollout",
    "rollouts.see_target": "rollouts.Target",
    "rollouts.answer_target": "rollouts.Target",
    "regrouping": "regrouping.Regrouping",
    "grid": "grid.GridRequest",
    "grid.raise_request": "org.Person",
    "members": "org.Person",
    "members.see_correction": "members.RecordCorrection",
    "members.decide_correction": "members.RecordCorrection",
    "members.keep_broad_names": "org.AdminUnit",
    "org.appoint_in_unit": "org.AdminUnit",
    "org.change_units": "org.AdminUnit",
    "org.see_person": "org.Person",
    "org.see_identity": "org.Person",
    "org.change_status": "org.Person",
    "org.see_voting_bars": "org.Person",
    "org.open_account": "org.Person",
    "org.unlock_account": "kernel.Account",
    "org.verify_facts": "kernel.Fact",
    "floating": "floating.FloatingStay",
    "qualifications": "org.Person",
    "contractors": "contractors.Contractor",
    "contractors.see_worker": "contractors.Worker",
    "contractors.keep_worker": "contractors.Worker",
    "qualifications.see_certificate": "qualifications.Certificate",
    "qualifications.keep_certificate": "qualifications.Certificate",
    "today": "org.Person",
    "offline": "offline.Device",
    "offline.see_act": "offline.ReceivedAct",
    "offline.settle_act": "offline.ReceivedAct",
    "offline.register_device": "org.Person",
    "pairing": "pairing.GroupTeamLink",
    "pairing.see_use": "pairing.PowerUse",
    "pairing.settle_use": "pairing.PowerUse",
    "pairing.use_power": "pairing.LeaderPower",
    "taskforces": "taskforces.TaskForce",
    "taskforces.see_point": "taskforces.DifficultPoint",
    "taskforces.note_point": "taskforces.DifficultPoint",
    "taskforces.resolve_point": "taskforces.DifficultPoint",
    "alliances": "alliances.Alliance",
    "alliances.raise_for_partner": "alliances.Partner",
    "alliances.see_difficulty": "alliances.AllianceDifficulty",
    "alliances.move_ours": "alliances.AllianceDifficulty",
    "alliances.claim_ours": "alliances.AllianceDifficulty",
    "alliances.move_theirs": "alliances.AllianceDifficulty",
    "pools": "pools.SharedItem",
    "pools.see_pool": "agreements.Agreement",
    "pools.offer_item": "zones.ParticipatingUnit",
    "pools.note_mood": "zones.ParticipatingUnit",
    "pools.see_mood": "pools.MoodNote",
    "pools.read_mood": "pools.MoodNote",
    "pools.settle_booking": "pools.Booking",
    "pools.cancel_booking": "pools.Booking",
    "sitemeetings": "sitemeetings.SiteChain",
    "decisions": "decisions.Matter",
    "decisions.see_rules": "decisions.DecisionList",
    "decisions.see_sheet": "decisions.ResponsibilitySheet",
    "decisions.see_line": "decisions.SheetLine",
    "decisions.record_line": "decisions.SheetLine",
    "orglife": "orglife.LifeSession",
    "orglife.fill_own": "orglife.SessionMember",
    "orglife.read_statement": "orglife.SessionMember",
    "orglife.read_personal": "orglife.SessionMember",
    "orglife.see_grade": "orglife.SessionMember",
    "orglife.see_measure": "orglife.SessionMember",
    "orglife.answer_objection": "orglife.SessionMember",
    "items": "items.WorkItem",
    "duties": "duties.DutySheet",
    "duties.speak_for_unit": "zones.ParticipatingUnit",
    "claims": "items.WorkItem",
    "benefits": "items.WorkItem",
    "benefits.enter_gain": "projects.Project",
    "benefits.verify_gain": "benefits.ScheduleGain",
    "benefits.withdraw_gain": "benefits.ScheduleGain",
    "hazards": "items.WorkItem",
    "hazards.report": "org.PartyOrg",
    "incidents": "incidents.Accident",
    "incidents.report": "org.PartyOrg",
    "risks": "risks.Risk",
    "risks.see_area": "risks.RiskArea",
    "risks.keep_area": "risks.RiskArea",
    "risks.open_area": "org.PartyOrg",
    "control": "projects.Project",
    "control.check": "control.WorkProcess",
    "control.accept": "control.WorkProcess",
    "control.reopen": "control.WorkProcess",
    "control.rate": "control.WorkProcess",
    "control.design": "control.DesignReview",
    "control.review": "control.DesignReview",
    "control.issue": "control.DesignReview",
    "control.answer_comment": "items.WorkItem",
    "control.accept_comment": "items.WorkItem",
    "control.do_point": "items.WorkItem",
    "control.verify_point": "items.WorkItem",
    "control.edit_point": "items.WorkItem",
    "control.answer_loss": "items.WorkItem",
    "control.own_item": "items.WorkItem",
    "control.do_approval": "items.WorkItem",
    "control.see_contact": "items.WorkItem",
    "control.withdraw_incident": "control.Incident",
    "inspections": "inspections.Inspection",
    "inspections.arrange": "org.PartyOrg",
    "inspections.issue_call": "org.PartyOrg",
    "inspections.see_call": "inspections.InspectionCall",
    "inspections.run_call": "inspections.InspectionCall",
    "inspections.raise_by_hand": "org.PartyOrg",
    "inspections.raise_finding": "org.PartyOrg",
    "inspections.settle_measure": "items.WorkItem",
    "inspections.carry_out": "items.WorkItem",
    "inspections.look_at_effect": "items.WorkItem",
    "inspections.object": "items.WorkItem",
    "inspections.answer_objection": "items.WorkItem",
    "inspections.recur": "items.WorkItem",
    "inspections.edit": "items.WorkItem",
    "lookbacks": "items.WorkItem",
    "lookbacks.see_session": "lookbacks.LookSession",
    "lookbacks.run_session": "lookbacks.LookSession",
    "challenges": "items.WorkItem",
    "permits": "permits.Permit",
    "permits.see_site": "permits.PermitSite",
    "permits.keep_site": "permits.PermitSite",
    "permits.request_permit": "permits.PermitSite",
    "permits.watch_site": "permits.PermitSite",
    "permits.make_site": "org.PartyOrg",
    "carriers": "carriers.Carrier",
    "carriers.see_call": "carriers.CallUp",
    "carriers.command": "carriers.CallUp",
    "carriers.take_part": "carriers.CallUp",
    "carriers.verify_call": "carriers.CallUp",
    "carriers.answer_call": "carriers.CallPerson",
    "carriers.send_team": "carriers.CallTeam",
    "carriers.keep_promise": "items.WorkItem",
    "carriers.judge_promise": "items.WorkItem",
    "carriers.move_promise": "items.WorkItem",
    "claims.see_sheet": "claims.ClaimSheet",
    "claims.manage_sheet": "claims.ClaimSheet",
    "needs": "items.WorkItem",
    "clinic": "items.WorkItem",
    "clinic.keep_field": "clinic.ClinicField",
    "clinic.see_expert": "clinic.Expert",
    "clinic.accept_invitation": "clinic.Expert",
    "clinic.settle_application": "clinic.Expert",
    "clinic.keep_card": "clinic.Expert",
    "clinic.keep_hours": "clinic.Expert",
    "clinic.move_visit": "clinic.Visit",
    "clinic.hold_visit": "clinic.Visit",
    "clinic.agree": "clinic.Piece",
    "clinic.review": "clinic.Piece",
    "clinic.see_piece": "clinic.Piece",
    "clinic.write_piece": "clinic.Piece",
    "clinic.mark_outdated": "clinic.Piece",
    "surveys": "surveys.Survey",
    "hearings": "hearings.Hearing",
    "hearings.see_reporter": "hearings.HearingReporter",
    "hearings.hand_in": "hearings.HearingReporter",
    "hearings.object": "hearings.HearingReporter",
    "hearings.answer_objection": "hearings.HearingReporter",
    "hearings.remark": "hearings.HearingReporter",
    "honours": "honours.Nomination",
    "honours.change_title": "honours.HonourTitle",
    "honours.see_honour": "honours.Honour",
    "honours.withdraw_honour": "honours.Honour",
    "honours.see_call": "honours.HonourCall",
    "honours.run_call": "honours.HonourCall",
    "honours.see_objection": "honours.CallObjection",
    "honours.answer_objection": "honours.CallObjection",
    "honours.name_oneself": "org.PartyOrg",
    "honours.see_round": "honours.BannerRound",
    "honours.run_round": "honours.BannerRound",
    "contests": "contests.Contest",
    "shows": "org.Person",
    "shows.see_campaign": "shows.ShowCompeteCampaign",
    "shows.run_campaign": "shows.ShowCompeteCampaign",
    "shows.issue_badges": "org.PartyOrg",
    "shows.set_standard": "org.PartyOrg",
    "shows.open_campaign": "org.PartyOrg",
    "campaigns": "campaigns.Campaign",
    "campaigns.see_themed": "campaigns.ThemedActivity",
    "campaigns.run_themed": "campaigns.ThemedActivity",
    "campaigns.settle_report": "campaigns.CampaignReport",
    "exchange": "exchange.StudyProgramme",
    "exchange.prepare_line": "exchange.StudyLine",
    "exchange.see_lecture": "exchange.Lecture",
    "exchange.keep_lecture": "exchange.Lecture",
    "exchange.offer_lecture": "org.Person",
    "exchange.rate_session": "exchange.LectureSession",
    "exchange.see_pair": "members.MentorPair",
    "exchange.keep_pair": "members.MentorPair",
    "exchange.judge_pair": "members.MentorPair",
    "exchange.sign_pair": "members.MentorPair",
    "exchange.see_visit": "exchange.LearningVisit",
    "exchange.keep_visit": "exchange.LearningVisit",
    "exchange.answer_visit": "exchange.LearningVisit",
    "exchange.see_practice": "exchange.Practice",
    "exchange.settle_practice": "exchange.Practice",
    "planning": "planning.Plan",
    "schedule": "schedule.Schedule",
    "schedule.start_schedule": "projects.Project",
    "schedule.report_progress": "schedule.ScheduleTask",
    "schedule.approve_baseline": "schedule.Baseline",
    "schedule.withdraw_baseline": "schedule.Baseline",
    "schedule.vouch_amount": "schedule.Amount",
    "schedule.withdraw_amount": "schedule.Amount",
    "planning.finish_item": "planning.PlanItem",
    "partylife": "partylife.Talk",
    "partylife.run_plan": "partylife.PlannedTalk",
    "partylife.see_keeping": "partylife.BirthdayKeeping",
    "partylife.change_keeping": "partylife.BirthdayKeeping",
    "partylife.say_words": "partylife.BirthdayPerson",
    "partylife.see_oath": "partylife.OathCeremony",
    "partylife.void_oath": "partylife.OathCeremony",
    "partylife.see_site": "partylife.RedSite",
    "partylife.change_site": "partylife.RedSite",
    "partylife.rate_site": "partylife.RedSite",
    "partylife.set_zone_point": "zones.CollaborationZone",
    "partylife.set_project_point": "projects.Project",
    "partylife.see_class": "partylife.HistoryClass",
    "partylife.change_class": "partylife.HistoryClass",
    "partylife.attach_material": "partylife.HistoryClass",
    "partylife.see_hours": "org.Person",
    "partylife.claim_hours": "org.Person",
    "partylife.see_entry": "partylife.StudyEntry",
    "partylife.settle_entry": "partylife.StudyEntry",
    "partylife.withdraw_entry": "partylife.StudyEntry",
    "partylife.see_dispute": "partylife.StudyDispute",
    "partylife.answer_dispute": "partylife.StudyDispute",
    "partylife.see_study_rules": "partylife.StudyRules",
}
"""What each permission is asked of: by its name, else by its subject; one whose reach is `pk` is asked of the place."""


ASKED = 12
"""How many rows of a model a permission is asked of."""


def declared() -> list[str]:
    for config in apps.get_app_configs():
        if config.name.startswith("ronghe.domain."):
            try:
                importlib.import_module(f"{config.name}.rules")
            except ModuleNotFoundError as error:
                if error.name != f"{config.name}.rules":
                    raise
    return sorted(name for name in Permission.registry if not name.startswith("test."))


def asked_of(permission: Permission):
    reaches = [grant.reach for grant in permission.grants]
    places = [
        reach.node_model for reach in reaches if getattr(reach, "path", "") == "pk" and hasattr(reach, "node_model")
    ]
    label = NOUNS.get(permission.name) or NOUNS.get(permission.name.partition(".")[0])
    return places[0] if places else apps.get_model(label)


def some_of(model, chance):
    """Return some rows by chance: the making of rows makes people and bodies by the hundred."""
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    return model._default_manager.filter(pk__in=chance.sample(keys, min(ASKED, len(keys)))).order_by("pk")


@pytest.mark.parametrize("seed", range(4))
def test_every_rule_agrees_with_its_list(seed):
    world = make_world(seed)
    permissions = [Permission.registry[name] for name in declared()]
    models = {asked_of(permission) for permission in permissions} - {AdminUnit, PartyOrg, Person}
    for model in sorted(models, key=lambda model: model._meta.label):
        made = [make_row(model, world) for _ in range(6)]
        assert any(row is not None for row in made), f"no row of {model.__name__} could be made"

    actors = [Person.objects.select_related("account").get(pk=world.people[0].pk), *(world.person() for _ in range(4))]
    some = {model: some_of(model, world.chance) for model in models | {AdminUnit, PartyOrg, Person}}
    for permission in permissions:
        things = some[asked_of(permission)]
        for place, actor in enumerate(actors):
            moment = (BEFORE, AFTER)[(seed + place) % 2]
            allowed = {thing.pk for thing in things if permission.allows(actor, thing, at=moment)}
            count = permission.sight_of(actor, moment).count(things, most=1_000)
            assert count == len(allowed), (permission, str(actor), moment)
            for walk in (False, True):
                listed = permission.narrow(actor, things, at=moment, walk=walk).values_list("pk", flat=True)
                assert sorted(listed) == sorted(allowed), (permission, str(actor), moment, walk)


def test_chance_reaches_both_answers_of_the_permissions_that_matter_most():
    """A test of agreement that only ever sees "no" would prove nothing."""
    answers = {name: set() for name in ("org.see_person", "org.see_party_org", "org.see_unit")}
    for seed in range(4):
        world = make_world(seed)
        for name, seen in answers.items():
            permission = Permission.registry[name]
            for thing in asked_of(permission)._default_manager.all():
                seen |= {permission.allows(actor, thing, at=AFTER) for actor in world.people}

    assert answers == {name: {True, False} for name in answers}


@pytest.fixture
def field():
    """An oil field: committee, two branches below it, one of them with a group; units that mirror it."""
    company = make_unit("采油厂")
    south, north = make_unit("南区", parent=company), make_unit("北区", parent=company)
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    south_branch = make_body("南区党支部", parent=committee, unit=south)
    north_branch = make_body("北区党支部", parent=committee, unit=north)
    group = make_body("南区一组", parent=south_branch, kind=PartyOrgKind.PARTY_GROUP)
    return {
        "committee": committee, "south": south_branch, "north": north_branch, "group": group,
        "south_unit": south, "north_unit": north,
    }  # fmt: skip


def test_a_post_reaches_its_body_and_everything_below_it_and_nothing_beside(field):
    secretary = make_person("张书记", home=field["south"])
    make_post(secretary, PostRole.SECRETARY, body=field["south"])

    seen = SEE_PARTY_ORG.narrow(secretary, PartyOrg.objects.all(), at=AFTER)

    assert set(seen) == {field["south"], field["group"]}


def test_a_post_in_a_body_reaches_the_units_that_carry_it(field):
    clerk = make_person("周干事")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=field["north"])

    assert list(SEE_UNIT.narrow(clerk, AdminUnit.objects.all(), at=AFTER)) == [field["north_unit"]]


def test_somebody_without_a_post_sees_himself_only(field):
    welder = make_person("焊工老刘", home=field["south"], unit=field["south_unit"])
    make_person("同班组的人", home=field["south"], unit=field["south_unit"])

    assert list(SEE_PERSON.narrow(welder, Person.objects.all(), at=AFTER)) == [welder]


def test_a_post_ends_on_the_day_it_is_left_and_not_before(field):
    secretary = make_person("张书记")
    post = make_post(secretary, PostRole.SECRETARY, body=field["south"])
    leave_post(post=post, until=date(2026, 7, 15), actor=None, at=SET_UP_AT)
    secretary = Person.objects.get(pk=secretary.pk)
    last_moment = AFTER.replace(day=14, hour=23, minute=59)

    assert SEE_PARTY_ORG.allows(secretary, field["south"], at=last_moment)
    assert not SEE_PARTY_ORG.allows(secretary, field["south"], at=AFTER.replace(hour=0))


def test_nobody_may_do_nothing():
    body = make_body()

    assert not SEE_PARTY_ORG.allows(None, body)
    assert list(SEE_PARTY_ORG.narrow(None, PartyOrg.objects.all())) == []
    with pytest.raises(NotAllowed):
        SEE_PARTY_ORG.require(None, body)


def test_require_names_the_right_that_is_missing(field):
    with pytest.raises(NotAllowed) as refusal:
        SEE_PARTY_ORG.require(make_person("外单位的人"), field["south"], at=AFTER)

    assert refusal.value.details == {"permission": "org.see_party_org"}


def test_a_permission_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        Permission("org.see_person", Grant(LEADERS, ByBody("pk")))


def test_no_two_administrators_share_a_permission():
    """SE-08: what one of the three may do, neither of the others may."""
    holders = {
        name: [role for role in Administrator.values for g in Permission.registry[name].grants if role in g.roles]
        for name in declared()
    }

    assert {name: roles for name, roles in holders.items() if len(roles) > 1} == {}
    assert {role for roles in holders.values() for role in roles} == set(Administrator.values)


@pytest.mark.parametrize("administrator", list(Administrator))
def test_administrators_see_no_people_and_no_bodies(field, administrator):
    """SE-08: running the platform opens no compartment of it."""
    operator = make_person("管理员")
    make_account(operator, administrator=administrator)
    make_person("王强", home=field["south"], unit=field["south_unit"])

    assert list(SEE_PERSON.narrow(operator, Person.objects.all(), at=AFTER)) == [operator]
    assert list(SEE_PARTY_ORG.narrow(operator, PartyOrg.objects.all(), at=AFTER)) == []
