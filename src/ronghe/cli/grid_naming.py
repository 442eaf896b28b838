"""`ronghe grid`: one employee's member by hand, a request as a task, and what a body sets for itself."""

from __future__ import annotations

from dataclasses import asdict, replace

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, moment_said, person_called, row_called
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.words import _


@click.command("name", short_help=_("单独换一名联系党员"))
@click.argument("body", metavar="BODY")
@click.argument("employee", metavar="EMPLOYEE")
@click.argument("member", metavar="MEMBER")
@JSON
def name(body: str, employee: str, member: str, as_json: bool) -> None:
    """党组织 BODY 里，职工 EMPLOYEE 从今天起由党员 MEMBER 联系（姓名或员工号）。"""
    actor, now = acting_now()
    from ronghe.domain.grid.rules import NAME_MEMBERS
    from ronghe.domain.grid.services.liaisons import name_member
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.org.selectors.people import people_seen_by

    rows = NAME_MEMBERS.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    found, people = body_called(body, rows), people_seen_by(actor, now).filter(valid_until=None)
    made = name_member(
        employee=person_called(employee, people), member=person_called(member, people), body=found, actor=actor, at=now
    )
    said = {"employee": made.employee.name, "member": made.member.name}
    tell(said, _("%(employee)s由%(member)s联系。") % said, as_json=as_json)


@click.command("request-task", short_help=_("把诉求交给一个人办"))
@NUMBER
@click.argument("who", metavar="WHO")
@click.option("--due", required=True, help="期限，如 2026-12-01 17:30")
@JSON
def request_task(number: int, who: str, due: str, as_json: bool) -> None:
    """把诉求 NUMBER 作为任务交给 WHO（姓名或员工号）；诉求仍要答复。"""
    actor, now = acting_now()
    from ronghe.domain.grid.selectors.requests import requests_seen_by
    from ronghe.domain.grid.services.requests import make_request_task
    from ronghe.domain.org.selectors.people import people_seen_by

    made = make_request_task(
        request=row_called(number, requests_seen_by(actor, now)),
        assignee=person_called(who, people_seen_by(actor, now).filter(valid_until=None)), due_at=moment_said(due),
        actor=actor, at=now,
    )  # fmt: skip
    said = _("任务已交给%(name)s。") % {"name": made.assignee.name}
    tell({"task": made.pk, "assignee": made.assignee.name}, said, as_json=as_json)


@click.command("settings", short_help=_("看、定联系人数和答复时限"))
@click.argument("body", metavar="BODY")
@click.option("--people", "employees_per_member", type=int, default=None, help="每名党员最多联系职工几人")
@click.option("--member", "member_days", type=int, default=None, help="联系党员几个工作日答复")
@click.option("--branch", "branch_days", type=int, default=None, help="党支部几个工作日答复")
@click.option("--general-branch", "general_branch_days", type=int, default=None, help="党总支几个工作日答复")
@click.option("--committee", "committee_days", type=int, default=None, help="党委几个工作日答复")
@JSON
def settings(body: str, as_json: bool, **wanted: int | None) -> None:
    """看党组织 BODY 的联系人数和答复时限；写了就改，没有写的不变，正在走的时限也不变。"""
    actor, now = acting_now()
    from ronghe.domain.grid.selectors.settings import bodies_setting, terms_of
    from ronghe.domain.grid.services.settings import change_settings
    from ronghe.domain.org.rules.reaches import local_day

    found = body_called(body, bodies_setting(actor, now))
    terms = terms_of(found.pk, local_day(now))
    changes = {key: value for key, value in wanted.items() if value is not None}
    if changes:
        terms = replace(terms, **changes)
        change_settings(body=found, terms=terms, actor=actor, at=now)
    shown = asdict(terms)
    tell(shown, "\n".join(f"{key}  {value}" for key, value in shown.items()), as_json=as_json)


NAMING_COMMANDS = (name, request_task, settings)
