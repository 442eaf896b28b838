"""`ronghe clinic`: asking, threads and visits; experts and knowledge in files of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.clinic_experts import expert, field
from ronghe.cli.clinic_knowledge import knowledge
from ronghe.cli.finding import moment_said, opened_files, person_called, row_called
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.clinic.models import Expert, Visit
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as gongren clinic ask 变频器一启动就报过流 --text 热态报OC1 --field 电力电子 --photo 现场.jpg
  ronghe --as gongren clinic ask 夜里睡不着 --help-kind care --expert 康德刚
  ronghe --as dangyuan clinic answer 12 "先量三相电流"
  ronghe --as gongren clinic confirm 12 5
  ronghe --as gongren clinic slots 庞国华
  ronghe --as gongren clinic book 12 "2026-11-24 14:30"
  ronghe --as gongren clinic knowledge find 过流
  ronghe --as dangyuan clinic expert hours --weekday 3 --from 19:00 --until 20:30 --place 焊工班

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

HELPS = ("post", "skill", "care")
_number = click.argument("number", type=int, metavar="NUMBER")
_words = click.argument("words")
_photos = click.option("--photo", "photos", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
                       help="附照片，可写多个")  # fmt: skip
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group("clinic", epilog=EPILOG, short_help=_("专家门诊"))
def clinic() -> None:
    """专家门诊：先搜现成的答案，没有就问专家，也可以约时间。"""


clinic.add_command(expert)
clinic.add_command(field)
clinic.add_command(knowledge)


@clinic.command("list", short_help=_("列出求助"))
@click.option("--mine", is_flag=True, help="只看我问的")
@click.option("--all", "all_", is_flag=True, help="办完的也看")
@click.option("--page", default=1, show_default=True)
@_json
def list_(mine: bool, all_: bool, page: int, as_json: bool) -> None:
    """列出您问的、您看的，和您的专业里等人接诊的。"""
    actor, now = acting_now()
    from django.db.models import Q

    from ronghe.domain.clinic.selectors.cases import list_cases

    found = Q() if all_ else Q(closed_at=None)
    if mine:
        found &= Q(raised_by=actor)
    listed = list_cases(actor, now, filters=found, page=page, size=50)
    if as_json:
        rows = [_row(item) for item in listed]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for item in listed:
        expert_name = item.case_sheet.expert.person.name if item.case_sheet.expert else "—"
        click.echo(f"{item.pk:>7}  {_state(item)}  {expert_name}  {item.title}")


@clinic.command("ask", short_help=_("问专家"))
@click.argument("title")
@click.option("--text", default="", help="细节")
@click.option("--help-kind", default="post", type=click.Choice(HELPS), help="岗位帮扶、技能带动还是连心关爱")
@click.option("--goal", default="", help="想达到什么")
@click.option("--field", "field_name", help="哪个专业：名称或编号")
@click.option("--expert", "expert_name", help="请谁看：姓名、称呼或编号；不写就由这个专业的专家来接")
@click.option("--visit", help='同时约好的时间，如 "2026-11-24 14:30"')
@_photos
@_json
def ask_(
    title: str, text: str, help_kind: str, goal: str, field_name: str | None, expert_name: str | None,
    visit: str | None, photos: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """问 TITLE；差不多的现成答案会一起列出。"""
    actor, now = acting_now()
    from ronghe.cli.clinic_experts import expert_called, field_called
    from ronghe.domain.clinic.enums import HelpKind
    from ronghe.domain.clinic.selectors.pieces import similar_pieces
    from ronghe.domain.clinic.services.asking import Question, ask

    chosen = expert_called(expert_name) if expert_name else None
    question = Question(
        title, text, HelpKind(help_kind), goal, field_called(field_name) if field_name else None, chosen
    )  # fmt: skip
    with opened_files(photos) as uploads:
        item = ask(
            question=question, actor=actor, at=now, uploads=uploads, visit_at=moment_said(visit) if visit else None
        )
    if as_json:
        _print(_row(item))
        return
    click.echo(_("已问，编号 %(number)s。") % {"number": item.pk})
    for piece in similar_pieces(f"{title} {text}"):
        click.echo(_("有人问过差不多的：%(number)s %(title)s") % {"number": piece.pk, "title": piece.title})


@clinic.command("show", short_help=_("看一件求助和一对一"))
@_number
def show(number: int) -> None:
    """看编号 NUMBER 的求助：说过什么、约了什么时候。连心关爱的每看一次都有记录。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.clinic.selectors.cases import visits_of_case
    from ronghe.domain.clinic.services.treating import read_case

    item = _seen(actor, now, number)
    words, lines = read_case(item=item, actor=actor, at=now)
    click.echo(f"{words.title}  {_state(item)}")
    for line in lines:
        said = f"{_('：')}{line.words}" if line.words else ""
        moment = timezone.localtime(line.message.at)
        click.echo(f"{moment:%Y-%m-%d %H:%M}  {line.message.by.name}  {line.kind.label}{said}")
    for row in visits_of_case(item):
        click.echo(_visit(row))


@clinic.command("seen", short_help=_("看过了"))
@_number
def seen(number: int) -> None:
    """编号 NUMBER 的一对一到现在为止都看过了，不再提示有新留言。"""
    from ronghe.domain.clinic.services.treating import read_thread

    _act(number, lambda item, actor, at: read_thread(item=item, actor=actor, at=at), _("已记下看过了。"))


@clinic.command("take", short_help=_("接诊"))
@_number
def take(number: int) -> None:
    """接下编号 NUMBER 的求助。"""
    from ronghe.domain.clinic.services.treating import take_case

    _act(number, lambda item, actor, at: take_case(item=item, actor=actor, at=at), _("由您接诊。"))


@clinic.command("say", short_help=_("留言"))
@_number
@click.argument("words", default="")
@_photos
def say(number: int, words: str, photos: tuple[Path, ...]) -> None:
    """在编号 NUMBER 的求助里写 WORDS，或只发照片。"""
    from ronghe.domain.clinic.services.treating import write_word

    with opened_files(photos) as uploads:
        _act(
            number, lambda item, actor, at: write_word(item=item, words=words, actor=actor, at=at, uploads=uploads),
            _("已发。"),
        )  # fmt: skip


@clinic.command("answer", short_help=_("答复"))
@_number
@_words
def answer(number: int, words: str) -> None:
    """用 WORDS 答复编号 NUMBER 的求助。"""
    from ronghe.domain.clinic.services.treating import answer_case

    said = _("已答复，等提问人确认。")
    _act(number, lambda item, actor, at: answer_case(item=item, words=words, actor=actor, at=at), said)


@clinic.command("decline", short_help=_("转回"))
@_number
@_words
def decline(number: int, words: str) -> None:
    """把编号 NUMBER 的求助转回，原因是 WORDS。"""
    from ronghe.domain.clinic.services.treating import decline_case

    _act(number, lambda item, actor, at: decline_case(item=item, words=words, actor=actor, at=at), _("已转回。"))


@clinic.command("confirm", short_help=_("解决了，评分"))
@_number
@click.argument("score", type=click.IntRange(1, 5))
def confirm(number: int, score: int) -> None:
    """编号 NUMBER 的求助解决了，帮助有多大：SCORE 从 1 到 5。"""
    from ronghe.domain.clinic.services.treating import confirm_case

    _act(number, lambda item, actor, at: confirm_case(item=item, score=score, actor=actor, at=at), _("谢谢评价。"))


@clinic.command("again", short_help=_("还没解决，接着问"))
@_number
@_words
def again(number: int, words: str) -> None:
    """编号 NUMBER 的求助还没解决，或者又出了问题：WORDS。"""
    from ronghe.domain.clinic.services.treating import ask_on

    _act(number, lambda item, actor, at: ask_on(item=item, words=words, actor=actor, at=at), _("已转回专家接着看。"))


@clinic.command("withdraw", short_help=_("撤回"))
@_number
def withdraw(number: int) -> None:
    """不问编号 NUMBER 的事了。"""
    from ronghe.domain.clinic.services.treating import withdraw_case

    _act(number, lambda item, actor, at: withdraw_case(item=item, actor=actor, at=at), _("已撤回。"))


@clinic.command("lapse", short_help=_("没有回应，结束"))
@_number
def lapse(number: int) -> None:
    """编号 NUMBER 的求助答复以后一直没有回应，结束它。"""
    from ronghe.domain.clinic.services.treating import lapse_case

    _act(number, lambda item, actor, at: lapse_case(item=item, actor=actor, at=at), _("已结束。"))


@clinic.command("address", short_help=_("请某位专家看"))
@_number
@click.argument("who")
def address(number: int, who: str) -> None:
    """请 WHO（姓名、称呼或编号）看编号 NUMBER 的求助。"""

    def act(item: WorkItem, actor: Person, at: datetime) -> None:
        from ronghe.cli.clinic_experts import expert_called
        from ronghe.domain.clinic.services.asking import address_case

        address_case(item=item, expert=expert_called(who), actor=actor, at=at)

    _act(number, act, _("已转给专家。"))


@clinic.command("let-in", short_help=_("请人一起看"))
@_number
@click.argument("who")
def let_in(number: int, who: str) -> None:
    """请 WHO（姓名或员工号）一起看编号 NUMBER 的求助；连心关爱不能请人。"""

    def act(item: WorkItem, actor: Person, at: datetime) -> None:
        from ronghe.domain.clinic.selectors.experts import sitting_experts
        from ronghe.domain.clinic.services.treating import let_reader_in
        from ronghe.domain.org.models import Person as People
        from ronghe.domain.org.selectors.people import people_seen_by

        seen = people_seen_by(actor, at).order_by().values("pk")
        people = People.objects.filter(
            valid_until=None, pk__in=seen.union(sitting_experts().order_by().values("person_id"))
        )
        let_reader_in(item=item, person=person_called(who, people), actor=actor, at=at)

    _act(number, act, _("已请来一起看。"))


@clinic.command("slots", short_help=_("看专家空着的时间"))
@click.argument("who")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 56))
def slots(who: str, days: int) -> None:
    """列出 WHO（姓名、称呼或编号）可以约的时间。"""
    _actor, now = acting_now()
    from django.utils import timezone

    from ronghe.cli.clinic_experts import expert_called
    from ronghe.domain.clinic.selectors.experts import slots_of
    from ronghe.domain.org.rules.reaches import local_day

    found = slots_of(expert_called(who), local_day(now), now, days=days)
    for slot in found:
        click.echo(f"{timezone.localtime(slot.starts_at):%Y-%m-%d %H:%M}")
    if not found:
        click.echo(_("没有空着的时间。"))


@clinic.command("book", short_help=_("约时间，或改约"))
@_number
@click.argument("starts")
def book(number: int, starts: str) -> None:
    """给编号 NUMBER 的求助约 STARTS；约过就改到这个时间。"""

    def act(item: WorkItem, actor: Person, at: datetime) -> None:
        from ronghe.domain.clinic.services.visiting import book_visit, move_visit

        booked = item.clinic_visits.filter(state="booked").select_related("expert__person").first()
        if booked is not None:
            move_visit(visit=booked, starts_at=moment_said(starts), actor=actor, at=at)
        else:
            book_visit(item=item, starts_at=moment_said(starts), actor=actor, at=at)

    _act(number, act, _("已约好，对方会看到。"))


@clinic.command("visits", short_help=_("我约好的"))
def visits() -> None:
    """列出您找专家的，和别人来找您的。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.selectors.experts import visits_coming

    for row in visits_coming(actor, now):
        click.echo(f"{row.item_id:>7}  {_visit(row)}  {row.item.title}")


@clinic.command("off", short_help=_("取消预约"))
@_number
def off(number: int) -> None:
    """取消编号 NUMBER 的求助约好的时间。"""
    from ronghe.domain.clinic.services.visiting import call_off_visit

    _visiting(
        number, lambda visit, actor, at: call_off_visit(visit=visit, actor=actor, at=at), _("已取消，对方会看到。")
    )


@clinic.command("held", short_help=_("谈过了，记结果"))
@_number
@_words
@click.option("--not-yet", is_flag=True, help="还不算答复")
def held(number: int, words: str, not_yet: bool) -> None:
    """编号 NUMBER 的求助当面谈过了，结果是 WORDS。"""
    from ronghe.domain.clinic.services.visiting import hold_visit

    _visiting(
        number, lambda visit, actor, at: hold_visit(visit=visit, words=words, answers=not not_yet, actor=actor, at=at),
        _("已记下。"),
    )  # fmt: skip


@clinic.command("missed", short_help=_("没见成"))
@_number
def missed(number: int) -> None:
    """编号 NUMBER 的求助约了时间，没见成。"""
    from ronghe.domain.clinic.services.visiting import miss_visit

    _visiting(
        number, lambda visit, actor, at: miss_visit(visit=visit, actor=actor, at=at), _("已记没见成，可以另约时间。")
    )


def _act(number: int, act: Callable[[WorkItem, Person, datetime], Any], said: str) -> None:
    actor, now = acting_now()
    act(_seen(actor, now, number), actor, now)
    click.echo(said)


def _visiting(number: int, act: Callable[[Visit, Person, datetime], Any], said: str) -> None:
    actor, now = acting_now()
    item = _seen(actor, now, number)
    rows = item.clinic_visits.exclude(state="called_off").select_related("expert__person").order_by("-starts_at", "-pk")
    visit = row_called(getattr(rows.first(), "pk", 0), rows)
    visit.item = item
    act(visit, actor, now)
    click.echo(said)


def _seen(actor: Person, now: datetime, number: int) -> WorkItem:
    from ronghe.domain.clinic.selectors.cases import cases_seen_by

    return row_called(number, cases_seen_by(actor, now))


def _state(item: WorkItem) -> str:
    from ronghe.domain.clinic.rules import CASE

    return _(CASE.state_by_id[item.state].title)


def _visit(row: Visit) -> str:
    from django.utils import timezone

    where = row.place or row.link
    return f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}  {row.get_state_display()}  {where}"


def _row(item: WorkItem) -> dict[str, Any]:
    sheet = item.case_sheet
    named: Expert | None = sheet.expert
    return {
        "id": item.pk, "title": item.title, "help": sheet.help, "field": sheet.field.name if sheet.field else None,
        "state": item.state, "expert": named.person.name if named is not None else None, "score": sheet.score,
        "due_at": item.due_at.isoformat() if item.due_at else None,
    }  # fmt: skip


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
