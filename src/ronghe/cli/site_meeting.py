"""`ronghe site-meeting`: group meeting, safety briefing, technical briefing, in this order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import person_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.sitemeetings.models import SiteChain

EPILOG = """\b
举例：
  ronghe --as yilong site-meeting begin 31 仪陇站工艺区 安全生产重要论述 --safety 吊装：划警戒区 --technical 先断后接
  ronghe --as yilong site-meeting sign 4 group
  ronghe --as yilong site-meeting settle 4
  ronghe --as yilong site-meeting close 4 group
  ronghe --as yilong site-meeting open 4 safety
  ronghe --as yilong site-meeting late 4 唐勇
  ronghe --as yilong site-meeting record 4 -o 三会.pdf
"""

MEETINGS = ("group", "safety", "technical")
_number = click.argument("number", type=int, metavar="NUMBER")
_meeting = click.argument("meeting", type=click.Choice(MEETINGS), metavar="MEETING")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("现场三会"))
def site_meeting() -> None:
    """现场三会：党小组会 group、安全交底会 safety、技术交底会 technical，按顺序开。"""


@site_meeting.command("list", short_help=_("列出现场三会"))
@click.option("--open", "only_open", is_flag=True, help="只看没开完的")
@_json
def list_(only_open: bool, as_json: bool) -> None:
    """列出您能看到的现场三会，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.selectors import list_chains

    found = list_chains(actor, timezone.now(), stage="open" if only_open else "", size=500)
    if as_json:
        _print([_row(row) for row in found.rows])
        return
    for row in found.rows:
        click.echo(f"{row.pk:>6}  {row.day}  {row.body.name}  {row.place}  {row.get_stage_display()}")
    click.echo(_("共 %(count)s 次。") % {"count": found.count})


@site_meeting.command("show", short_help=_("看谁可以上岗"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看现场三会 NUMBER：开到哪一步，谁签了字，谁可以上岗。"""
    chain = _seen(acting_person(), number)
    data = _whole(chain)
    if as_json:
        _print(data)
        return
    click.echo(f"{chain.day}  {chain.place}  {chain.get_stage_display()}")
    for person in data["people"]:
        state = _("可以上岗") if person["may_work"] else _("未交底")
        click.echo(f"  {person['name']}  {state}")


@site_meeting.command("begin", short_help=_("开今天的三会"))
@click.argument("body")
@click.argument("place")
@click.argument("study")
@click.option("--safety", "safety", multiple=True, help="危害：措施，可写多个；不写用上次的")
@click.option("--technical", "technical", multiple=True, help="技术要点，可写多个；不写用上次的")
@_json
def begin(
    body: str, place: str, study: str, safety: tuple[str, ...], technical: tuple[str, ...], as_json: bool
) -> None:
    """为党组织 BODY 在 PLACE 开今天的三会，党小组会学习 STUDY。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import body_called
    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.selectors import last_time, site_bodies
    from ronghe.domain.sitemeetings.services.chains import Prepared, begin_chain

    now = timezone.now()
    found = body_called(body, site_bodies(actor, now))
    last = last_time(found)

    def text_of(meeting: Meeting, said: tuple[str, ...]) -> Prepared:
        before = last.texts.get(meeting) if last is not None else None
        return Prepared("", "\n".join(said) or (before.text if before is not None else ""))

    chain = begin_chain(
        body=found, place=place[:80], actor=actor, at=now,
        prepared={
            Meeting.GROUP: Prepared(study[:80]),
            Meeting.SAFETY: text_of(Meeting.SAFETY, safety),
            Meeting.TECHNICAL: text_of(Meeting.TECHNICAL, technical),
        },
    )  # fmt: skip
    _tell(_row(chain), _("党小组会已开始，编号 %(number)s。") % {"number": chain.pk}, as_json=as_json)


@site_meeting.command("open", short_help=_("开下一个会"))
@_number
@_meeting
@_json
def open_(number: int, meeting: str, as_json: bool) -> None:
    """开现场三会 NUMBER 的 MEETING；前一个会没有结束，不能开（SD-05）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.services.chains import open_meeting

    chain = open_meeting(chain=_seen(actor, number), meeting=Meeting(meeting), actor=actor, at=timezone.now())
    _tell(_row(chain), chain.get_stage_display(), as_json=as_json)


@site_meeting.command("close", short_help=_("结束这个会"))
@_number
@_meeting
@_json
def close(number: int, meeting: str, as_json: bool) -> None:
    """结束 MEETING；到场的人都要签过字。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.services.chains import close_meeting

    chain = close_meeting(chain=_seen(actor, number), meeting=Meeting(meeting), actor=actor, at=timezone.now())
    _tell(_row(chain), chain.get_stage_display(), as_json=as_json)


@site_meeting.command("check", short_help=_("检查表其余各项没有问题"))
@_number
@_meeting
@_json
def check(number: int, meeting: str, as_json: bool) -> None:
    """MEETING 的检查表里还没有答的各项，都没有问题。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.services.chains import confirm_checks

    chain = _seen(actor, number)
    count = confirm_checks(chain=chain, meeting=Meeting(meeting), actor=actor, at=timezone.now())
    _tell({"confirmed": count}, _("检查表 %(count)s 项已确认。") % {"count": count}, as_json=as_json)


@site_meeting.command("text", short_help=_("写会上的内容"))
@_number
@_meeting
@click.argument("lines", nargs=-1, required=True)
@click.option("--heading", default="", help="题目；党小组会为学习内容")
@_json
def text(number: int, meeting: str, lines: tuple[str, ...], heading: str, as_json: bool) -> None:
    """写 MEETING 的内容，一个 LINES 一条；内容一改，已签的字作废。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.services.texts import write_text

    chain = _seen(actor, number)
    written = write_text(
        chain=chain, meeting=Meeting(meeting), heading=heading[:80], text="\n".join(lines), actor=actor,
        at=timezone.now(),
    )  # fmt: skip
    data = {"meeting": meeting, "version": written.number, "digest": written.digest}
    _tell(data, _("已存下，第 %(number)s 版。") % {"number": written.number}, as_json=as_json)


@site_meeting.command("briefer", short_help=_("定交底人"))
@_number
@_meeting
@click.argument("who")
@_json
def briefer(number: int, meeting: str, who: str, as_json: bool) -> None:
    """定 WHO（姓名或员工号）在还没有开的 MEETING 上交底。"""
    actor, now = acting_now()
    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.selectors import people_to_note
    from ronghe.domain.sitemeetings.services.texts import set_briefer

    chain = _seen(actor, number)
    person = person_called(who, people_to_note(chain.body, chain.day))
    set_briefer(chain=chain, meeting=Meeting(meeting), briefer=person, actor=actor, at=now)
    _tell(_row(chain), _("交底人：%(name)s。") % {"name": person.name}, as_json=as_json)


@site_meeting.command("undo", short_help=_("撤回开会"))
@_number
@_meeting
@click.option("--reason", required=True, help="为什么撤回")
@_json
def undo(number: int, meeting: str, reason: str, as_json: bool) -> None:
    """撤回开错了、还没有人签字的 MEETING，可以重开。"""
    actor, now = acting_now()
    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.services.chains import undo_meeting

    chain = undo_meeting(chain=_seen(actor, number), meeting=Meeting(meeting), reason=reason, actor=actor, at=now)
    _tell(_row(chain), _("已撤回，可以重开。"), as_json=as_json)


@site_meeting.command("card", short_help=_("扫卡签字"))
@_number
@click.argument("card")
@_json
def card_(number: int, card: str, as_json: bool) -> None:
    """用本人卡上的码 CARD 签等着签的各项；只有主持的人可以替人扫卡。"""
    actor, now = acting_now()
    from ronghe.domain.sitemeetings.rules import RUN_CHAIN
    from ronghe.domain.sitemeetings.services.signing import sign_due_with_card

    chain = _seen(actor, number)
    RUN_CHAIN.require(actor, chain, at=now)
    signed = sign_due_with_card(chain=chain, card=card, actor=actor, at=now)
    name = signed[0].person.name
    _tell({"person": name, "signed": len(signed)}, _("%(name)s已签字。") % {"name": name}, as_json=as_json)


@site_meeting.command("mind", short_help=_("记一个人三定或需谈心"))
@_number
@click.argument("who")
@click.option("--settled/--talk", "is_settled", required=True, help="三定，还是需谈心")
@_json
def mind(number: int, who: str, is_settled: bool, as_json: bool) -> None:
    """记 WHO（姓名或员工号）三定，或需谈心（组员看不到）。"""
    actor, now = acting_now()
    from ronghe.domain.sitemeetings.selectors import people_to_note
    from ronghe.domain.sitemeetings.services.minds import set_mind

    chain = _seen(actor, number)
    person = person_called(who, people_to_note(chain.body, chain.day))
    set_mind(chain=chain, person=person, is_settled=is_settled, actor=actor, at=now)
    said = _("%(name)s已确认三定。") if is_settled else _("%(name)s记为需谈心，组员看不到。")
    _tell({"person": person.name}, said % {"name": person.name}, as_json=as_json)


@site_meeting.command("talked", short_help=_("谈过心了"))
@click.argument("who")
@_json
def talked(who: str, as_json: bool) -> None:
    """记下和需谈心的 WHO（姓名或员工号）谈过了；谈什么不记。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import Person
    from ronghe.domain.sitemeetings.selectors import talks_due
    from ronghe.domain.sitemeetings.services.minds import hold_talk

    rows = talks_due(actor, now)
    person = person_called(who, Person.objects.filter(pk__in=[row.person_id for row in rows]))
    for row in rows.filter(person=person):
        hold_talk(row=row, actor=actor, at=now)
    _tell({"person": person.name}, _("已记谈心。"), as_json=as_json)


@site_meeting.command("sign", short_help=_("本人签字"))
@_number
@_meeting
@_json
def sign(number: int, meeting: str, as_json: bool) -> None:
    """您本人签 MEETING。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.enums import Meeting
    from ronghe.domain.sitemeetings.services.signing import sign_meeting

    chain = _seen(actor, number)
    signature = sign_meeting(chain=chain, meeting=Meeting(meeting), actor=actor, at=timezone.now())
    data = {"meeting": meeting, "digest": signature.digest, "role": signature.role}
    _tell(data, _("已签字。"), as_json=as_json)


@site_meeting.command("sign-late", short_help=_("补交底后签字"))
@_number
@_json
def sign_late_(number: int, as_json: bool) -> None:
    """签别人给您补交底的各项。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.services.signing import sign_late

    chain = _seen(actor, number)
    sign_late(chain=chain, actor=actor, at=timezone.now())
    _tell(_whole(chain), _("已签字。"), as_json=as_json)


@site_meeting.command("settle", short_help=_("确认三定"))
@_number
@_json
def settle(number: int, as_json: bool) -> None:
    """确认到场的人三定：思想稳定、信念坚定、目标确定。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.services.minds import settle_all

    count = settle_all(chain=_seen(actor, number), actor=actor, at=timezone.now())
    _tell({"settled": count}, _("%(count)s 人已确认三定。") % {"count": count}, as_json=as_json)


@site_meeting.command("late", short_help=_("迟到的人：记到场并补交底"))
@_number
@click.argument("who")
@_json
def late(number: int, who: str, as_json: bool) -> None:
    """记 WHO（姓名或员工号）到场，并说明您已向他补交底；本人签字后才能上岗。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import person_called
    from ronghe.domain.sitemeetings.selectors import people_to_note
    from ronghe.domain.sitemeetings.services.signing import brief_late, briefed_in_words, note_came

    chain, now = _seen(actor, number), timezone.now()
    person = person_called(who, people_to_note(chain.body, chain.day))
    note_came(chain=chain, person=person, actor=actor, at=now)
    told = brief_late(chain=chain, person=person, actor=actor, at=now)
    said = _("已向%(name)s补交底：%(meetings)s。") % {"name": person.name, "meetings": briefed_in_words(told)}
    _tell(_whole(chain), said, as_json=as_json)


@site_meeting.command("left", short_help=_("记离场"))
@_number
@click.argument("who")
@_json
def left(number: int, who: str, as_json: bool) -> None:
    """记 WHO（姓名或员工号）离场。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import person_called
    from ronghe.domain.org.models import Person
    from ronghe.domain.sitemeetings.services.signing import note_left

    chain = _seen(actor, number)
    person = person_called(who, Person.objects.filter(site_days__chain=chain))
    note_left(chain=chain, person=person, actor=actor, at=timezone.now())
    _tell(_whole(chain), _("%(name)s已记离场。") % {"name": person.name}, as_json=as_json)


@site_meeting.command("off", short_help=_("取消今天的三会"))
@_number
@click.option("--reason", required=True, help="为什么取消")
@_json
def off(number: int, reason: str, as_json: bool) -> None:
    """取消现场三会 NUMBER。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.sitemeetings.services.chains import call_off_chain

    chain = call_off_chain(chain=_seen(actor, number), reason=reason, actor=actor, at=timezone.now())
    _tell(_row(chain), _("已取消。"), as_json=as_json)


@site_meeting.command("record", short_help=_("打印三会记录"))
@_number
@click.option(
    "-o", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="存到哪里，.pdf 或 .docx"
)
def record(number: int, target: Path) -> None:
    """把现场三会 NUMBER 的记录存成 PDF 或 Word。"""
    chain = _seen(acting_person(), number)
    from django.utils import timezone

    from ronghe.domain.sitemeetings.documents import chain_document
    from ronghe.domain.sitemeetings.selectors import board_of
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    suffix = target.suffix.lower().lstrip(".")
    if suffix not in [form.value for form in PaperForm]:
        raise click.BadParameter(_("文件名要以 .pdf 或 .docx 结尾。"), param_hint="-o")
    document = chain_document(board_of(chain))
    target.write_bytes(issued(document, PaperForm(suffix), at=timezone.now(), source=chain))
    click.echo(_("已写入 %(file)s。") % {"file": target})


def _seen(actor: Person, number: int) -> SiteChain:
    from django.utils import timezone

    from ronghe.domain.sitemeetings.selectors import chains_seen_by

    found = chains_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(chain: SiteChain) -> dict[str, Any]:
    return {
        "id": chain.pk, "body": chain.body.name, "day": f"{chain.day}", "place": chain.place, "stage": chain.stage,
        "leader": chain.leader.name,
    }  # fmt: skip


def _whole(chain: SiteChain) -> dict[str, Any]:
    from ronghe.domain.sitemeetings.selectors import board_of

    chain.refresh_from_db(fields=["stage"])
    board = board_of(chain)
    meetings = {part.meeting.value: part.state for part in board.parts}
    people = [
        {"name": line.row.person.name, "may_work": line.may_work, "missing": list(line.standing.missing)}
        for line in board.people
    ]
    return _row(chain) | {"meetings": meetings, "people": people}


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
