"""What met a duty can be opened: every fact that a playbook may ask for leads to the record it came from."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.alliances.enums import ContactForm
from ronghe.domain.alliances.services.contacts import hold_contact
from ronghe.domain.campaigns.models import CampaignStage
from ronghe.domain.decisions.enums import Layer, Progress
from ronghe.domain.decisions.services.following import report_progress
from ronghe.domain.decisions.services.meetings import Votes, settle_matter
from ronghe.domain.decisions.services.sheets import LineText, adopt_sheet, draft_sheet, record_line, set_line
from ronghe.domain.partylife.models import TalkYear
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.calc.vocabulary import MATCHED_AT_ONCE
from ronghe.domain.pools.enums import MoodLevel, MoodTopic
from ronghe.domain.pools.services.moods import note_mood
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.web.sources import PAGES, href_of
from tests.factories.alliances import make_alliance
from tests.factories.campaigns import IN_AUTUMN, make_story, run_campaign
from tests.factories.decisions import make_committee, make_list, make_matter_before
from tests.factories.org import make_body, make_person
from tests.factories.partylife import make_life, talk_all
from tests.factories.pools import make_pool

pytestmark = pytest.mark.django_db

RECORDS = {
    "contractors.round_checked": "contractors.contractor",
    "agreements.reviewed": "agreements.agreement",
    "alliances.contact_held": "alliances.alliancecontact",
    "appraisal.run_finalized": "appraisal.run",
    "campaigns.activity_held": "rhythm.activity",
    "campaigns.stage_done": "campaigns.campaignstage",
    "claims.task_accepted": "items.workitem",
    "clinic.case_solved": "items.workitem",
    "clinic.visit_held": "clinic.visit",
    "decisions.line_done": "decisions.linerecord",
    "decisions.matter_followed": "decisions.matterreport",
    "duties.sheet_issued": "duties.dutysheet",
    "duties.side_agreed": "duties.dutysheet",
    "exchange.pair_reviewed": "exchange.pairprogramme",
    "exchange.visit_held": "exchange.learningvisit",
    "hearings.held": "hearings.hearing",
    "inspections.graded": "inspections.inspection",
    "inspections.visited": "inspections.inspection",
    "lookbacks.session_closed": "lookbacks.looksession",
    "orglife.meeting_held": "orglife.lifesession",
    "orglife.review_held": "orglife.lifesession",
    "partylife.birthday_kept": "partylife.birthdaykeeping",
    "partylife.talk_held": "partylife.talk",
    "partylife.talks_complete": "partylife.talkyear",
    "planning.check_closed": "planning.checkround",
    "pools.mood_noted": "pools.moodnote",
    "rhythm.activity_closed": "rhythm.activity",
    "rhythm.visited": "rhythm.visit",
    "schedule.milestone_reached": "schedule.progressreport",
    "sitemeetings.chain_closed": "sitemeetings.sitechain",
    "work.task_accepted": "work.task",
    "work.task_done": "work.task",
}
"""Which record each kind of fact comes from: what a duty may be met by is opened through it."""


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def met_by() -> set[str]:
    return {way.kind for book in shipped_playbooks() for one in book.mechanisms for way in one.satisfied_by}


def test_every_fact_that_a_playbook_may_ask_for_leads_to_a_record():
    assert met_by() | set(MATCHED_AT_ONCE) <= RECORDS.keys()
    assert {kind: source for kind, source in RECORDS.items() if source not in PAGES} == {}


def test_every_page_is_of_a_kind_of_record_that_there_is():
    assert [label for label in PAGES if apps.get_model(label) is None] == []
    assert [page for page in PAGES.values() if reverse(page, args=[1]) == ""] == []


def test_a_duty_that_means_one_sheet_names_one_of_its_book():
    for book in shipped_playbooks():
        ways = [way for one in book.mechanisms for way in one.satisfied_by if way.kind == "appraisal.run_finalized"]
        named = {condition.any_of[0] for way in ways for condition in way.where if condition.attribute == "sheet"}
        assert named <= {sheet["id"] for sheet in book.content.get("sheets", ())}
    assert {"branch_quarter", "member_quarter", "team_quarter"} <= {
        condition.any_of[0]
        for book in shipped_playbooks()
        for one in book.mechanisms
        for way in one.satisfied_by
        for condition in way.where
        if condition.attribute == "sheet"
    }


def test_a_run_recorded_before_its_sheet_was_named_reads_on(morning):
    body, actor = make_body(), make_person()
    record(
        Draft(declared_kinds()["appraisal.run_finalized"], morning, actor, body=body.pk, attributes={"results": "a1"})
    )
    assert "sheet" not in Fact.objects.get(kind="appraisal.run_finalized").values


def test_a_contact_of_an_alliance_opens_there(as_person, morning):
    story = make_alliance()
    hold_contact(
        alliance=story.alliance, day=date(2026, 9, 14), form=ContactForm.VISIT, partners=[story.town], settled="会商",
        actor=story.secretary, at=morning,
    )  # fmt: skip
    fact = Fact.objects.get(kind="alliances.contact_held")
    leads_to = href_of(fact.source_type, fact.source_id)
    page = as_person(story.secretary).get(leads_to)
    assert page.url == f"{reverse('web:alliance_detail', args=[story.alliance.pk])}#contact-{fact.source_id}"
    assert f'id="contact-{fact.source_id}"' in as_person(story.secretary).get(page.url).content.decode()
    assert as_person(story.outsider).get(leads_to).status_code == 404


def test_a_line_done_opens_on_its_sheet_or_among_ones_own(as_person, morning):
    story = make_committee()
    sheet = draft_sheet(body=story.committee, year=2026, actor=story.clerk, at=morning)
    text = LineText(layer=Layer.MEMBER, person=story.members[0], title="每月下站")
    line = set_line(sheet=sheet, text=text, actor=story.clerk, at=morning)
    adopt_sheet(sheet=sheet, actor=story.clerk, at=morning)
    record_line(line=line, done_on=date(2026, 9, 14), text="到三区", actor=story.members[0], at=morning)
    fact = Fact.objects.get(kind="decisions.line_done")
    leads_to = href_of(fact.source_type, fact.source_id)
    on_sheet = f"{reverse('web:responsibility_sheet', args=[sheet.pk])}#line-{line.pk}"
    assert as_person(story.clerk).get(leads_to).url == on_sheet
    assert as_person(story.members[0]).get(leads_to).status_code == 302
    assert as_person(story.member).get(leads_to).status_code == 404


def test_a_report_on_a_decision_opens_the_decision(as_person, morning):
    story = make_committee()
    matter = make_matter_before(story, make_list(story, morning)["年度综合计划"], morning)
    settle_matter(matter=matter, decision="同意", votes=Votes(5), actor=story.clerk, at=morning)
    report_progress(matter=matter, progress=Progress.RUNNING, text="已下发", actor=story.clerk, at=morning)
    fact = Fact.objects.get(kind="decisions.matter_followed")
    leads_to = href_of(fact.source_type, fact.source_id)
    assert as_person(story.clerk).get(leads_to).url == reverse("web:matter_detail", args=[matter.pk])
    assert as_person(story.member).get(leads_to).status_code == 404


def test_a_mood_noted_opens_in_its_pool(as_person, morning):
    story = make_pool()
    note_mood(
        part=story.builder, level=MoodLevel.UNEASY, topics=[MoodTopic.LIVING], people=12, text="住宿拥挤",
        actor=story.zone.lead, at=morning,
    )  # fmt: skip
    fact = Fact.objects.get(kind="pools.mood_noted")
    leads_to = href_of(fact.source_type, fact.source_id)
    assert as_person(story.zone.lead).get(leads_to).url.endswith(f"#mood-{fact.source_id}")
    assert as_person(make_person("外人")).get(leads_to).status_code == 404


def test_a_year_of_talks_opens_its_pairs(as_person, morning):
    life = make_life()
    talk_all(life, morning)
    leads_to = href_of("partylife.talkyear", TalkYear.objects.get().pk)
    assert (
        as_person(life.secretary).get(leads_to).url == f"{reverse('web:life_matrix')}?body={life.branch.pk}&year=2026"
    )
    assert as_person(make_person("外人")).get(leads_to).status_code == 404


def test_a_stage_of_a_campaign_opens_its_page(as_person):
    story = make_story()
    run_campaign(story.committee, at=IN_AUTUMN)
    stage = CampaignStage.objects.order_by("pk").first()
    leads_to = href_of("campaigns.campaignstage", stage.pk)
    opened = as_person(story.field.clerk).get(leads_to)
    assert opened.url == reverse("web:campaign_stage", args=[stage.campaign_id, stage.code])
    assert as_person(make_person("外人")).get(leads_to).status_code == 404
