"""`ronghe contact`: contact points and their visits."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.contact_mass import enrol
from ronghe.cli.finding import body_called, moment_said, person_called, row_called
from ronghe.cli.telling import tell
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.contacts.models import ContactPoint
    from ronghe.domain.org.models import Person
    from ronghe.domain.rhythm.models import ProblemAnswer, Visit
    from ronghe.domain.rhythm.services.visits import Finding, Problem

EPILOG = """\b
举例：
  ronghe --as dangqun contact add --kind safety --holder 邵桂 --unit 南I-1联合站 --body 12 --ref 党委会〔2026〕9号
  ronghe --as shuji contact due
  ronghe --as shuji contact visit 3 --fine permits --concern "hazards=配电柜未锁" --problem "配电柜上锁;康德刚;2026-12-01 17:30"
  ronghe --as dangqun contact handover 3 --to 谭洋洋 --on 2026-12-01 --ref 党委会〔2026〕12号

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
KINDS = ("fixed_point", "safety", "care")
RATINGS = ("satisfied", "unsatisfied")
ANSWERS_SHOWN = 100
STATES = ("overdue", "due", "visited", "ended")
CADENCES = ("month", "quarter", "half", "year")

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.DateTime(["%Y-%m-%d"])


class ProblemUnreadable(DomainError):
    code = "problem_unreadable"
    sentence = N_("看不懂问题“%(text)s”。请写成“问题;谁来办;2026-12-01 17:30”。")
    status = 422


class NoSuchUnit(DomainError):
    code = "no_such_unit"
    sentence = N_("没有找到单位“%(name)s”，或者您不能查看，或叫这个名字的不止一个；请写编号。")
    status = 404


@click.group(epilog=EPILOG, short_help=_("联系点与走访"))
def contact() -> None:
    """联系点：设立、交接、结束，哪些到期没走访；走访也在这里记。"""


contact.add_command(enrol)


@contact.command("list", short_help=_("列出联系点"))
@click.option("--state", type=click.Choice(STATES), help="只看这种状态")
@click.option("--kind", type=click.Choice(KINDS), help="只看这一类")
@click.option("--page", default=1, show_default=True)
@_json
def list_(state: str | None, kind: str | None, page: int, as_json: bool) -> None:
    """列出您能看到的联系点，先到期的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.contacts.enums import DueState
    from ronghe.domain.contacts.selectors import in_state, list_contacts
    from ronghe.domain.org.rules.reaches import local_day

    now = timezone.now()
    rows = in_state(DueState(state) if state else None, local_day(now))
    listed = list_contacts(actor, now, rows=rows.filter(kind=kind) if kind else rows, page=page)
    if as_json:
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages,
                "items": [_row(point, local_day(now)) for point in listed]})  # fmt: skip
        return
    for point in listed:
        _tell(point, local_day(now))


@contact.command("due", short_help=_("我该走访的"))
@_json
def due(as_json: bool) -> None:
    """列出您本期还没走访的联系点，超期的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.contacts.selectors import visits_due_of
    from ronghe.domain.org.rules.reaches import local_day

    day = local_day(timezone.now())
    found = list(visits_due_of(actor, day))
    if as_json:
        _print([_row(point, day) for point in found])
        return
    for point in found:
        _tell(point, day)
    if not found:
        click.echo(_("本期都走访过了。"))


@contact.command("add", short_help=_("设联系点"))
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--holder", required=True, metavar="WHO", help="联系人")
@click.option("--body", required=True, metavar="BODY", help="由哪个组织设立：名称或编号")
@click.option("--to-body", metavar="BODY", help="联系哪个党组织")
@click.option("--unit", metavar="UNIT", help="联系哪个单位或站场：名称或编号")
@click.option("--person", metavar="WHO", help="联系哪个人")
@click.option("--since", type=_day, help="从哪天起；不写就是今天")
@click.option("--cadence", type=click.Choice(CADENCES), help="多久一次；不写就按类别")
@click.option("--ref", required=True, help="依据")
@_json
def add(
    kind: str, holder: str, body: str, to_body: str | None, unit: str | None, person: str | None,
    since: datetime | None, cadence: str | None, ref: str, as_json: bool,
) -> None:  # fmt: skip
    """设一个联系点；联系对象（组织、单位、个人）写一个，也只写一个。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.contacts.enums import Cadence, ContactKind
    from ronghe.domain.contacts.selectors import holders_for
    from ronghe.domain.contacts.services.points import set_contact
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by

    now = timezone.now()
    day, bodies = local_day(now), bodies_seen_by(actor, now)
    set_up_by = body_called(body, bodies)
    near = holders_for(ContactKind(kind), PartyOrg.objects.filter(pk=set_up_by.pk), day)
    made = set_contact(
        kind=ContactKind(kind),
        holder=person_called(holder, near),
        body=set_up_by,
        since=since.date() if since else day,
        approval_ref=ref,
        cadence=Cadence(cadence) if cadence else None,
        to_body=body_called(to_body, bodies) if to_body else None,
        to_unit=_unit(actor, unit) if unit else None,
        to_person=person_called(person, people_seen_by(actor, now)) if person else None,
        actor=actor,
        at=now,
    )
    _print(_row(made, day)) if as_json else _tell(made, day)


@contact.command("handover", short_help=_("换人联系"))
@_number
@click.option("--to", required=True, metavar="WHO", help="交给谁")
@click.option("--on", type=_day, help="从哪天起；不写就是今天")
@click.option("--ref", required=True, help="依据")
@_json
def handover(number: int, to: str, on: datetime | None, ref: str, as_json: bool) -> None:
    """结束原联系人、换上新联系人，一步办完，中间不断。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.contacts.enums import ContactKind
    from ronghe.domain.contacts.selectors import holders_for
    from ronghe.domain.contacts.services.points import hand_over_contact
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.org.rules.reaches import local_day

    now, point = timezone.now(), _seen(actor, number)
    near = holders_for(ContactKind(point.kind), PartyOrg.objects.filter(pk=point.body_id), local_day(now))
    made = hand_over_contact(
        contact=point, to=person_called(to, near), on=on.date() if on else local_day(now), approval_ref=ref,
        actor=actor, at=now,
    )  # fmt: skip
    _print(_row(made, local_day(now))) if as_json else _tell(made, local_day(now))


@contact.command("end", short_help=_("结束联系点"))
@_number
@click.option("--on", type=_day, help="从哪天起不再联系；不写就是今天")
@click.option("--reason", required=True, help="为什么结束")
@_json
def end(number: int, on: datetime | None, reason: str, as_json: bool) -> None:
    """结束一个联系点，不换人；以前的走访都在。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.contacts.services.points import end_contact
    from ronghe.domain.org.rules.reaches import local_day

    now = timezone.now()
    day = on.date() if on else local_day(now)
    ended = end_contact(contact=_seen(actor, number), on=day, reason=reason, actor=actor, at=now)
    _print(_row(ended, local_day(now))) if as_json else _tell(ended, local_day(now))


@contact.command("visit", short_help=_("记走访"))
@_number
@click.option("--day", type=_day, help="哪天去的；不写就是今天")
@click.option("--fine", multiple=True, metavar="QUESTION", help="这一项正常，可写多次")
@click.option("--concern", multiple=True, metavar="QUESTION[=NOTE]", help="这一项有问题，可写多次")
@click.option("--note", default="", help="看到什么")
@click.option(
    "--problem", multiple=True, metavar="TITLE;WHO;WHEN[;RAISER]", help="发现的问题：是什么;谁来办;何时办完[;谁提的]"
)
@_json
def visit(
    number: int, day: datetime | None, fine: tuple[str, ...], concern: tuple[str, ...], note: str,
    problem: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """给您的联系点记一次走访；每个问题变成一项任务。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.rhythm.selectors.visits import body_of_contact, people_around
    from ronghe.domain.rhythm.services.visits import Account, record_visit

    now, point = timezone.now(), _seen(actor, number)
    around = people_around(body_of_contact(point, local_day(now)), point.to_unit, local_day(now))
    account = Account(
        note=note, findings=_findings(fine, concern), problems=[_problem(text, around) for text in problem]
    )
    made = record_visit(
        to=point, day=day.date() if day else local_day(now), account=account, actor=actor, at=now
    )  # fmt: skip
    if as_json:
        _print(_visit(made))
        return
    count = made.problems.count()
    click.echo(_("第 %(number)s 号走访已记下，%(count)s 个问题变成任务。") % {"number": made.pk, "count": count})


@contact.command("visits", short_help=_("列出走访"))
@click.option("--page", default=1, show_default=True)
@_json
def visits(page: int, as_json: bool) -> None:
    """列出您能看到的走访，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors.visits import list_visits

    listed = list_visits(actor, timezone.now(), page=page)
    if as_json:
        _print({"count": listed.count, "items": [_visit(row) for row in listed]})
        return
    for row in listed:
        where = row.unit or row.person or row.body
        click.echo(f"{row.pk:>7}  {row.day}  {row.get_kind_display()}  {where.name}  {row.visitor.name}")


@contact.command("answers", short_help=_("我提的问题的答复"))
@click.option("--waiting", is_flag=True, help="只看还没有评价的")
@_json
def answers(waiting: bool, as_json: bool) -> None:
    """列出您在走访时提的问题得到的答复，最近的在前。"""
    actor = acting_person()
    from ronghe.domain.rhythm.models import ProblemAnswer

    rows = ProblemAnswer.objects.filter(problem__raised_by=actor).select_related("task")
    rows = rows.filter(rating=None) if waiting else rows
    found = list(rows.order_by("-answered_at", "-pk")[:ANSWERS_SHOWN])
    if as_json:
        _print([_answer(row) for row in found])
        return
    for row in found:
        said = str(row.get_rating_display()) if row.rating else _("等您评价")
        click.echo(f"{row.pk:>7}  {row.task.title}  {row.text}  {said}")


@contact.command("rate", short_help=_("评价答复：满意，或重新办"))
@_number
@click.argument("rating", type=click.Choice(RATINGS))
@click.option("--words", default="", help="想说的话；不满意的须写明哪里没有解决")
@_json
def rate(number: int, rating: str, words: str, as_json: bool) -> None:
    """评价一条答复；不满意的重新办理。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.enums import AnswerRating
    from ronghe.domain.rhythm.models import ProblemAnswer
    from ronghe.domain.rhythm.services.answers import rate_answer

    rows = ProblemAnswer.objects.filter(problem__raised_by=actor)
    rows = rows.select_related("task__assignee", "problem__visit__body", "problem__visit__visitor")
    answer = rows.filter(pk=number).first()
    if answer is None:
        raise NotFound
    rated = rate_answer(answer=answer, rating=AnswerRating(rating), words=words, actor=actor, at=timezone.now())
    if as_json:
        _print(_answer(rated))
    elif rated.follow_up is not None:
        click.echo(_("已重新交办：第 %(task)s 号任务。") % {"task": rated.follow_up.pk})
    else:
        click.echo(_("已记下：满意。"))


@contact.command("take-back-rating", short_help=_("撤回满意"))
@_number
@_json
def take_back_rating_(number: int, as_json: bool) -> None:
    """一天以内撤回对答复 NUMBER 的“满意”，可以重新评。"""
    actor, now = acting_now()
    from ronghe.domain.rhythm.models import ProblemAnswer
    from ronghe.domain.rhythm.services.answers import take_back_rating

    rows = ProblemAnswer.objects.filter(problem__raised_by=actor)
    rows = rows.select_related("task__assignee", "problem__visit__body", "problem__visit__visitor")
    answer = take_back_rating(answer=row_called(number, rows), actor=actor, at=now)
    tell(_answer(answer), _("评价已撤回，请重新选。"), as_json=as_json)


@contact.command("care", short_help=_("看连心关爱的内容，留记录"))
@_number
@_json
def care(number: int, as_json: bool) -> None:
    """看走访 NUMBER 说了什么，只给走访人和本级工会干部；每看一次都有记录。"""
    actor, now = acting_now()
    from ronghe.domain.rhythm.selectors.visits import visits_seen_by
    from ronghe.domain.rhythm.services.visits import open_care

    said = open_care(visit=row_called(number, visits_seen_by(actor, now)), actor=actor, at=now)
    findings = [{"question": code, "seen": one.seen, "note": one.note} for code, one in said.findings.items()]
    words = [*(f"{row['question']}  {row['note']}" for row in findings), said.note, *said.corrections]
    told = {"findings": findings, "note": said.note, "corrections": said.corrections}
    tell(told, "\n".join(word for word in words if word), as_json=as_json)


@contact.command("correct", short_help=_("更正或作废走访"))
@_number
@click.option("--text", required=True, help="更正什么，或为什么作废")
@click.option("--void", "is_void", is_flag=True, help="作废，不再计入")
@_json
def correct(number: int, text: str, is_void: bool, as_json: bool) -> None:
    """给走访 NUMBER 追加更正，或作废；原来的记录都在。"""
    actor, now = acting_now()
    from ronghe.domain.rhythm.enums import VisitCorrectionKind
    from ronghe.domain.rhythm.selectors.visits import visits_seen_by
    from ronghe.domain.rhythm.services.visits import correct_visit

    kind = VisitCorrectionKind.VOID if is_void else VisitCorrectionKind.TEXT
    made = correct_visit(
        visit=row_called(number, visits_seen_by(actor, now)), text=text, kind=kind, actor=actor, at=now
    )
    tell({"id": made.pk, "kind": made.kind}, _("这次走访已作废。") if is_void else _("已追加更正。"), as_json=as_json)


def _findings(fine: tuple[str, ...], concern: tuple[str, ...]) -> dict[str, Finding]:
    from ronghe.domain.rhythm.enums import Seen
    from ronghe.domain.rhythm.services.visits import Finding

    found = {code: Finding(Seen.FINE) for code in fine}
    for text in concern:
        code, _sep, words = text.partition("=")
        found[code] = Finding(Seen.CONCERN, words)
    return found


def _problem(text: str, people: Any) -> Problem:
    from ronghe.domain.rhythm.services.visits import Problem

    parts = [part.strip() for part in text.replace("；", ";").split(";")]
    if len(parts) not in (3, 4) or not all(parts):
        raise ProblemUnreadable(text=text)
    raiser = person_called(parts[3], people) if len(parts) > 3 else None
    return Problem(parts[0], person_called(parts[1], people), moment_said(parts[2]), raised_by=raiser)


def _seen(actor: Person, number: int) -> ContactPoint:
    from django.utils import timezone

    from ronghe.domain.contacts.selectors import contacts_seen_by

    found = contacts_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _unit(actor: Person, name: str) -> Any:
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import units_seen_by

    units = units_seen_by(actor, timezone.now())
    if name.isascii() and name.isdigit() and (found := units.filter(pk=int(name)).first()) is not None:
        return found
    named = list(units.filter(name=name)[:2])
    if len(named) != 1:
        raise NoSuchUnit(name=name)
    return named[0]


def _tell(point: ContactPoint, day: date) -> None:
    words = [f"{point.pk:>7}", str(point.get_kind_display()), point.target.name, point.holder.name,
             str(point.due_on), str(point.due_state(day).label)]  # fmt: skip
    click.echo("  ".join(words))


def _row(point: ContactPoint, day: date) -> dict[str, Any]:
    return {
        "id": point.pk,
        "kind": point.kind,
        "target": point.target.name,
        "holder": point.holder.name,
        "body": point.body.name,
        "cadence": point.cadence,
        "last_visit_on": point.last_visit_on.isoformat() if point.last_visit_on else None,
        "due_on": point.due_on.isoformat(),
        "state": point.due_state(day).value,
        "valid_from": point.valid_from.isoformat(),
        "valid_until": point.valid_until.isoformat() if point.valid_until else None,
    }


def _answer(row: ProblemAnswer) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.task.title, "text": row.text, "answered_at": row.answered_at.isoformat(),
        "round": row.round, "rating": row.rating, "words": row.words, "follow_up": row.follow_up_id,
    }  # fmt: skip


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.pk,
        "kind": visit.kind,
        "where": (visit.unit or visit.person or visit.body).name,
        "body": visit.body.name,
        "visitor": visit.visitor.name,
        "day": visit.day.isoformat(),
        "tasks": list(visit.problems.order_by("number").values_list("task_id", flat=True)),
        "is_voided": visit.voided_at is not None,
    }


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
