"""Companies that are judged: checks by their mechanism's list, and a run of one of the shipped sheets over them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import start_run
from ronghe.domain.contractors.enums import ContractorKind
from ronghe.domain.contractors.models import CompanyScore, Contractor
from ronghe.domain.contractors.selectors.companies import checklist_of
from ronghe.domain.contractors.services.checking import check_contractor
from ronghe.domain.contractors.services.companies import admit_contractor
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from tests.factories.contractors import NOW, TODAY, SiteStory, agree, make_company, pass_gates

OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def make_labour(story: SiteStory, number: int = 7) -> Contractor:
    company = make_company(story, "安居劳务公司", number=number, kind=ContractorKind.LABOUR)
    pass_gates(story, company)
    agree(story, company, number=str(number))
    admit_contractor(contractor=company, actor=story.manager, at=NOW)
    return company


def check_company(
    story: SiteStory, company: Contractor, *, bad: Collection[str] = (), on: date = TODAY, at: datetime = NOW
) -> CompanyScore:
    answers = {line: "problem" if line in bad else "ok" for line, _title in checklist_of(company, on).lines}
    return check_contractor(contractor=company, answers=answers, on=on, actor=story.officer, at=at)


def judged_run(story: SiteStory, sheet: str, *, at: datetime = OCTOBER) -> Run:
    """Return a computed run of the third quarter by a sheet of the shipped model."""
    book = shipped_playbook("daqing_zone")
    assert book is not None
    run = start_run(body=story.committee, playbook=book, sheet_id=sheet, period="2026Q3", actor=story.clerk, at=at)
    return compute_run(run=run, at=at)
