"""A zone with its safety officer and project manager, a company at its gates, and a worker who has learnt what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ronghe.domain.contractors.calc.credit_code import SIGNS, WEIGHTS
from ronghe.domain.contractors.enums import ContractorKind, Employment, Gate
from ronghe.domain.contractors.models import Contractor, EntryPass, Worker
from ronghe.domain.contractors.services.companies import (
    admit_contractor,
    note_agreement,
    register_contractor,
    review_gate,
)
from ronghe.domain.contractors.services.workers import WorkerText, issue_pass, register_worker
from ronghe.domain.org.calc.roster.identity import check_sign
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post
from tests.factories.qualifications import teach

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
UNTIL = date(2027, 1, 1)
DAY = timedelta(days=1)


def credit_code(number: int = 1) -> str:
    """A code with the right check, another for another number."""
    body = f"91510000MA6{number:06d}"
    total = sum(weight * SIGNS.index(sign) for weight, sign in zip(WEIGHTS, body, strict=True))
    return body + SIGNS[(31 - total % 31) % 31]


def identity(number: int = 1) -> str:
    """An identity number of 7 March 1990 with the right check, another for another number."""
    body = f"51082219900307{number:03d}"
    return body + check_sign(body)


@dataclass
class SiteStory:
    committee: PartyOrg
    zone: PartyOrg
    clerk: Person
    officer: Person
    manager: Person
    guard: Person
    outsider: Person


@kept
def make_site() -> SiteStory:
    """南I-1: 康德刚 keeps safety, 喇十七 manages the project, 门卫老秦 stands at the gate; 倪春梅 is elsewhere."""
    committee = make_body("公司党委", kind=PartyOrgKind.COMMITTEE)
    zone = make_body("南I-1共建党支部", parent=committee, kind=PartyOrgKind.CO_BUILT_BRANCH)
    story = SiteStory(
        committee=committee, zone=zone, clerk=make_person("沈清"), officer=make_person("康德刚"),
        manager=make_person("喇十七"), guard=make_person("门卫老秦"), outsider=make_person("倪春梅", home=make_body()),
    )  # fmt: skip
    make_post(story.clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(story.officer, PostRole.HSE_OFFICER, body=zone)
    make_post(story.manager, PostRole.PROJECT_MANAGER, body=zone)
    make_post(story.guard, PostRole.TEAM_LEADER, body=zone)
    return story


def make_company(
    story: SiteStory, name: str = "蜀南油建公司", *, number: int = 1, kind: ContractorKind = ContractorKind.CONTRACTOR,
    parent: Contractor | None = None,
) -> Contractor:  # fmt: skip
    return register_contractor(
        name=name, credit_code=credit_code(number), kind=kind, body=story.zone, parent=parent, actor=story.officer,
        at=NOW,
    )  # fmt: skip


def pass_gates(story: SiteStory, company: Contractor, *, but: Gate | None = None) -> None:
    for gate in Gate:
        review_gate(
            contractor=company, gate=gate, passed=gate != but, evidence="评审表〔2026〕1号", on=TODAY,
            actor=story.officer, at=NOW,
        )  # fmt: skip


def agree(
    story: SiteStory, company: Contractor, *, since: date = TODAY, until: date = UNTIL, number: str = "1"
) -> None:
    note_agreement(
        contractor=company, number=f"安全协议〔2026〕{number}号", officer="郝安", signed_on=TODAY, from_on=since,
        until_on=until, actor=story.officer, at=NOW,
    )  # fmt: skip


def make_admitted(story: SiteStory, name: str = "蜀南油建公司", *, number: int = 1) -> Contractor:
    company = make_company(story, name, number=number)
    pass_gates(story, company)
    agree(story, company)
    admit_contractor(contractor=company, actor=story.manager, at=NOW)
    return company


def make_worker(
    story: SiteStory, company: Contractor, name: str = "焊工老刘", *, number: int = 1, taught: bool = True,
    status: PoliticalStatus = PoliticalStatus.MASSES, home_branch: str = "",
) -> Worker:  # fmt: skip
    text = WorkerText(name, identity(number), Employment.HIRED, "焊工", status, home_branch)
    worker = register_worker(contractor=company, text=text, on=TODAY, actor=story.officer, at=NOW)
    if taught:
        teach(story.officer, worker.person)
    return worker


def make_pass(story: SiteStory, worker: Worker, *, last_on: date = TODAY + 30 * DAY) -> EntryPass:
    return issue_pass(worker=worker, last_on=last_on, actor=story.officer, at=NOW)
