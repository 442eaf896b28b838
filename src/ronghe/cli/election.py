"""`ronghe election`: Terms of office, elections, by-elections, and the three ways of counting votes that are never mixed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, person_called
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from datetime import date

    from ronghe.domain.elections.models import Contest, Election, Term
    from ronghe.domain.elections.selectors.elections import ContestView
    from ronghe.domain.org.models import PartyOrg, Person

EPILOG = """\b
举例，一次换届：
  ronghe --as dangqun election terms
  ronghe --as gaoy election start --body 南一联合站党支部 --on 2026-09-28 --seats 3 --heads 1
  ronghe --as gaoy election candidate 7 罗一鸣 --role committee_member
  ronghe --as dangqun election approve 7 --ref 采一党组〔2026〕7号
  ronghe --as gaoy election count 7 --role committee_member --on 2026-09-28 --present 9 --votes 罗一鸣=8/1/0
  ronghe --as gaoy election report 7
  ronghe --as dangqun election file 7 --ref 采一党组〔2026〕9号

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_body = click.option("--body", required=True, metavar="BODY", help="党组织的名称或编号")
_ref = click.option("--ref", "reference", required=True, help="批准、批复或备案的文号")
_reason = click.option("--reason", required=True, help="原因")
_day = click.DateTime(formats=["%Y-%m-%d"])


class NoSuchRole(DomainError):
    code = "no_such_role"
    sentence = N_("这次选举没有“%(role)s”这一项。")
    status = 404


class VotesUnreadable(DomainError):
    code = "votes_unreadable"
    sentence = N_("看不懂票数“%(text)s”。请写成 姓名=赞成/不赞成/弃权。")
    status = 422


@click.group(epilog=EPILOG, short_help=_("任期与换届"))
def election() -> None:
    """任期与换届：看谁将届满，办换届选举和补选，计票，备案。"""


@election.command("terms", short_help=_("将届满的任期"))
@_json
def terms(as_json: bool) -> None:
    """列出将届满、已届满和没有记录的任期，急的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.selectors.terms import electing_bodies_seen_by, terms_running_out

    now = timezone.now()
    states = terms_running_out(electing_bodies_seen_by(actor, now), timezone.localdate(now))
    if as_json:
        _print([
            {"body": state.body.name, "body_id": state.body.pk, "due": state.due.value, "days_left": state.days_left,
             "ends_on": f"{state.term.ends_on}" if state.term else None,
             "election": state.election.pk if state.election else None}
            for state in states
        ])  # fmt: skip
        return
    for state in states:
        ends = f"{state.term.ends_on}" if state.term else "-" * 10
        click.echo(f"{state.body.pk:>7}  {ends}  {state.due.label}  {state.body.name}")
    click.echo(_("共 %(count)s 个。") % {"count": len(states)})


@election.command("record", short_help=_("记下现任一届"))
@_body
@click.option("--number", type=click.IntRange(1, 999), required=True, help="届次")
@click.option("--from", "started_on", type=_day, required=True, help="开始日期")
@click.option("--until", "ends_on", type=_day, help="届满日期；不写按规定算")
@click.option("--ref", "reference", default="", help="届满日期与规定不同时的批准文号")
@_json
def record(body: str, number: int, started_on: Any, ends_on: Any, reference: str, as_json: bool) -> None:
    """记下一个组织现任的一届。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.services.terms import record_term

    kept = record_term(
        body=_body_of(actor, body), number=number, started_on=started_on.date(),
        ends_on=ends_on.date() if ends_on else None, approval_ref=reference, actor=actor, at=timezone.now(),
    )  # fmt: skip
    _tell_term(kept, as_json=as_json)


@election.command("extend", short_help=_("延期或提前换届"))
@_body
@click.option("--until", "ends_on", type=_day, required=True, help="改为哪天届满")
@_ref
@_reason
@_json
def extend(body: str, ends_on: Any, reference: str, reason: str, as_json: bool) -> None:
    """经批准改现任一届的届满日期，一般不超过一年。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.selectors.terms import open_term
    from ronghe.domain.elections.services.terms import shift_term

    term = open_term(_body_of(actor, body))
    if term is None:
        raise NotFound
    shift_term(term=term, ends_on=ends_on.date(), approval_ref=reference, reason=reason, actor=actor, at=timezone.now())
    _tell_term(term, as_json=as_json)


@election.command("designate", short_help=_("指派负责人"))
@_body
@click.argument("who", metavar="PERSON")
@click.option("--role", default="secretary", show_default=True, help="职务")
@click.option("--from", "since", type=_day, required=True, help="从哪天起")
@_ref
@click.option("--acting", is_flag=True, help="代理，到补选为止")
def designate(body: str, who: str, role: str, since: Any, reference: str, acting: bool) -> None:
    """给临时党支部指定负责人，或在空缺时指派。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.services.leaders import designate_leader
    from ronghe.domain.org.selectors.people import people_seen_by

    now = timezone.now()
    person = person_called(who, people_seen_by(actor, now))
    post = designate_leader(
        body=_body_of(actor, body), person=person, role=_role(role), since=since.date(), approval_ref=reference,
        is_acting=acting, actor=actor, at=now,
    )  # fmt: skip
    click.echo(_("%(name)s已任%(role)s。") % {"name": post.person.name, "role": post.get_role_display()})


@election.command("list", short_help=_("列出选举"))
@click.option("--state", help="只看这种状态")
@click.option("--page", default=1, show_default=True)
@_json
def list_(state: str | None, page: int, as_json: bool) -> None:
    """列出您能看到的选举，最近的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.elections.selectors.elections import list_elections

    listed = list_elections(actor, timezone.now(), filters=Q(state=state) if state else Q(), page=page)
    if as_json:
        _print(
            {"count": listed.count, "page": listed.page, "pages": listed.pages, "items": [_row(row) for row in listed]}
        )
        return
    for row in listed:
        click.echo(
            f"{row.pk:>7}  {row.planned_on}  {row.get_kind_display()}  {row.get_state_display()}  {row.body.name}"
        )
    click.echo(_("共 %(count)s 件，第 %(page)s 页，共 %(pages)s 页。")
               % {"count": f"{listed.count}", "page": listed.page, "pages": listed.pages})  # fmt: skip


@election.command("show", short_help=_("看一次选举"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一次选举的人选、票数和结果。"""
    _tell(_seen(acting_person(), number), as_json=as_json)


@election.command("start", short_help=_("启动换届或补选"))
@_body
@click.option("--on", "planned_on", type=_day, required=True, help="计划哪天选举")
@click.option("--by-election", is_flag=True, help="补选；不写为换届选举")
@click.option("--seats", type=click.IntRange(0, 30), default=0, help="委员名额")
@click.option("--deputies", type=click.IntRange(0, 5), default=0, help="副书记（副主席）名额")
@click.option("--heads", type=click.IntRange(0, 1), default=0, help="书记（主席）名额")
@click.option("--delegates", is_flag=True, help="开代表大会")
@click.option("--dispersed", is_flag=True, help="驻地分散，不足 500 名也开代表大会")
@_json
def start(
    body: str, planned_on: Any, by_election: bool, seats: int, deputies: int, heads: int, delegates: bool,
    dispersed: bool, as_json: bool,
) -> None:  # fmt: skip
    """启动一次换届选举或补选。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.enums import ElectionKind
    from ronghe.domain.elections.selectors.elections import roles_to_elect
    from ronghe.domain.elections.services.preparing import start_election

    of = _body_of(actor, body)
    roles = [_role(role) for role, _word in roles_to_elect(of)]
    found = start_election(
        body=of, kind=ElectionKind.BY_ELECTION if by_election else ElectionKind.RE_ELECTION,
        planned_on=planned_on.date(), places=dict(zip(roles, (seats, deputies, heads), strict=True)),
        by_delegates=delegates, is_dispersed=dispersed, actor=actor, at=timezone.now(),
    )  # fmt: skip
    _tell(found, as_json=as_json)


@election.command("candidate", short_help=_("提名或撤下"))
@_number
@click.argument("who", metavar="PERSON")
@click.option("--role", required=True, help="哪一项，如 committee_member、secretary")
@click.option("--duty", help="拟任分工，如 org_member")
@click.option("--nominated", is_flag=True, help="只作推荐提名")
@click.option("--written-in", is_flag=True, help="会上另选的人")
@click.option("--withdraw", is_flag=True, help="撤下这个人")
@_json
def candidate(
    number: int, who: str, role: str, duty: str | None, nominated: bool, written_in: bool, withdraw: bool, as_json: bool
) -> None:
    """给选举的一项提名，或撤下一个人。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.enums import CandidateStage
    from ronghe.domain.elections.models import Candidate
    from ronghe.domain.elections.services.preparing import name_candidate, withdraw_candidate
    from ronghe.domain.org.models import Person as People
    from ronghe.domain.org.selectors.people import people_seen_by

    now, found = timezone.now(), _seen(actor, number)
    contest = _contest(found, role)
    if withdraw:
        person = person_called(who, People.objects.filter(candidacies__contest=contest))
        rows = Candidate.objects.select_related("contest__election__body", "person")
        withdraw_candidate(candidate=rows.get(contest=contest, person=person), actor=actor, at=now)
    else:
        stage = CandidateStage.WRITTEN_IN if written_in else CandidateStage.PRELIMINARY
        name_candidate(
            contest=contest, person=person_called(who, people_seen_by(actor, now)), actor=actor, at=now,
            stage=CandidateStage.NOMINATED if nominated else stage, duty=_role(duty) if duty else None,
        )  # fmt: skip
    _tell(found, as_json=as_json)


@election.command("approve", short_help=_("批复候选人"))
@_number
@_ref
@_json
def approve(number: int, reference: str, as_json: bool) -> None:
    """由上级党组织批复候选人预备人选。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.services.preparing import approve_candidates

    found = approve_candidates(election=_seen(actor, number), approval_ref=reference, actor=actor, at=timezone.now())
    _tell(found, as_json=as_json)


@election.command("count", short_help=_("计票"))
@_number
@click.option("--role", required=True, help="哪一项")
@click.option("--on", "held_on", type=_day, help="哪天投票")
@click.option("--present", type=click.IntRange(0), help="实到人数")
@click.option("--entitled", type=click.IntRange(0), help="应到代表人数，只用于代表大会")
@click.option("--issued", type=click.IntRange(0), help="发出选票；不写同实到")
@click.option("--returned", type=click.IntRange(0), help="收回选票；不写同发出")
@click.option("--invalid", type=click.IntRange(0), default=0, help="无效票")
@click.option("--others", type=click.IntRange(0), default=0, help="另选他人（未列名）")
@click.option("--votes", multiple=True, metavar="NAME=FOR/AGAINST/ABSTAINED", help="各人得票，一人写一次")
@click.option("--withdraw", is_flag=True, help="撤回这一项最近一次计票")
@_json
def count(
    number: int, role: str, held_on: Any, present: int | None, entitled: int | None, issued: int | None,
    returned: int | None, invalid: int, others: int, votes: tuple[str, ...], withdraw: bool, as_json: bool,
) -> None:  # fmt: skip
    """记一次投票的总数，按规定算出谁当选；只记总数。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.selectors.elections import contest_view
    from ronghe.domain.elections.services.results import record_ballot, withdraw_ballot

    now, found = timezone.now(), _seen(actor, number)
    contest = _contest(found, role)
    if withdraw:
        withdraw_ballot(contest=contest, actor=actor, at=now)
    elif present is None:
        raise click.BadParameter(_("请用 --present 写明实到人数。"))
    else:
        given = present if issued is None else issued
        back = given if returned is None else returned
        day: date = held_on.date() if held_on else timezone.localdate(now)
        record_ballot(
            contest=contest, held_on=day, present=present, entitled=entitled, issued=given, returned=back,
            valid=back - invalid, invalid=invalid, others=others, votes=_votes(contest_view(contest), votes),
            actor=actor, at=now,
        )  # fmt: skip
    _tell(_seen(actor, number), as_json=as_json)


@election.command("report", short_help=_("上报结果"))
@_number
@click.option("--leave-places", is_flag=True, help="没有选满的名额暂时空缺")
@_json
def report(number: int, leave_places: bool, as_json: bool) -> None:
    """把选举结果报上级备案。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.services.results import report_result

    found = report_result(election=_seen(actor, number), leaves_places=leave_places, actor=actor, at=timezone.now())
    _tell(found, as_json=as_json)


@election.command("return", short_help=_("退回结果"))
@_number
@_reason
@_json
def return_(number: int, reason: str, as_json: bool) -> None:
    """由上级退回上报的结果。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.services.results import return_result

    _tell(return_result(election=_seen(actor, number), reason=reason, actor=actor, at=timezone.now()), as_json=as_json)


@election.command("file", short_help=_("结果备案"))
@_number
@_ref
@_json
def file(number: int, reference: str, as_json: bool) -> None:
    """由上级备案；当选人任职生效，换届的开始新一届。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.services.results import file_result

    _tell(
        file_result(election=_seen(actor, number), filing_ref=reference, actor=actor, at=timezone.now()),
        as_json=as_json,
    )


@election.command("cancel", short_help=_("取消选举"))
@_number
@_reason
@_json
def cancel(number: int, reason: str, as_json: bool) -> None:
    """取消还没有投票的选举。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.services.preparing import cancel_election

    _tell(
        cancel_election(election=_seen(actor, number), reason=reason, actor=actor, at=timezone.now()), as_json=as_json
    )


@election.command("print", short_help=_("把请示或结果报告存成文件"))
@_number
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.pdf|FILE.docx")
@click.option("--request", "is_request", is_flag=True, help="候选人请示；不写为选举结果报告")
def print_(number: int, target: Path, is_request: bool) -> None:
    """把候选人请示或选举结果报告按公文格式存成文件。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.elections.documents import report_document, request_document
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    form = target.suffix.lstrip(".").lower()
    if form not in set(PaperForm):
        raise click.BadParameter(_("文件名要以 .pdf 或 .docx 结尾。"))
    build = request_document if is_request else report_document
    election = _seen(actor, number)
    document = build(election, issued_on=timezone.localdate())
    target.write_bytes(issued(document, PaperForm(form), at=timezone.now(), source=election))
    click.echo(_("已存到 %(file)s。") % {"file": target})


def _body_of(actor: Person, body: str) -> PartyOrg:
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import bodies_seen_by

    return body_called(body, bodies_seen_by(actor, timezone.now()))


def _seen(actor: Person, number: int) -> Election:
    from django.utils import timezone

    from ronghe.domain.elections.selectors.elections import elections_seen_by

    found = elections_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _role(text: str) -> Any:
    from ronghe.domain.org.enums import PostRole

    if text not in PostRole.values:
        raise NoSuchRole(role=text)
    return PostRole(text)


def _contest(found: Election, role: str) -> Contest:
    from ronghe.domain.elections.models import Contest as Contests

    contest = Contests.objects.select_related("election__body").filter(election=found, role=role).first()
    if contest is None:
        raise NoSuchRole(role=role)
    return contest


def _votes(view: ContestView, given: tuple[str, ...]) -> dict[int, tuple[int, int, int]]:
    """Return candidate → for, against, abstained; a number left out is nought."""
    names = {one.person.name: one.pk for one in view.on_ballot}
    votes = {}
    for text in given:
        name, _sign, numbers = text.partition("=")
        parts = numbers.split("/")
        if name not in names or len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts):
            raise VotesUnreadable(text=text)
        counted = [int(part) for part in parts] + [0] * (3 - len(parts))
        votes[names[name]] = (counted[0], counted[1], counted[2])
    return votes


def _row(found: Election) -> dict[str, Any]:
    return {
        "id": found.pk, "body": found.body.name, "kind": found.kind, "state": found.state,
        "planned_on": f"{found.planned_on}", "held_on": f"{found.held_on}" if found.held_on else None,
    }  # fmt: skip


def _tell_term(term: Term, *, as_json: bool) -> None:
    if as_json:
        _print({"id": term.pk, "number": term.number, "started_on": f"{term.started_on}", "ends_on": f"{term.ends_on}"})
    else:
        click.echo(_("第 %(number)s 届至 %(ends_on)s 届满。") % {"number": term.number, "ends_on": term.ends_on})


def _tell(found: Election, *, as_json: bool) -> None:
    from ronghe.domain.elections.selectors.elections import contests_of

    views = contests_of(found)
    if as_json:
        _print({**_row(found), "approval_ref": found.approval_ref, "filing_ref": found.filing_ref,
                "contests": [_contest_row(view) for view in views]})  # fmt: skip
        return
    click.echo(f"#{found.pk} {found.body.name}  {found.get_kind_display()}  {found.get_state_display()}")
    for view in views:
        click.echo(f"  {view.contest.get_role_display()} × {view.contest.seats}  {view.contest.role}")
        won = {one.pk for one in view.elected}
        last = {count.candidate_id: count for one in view.rounds for count in one.counts}
        for one in view.candidates:
            got = last.get(one.pk)
            votes = f"{got.votes_for}/{got.votes_against}/{got.votes_abstained}" if got else ""
            word = _("当选") if one.pk in won else str(one.get_stage_display())
            click.echo("    " + "  ".join(filter(None, (one.person.name, votes, word))))


def _contest_row(view: ContestView) -> dict[str, Any]:
    won = {one.pk for one in view.elected}
    return {
        "role": view.contest.role, "seats": view.contest.seats, "electorate": view.contest.electorate,
        "open_seats": view.open_seats, "next_round": view.next_round.value if view.next_round else None,
        "candidates": [
            {"name": one.person.name, "stage": one.stage, "duty": one.duty, "is_elected": one.pk in won}
            for one in view.candidates
        ],
    }  # fmt: skip


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
