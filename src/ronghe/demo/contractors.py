"""Two companies: one admitted with people at the gate and a check, one still at its gates; a Party member found at entry."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.organization import Field
from ronghe.demo.qualifications import LEVELS, safety_officer
from ronghe.domain.contractors.calc.credit_code import SIGNS, WEIGHTS
from ronghe.domain.contractors.enums import ContractorKind, Direction, Employment, Gate
from ronghe.domain.contractors.models import Contractor
from ronghe.domain.contractors.selectors.companies import checklist_of
from ronghe.domain.contractors.services.checking import check_contractor
from ronghe.domain.contractors.services.companies import (
    admit_contractor,
    note_agreement,
    register_contractor,
    review_gate,
)
from ronghe.domain.contractors.services.gate import pass_gate
from ronghe.domain.contractors.services.workers import WorkerText, issue_pass, pass_code, register_worker
from ronghe.domain.org.calc.roster.identity import check_sign
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.domain.qualifications.services.lessons import LessonText, note_lessons

WORKERS = ("费永昌", "柯大江", "甘有田", "丛小满")
HALF_A_YEAR = timedelta(days=180)


def show_contractors(field: Field, since: date, now: datetime) -> None:
    """Bring one company through its gates with four workers, three of them trained; leave another before its gates."""
    officer = safety_officer(field)
    company = _company(field, officer, now, "川中管道安装公司", 71, ContractorKind.CONTRACTOR)
    for gate in Gate:
        review_gate(
            contractor=company,
            gate=gate,
            passed=True,
            evidence="准入评审表〔2026〕7号",
            on=since,
            actor=officer,
            at=now,
        )
    note_agreement(
        contractor=company, number="安全协议〔2026〕7号", officer="郝安", signed_on=since, from_on=since,
        until_on=now.date() + HALF_A_YEAR, actor=officer, at=now,
    )  # fmt: skip
    admit_contractor(contractor=company, actor=field.lead, at=now)
    _company(field, officer, now, "安居劳务公司", 72, ContractorKind.LABOUR)
    _people(field, company, officer, since, now)
    answers = {line: "ok" for line, _title in checklist_of(company, now.date()).lines} | {"gate_site": "problem"}
    check_contractor(
        contractor=company, answers=answers, on=now.date(), note="3号沟边堆土离沟边不足 1 米", actor=officer, at=now
    )


def _people(field: Field, company: Contractor, officer: Person, since: date, now: datetime) -> None:
    workers = []
    for number, name in enumerate(WORKERS):
        is_member = number == 3
        text = WorkerText(
            name, _identity(number), Employment.HIRED, "管工",
            PoliticalStatus.FULL_MEMBER if is_member else PoliticalStatus.MASSES,
            "达州市开江县长岭镇党支部" if is_member else "",
        )  # fmt: skip
        workers.append(register_worker(contractor=company, text=text, on=since, actor=officer, at=now))
    taught = [worker.person for worker in workers[1:]]
    for level in LEVELS:
        text_of = LessonText(level, since, Decimal(24), "入场教育", Decimal(88), passed=True)
        note_lessons(people=taught, text=text_of, actor=officer, at=now)
    for worker in workers[1:]:
        entry = issue_pass(worker=worker, last_on=now.date() + timedelta(days=60), actor=officer, at=now)
        pass_gate(code=pass_code(entry), body=field.zone_body, direction=Direction.IN, actor=officer, at=now)


def _company(field: Field, officer: Person, now: datetime, name: str, number: int, kind: ContractorKind) -> Contractor:
    return register_contractor(
        name=name, credit_code=_credit_code(number), kind=kind, body=field.zone_body, actor=officer, at=now
    )


def _credit_code(number: int) -> str:
    body = f"91510000MA6{number:06d}"
    total = sum(weight * SIGNS.index(sign) for weight, sign in zip(WEIGHTS, body, strict=True))
    return body + SIGNS[(31 - total % 31) % 31]


def _identity(number: int) -> str:
    body = f"51172319880512{number:03d}"
    return body + check_sign(body)
