"""The part of `ronghe orglife` that arranges and prepares, puts right, and follows a poor grade."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import opened_files, person_called, row_called
from ronghe.cli.orglife_finding import GRADES, member_called, own_member, seen_session, tell
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

PREPARATIONS = ("study", "opinions", "talks", "statements", "last_year", "plan_filed")
_reason = click.option("--reason", required=True, help="原因")


@click.command("arrange", short_help=_("安排会议"))
@NUMBER
@JSON
def arrange(number: int, as_json: bool) -> None:
    """把组织生活会 NUMBER 缺的会议安排成活动。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.planning import arrange_meetings

    session = seen_session(actor, number)
    arrange_meetings(session=session, actor=actor, at=now)
    tell(session, _("会议已安排。"), as_json=as_json)


@click.command("refresh", short_help=_("按今天更新名单"))
@NUMBER
@JSON
def refresh(number: int, as_json: bool) -> None:
    """按今天的组织关系更新组织生活会 NUMBER 的名单，写过材料的人留着。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.planning import refresh_members

    session = seen_session(actor, number)
    refresh_members(session=session, actor=actor, at=now)
    tell(session, _("名单已按今天的组织关系更新。"), as_json=as_json)


@click.command("call-off", short_help=_("取消组织生活会"))
@NUMBER
@_reason
@JSON
def call_off(number: int, reason: str, as_json: bool) -> None:
    """取消还没有开的组织生活会 NUMBER，会议一并取消。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.planning import call_off_session

    made = call_off_session(session=seen_session(actor, number), reason=reason, actor=actor, at=now)
    tell(made, _("已取消。"), as_json=as_json)


@click.command("study", short_help=_("记会前学习"))
@NUMBER
@click.argument("activity", type=int)
@JSON
def study(number: int, activity: int, as_json: bool) -> None:
    """把结束了的学习 ACTIVITY 记为组织生活会 NUMBER 的会前学习。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.selectors.sessions import studies_offered
    from ronghe.domain.orglife.services.preparing import link_study

    session = seen_session(actor, number)
    made = link_study(session=session, study=row_called(activity, studies_offered(session)), actor=actor, at=now)
    tell(made, _("已记为会前学习。"), as_json=as_json)


@click.command("prepare", short_help=_("记一项会前准备"))
@NUMBER
@click.argument("item", type=click.Choice(PREPARATIONS))
@click.option("--note", default="", help="怎样办的")
@click.option("--file", type=IN_FILE, help="照片或 PDF")
@JSON
def prepare(number: int, item: str, note: str, file: Path | None, as_json: bool) -> None:
    """记下组织生活会 NUMBER 的会前准备 ITEM 办了。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.enums import Preparation
    from ronghe.domain.orglife.services.preparing import note_preparation

    session = seen_session(actor, number)
    with opened_files([file] if file is not None else []) as uploads:
        note_preparation(
            session=session, item=Preparation(item), note=note, upload=uploads[0] if uploads else None, actor=actor,
            at=now,
        )  # fmt: skip
    tell(session, _("已记下。"), as_json=as_json)


@click.command("unprepare", short_help=_("撤回一项会前准备"))
@NUMBER
@click.argument("item", type=click.Choice(PREPARATIONS))
@JSON
def unprepare(number: int, item: str, as_json: bool) -> None:
    """撤回记错了的会前准备 ITEM。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.enums import Preparation
    from ronghe.domain.orglife.services.preparing import take_back_preparation

    session = seen_session(actor, number)
    take_back_preparation(session=session, item=Preparation(item), actor=actor, at=now)
    tell(session, _("已撤回。"), as_json=as_json)


@click.command("admit", short_help=_("后来签到的人加入名单"))
@NUMBER
@JSON
def admit(number: int, as_json: bool) -> None:
    """把测评开始后签到的人加入组织生活会 NUMBER 的测评名单。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.marking import admit_late

    session = seen_session(actor, number)
    admit_late(session=session, actor=actor, at=now)
    tell(session, _("后来签到的人已加入名单。"), as_json=as_json)


@click.command("stop", short_help=_("作废测评"))
@NUMBER
@_reason
@JSON
def stop(number: int, reason: str, as_json: bool) -> None:
    """作废组织生活会 NUMBER 已经做的测评，可以重来。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.marking import stop_marking

    made = stop_marking(session=seen_session(actor, number), reason=reason, actor=actor, at=now)
    tell(made, _("测评已作废，可以重来。"), as_json=as_json)


@click.command("review", short_help=_("回顾整改清单"))
@NUMBER
@click.option("--note", required=True, help="整改得怎么样")
@JSON
def review(number: int, note: str, as_json: bool) -> None:
    """开会一个季度后回顾组织生活会 NUMBER 的整改清单。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.correcting import review_list

    made = review_list(session=seen_session(actor, number), note=note, actor=actor, at=now)
    tell(made, _("回顾已记下。"), as_json=as_json)


@click.command("keep", short_help=_("整改仍在今年"))
@NUMBER
@click.argument("correction", type=int)
@JSON
def keep(number: int, correction: int, as_json: bool) -> None:
    """撤回把整改 CORRECTION 转入下一年，仍在组织生活会 NUMBER 里整改。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.models import Correction
    from ronghe.domain.orglife.services.correcting import take_back_carrying

    session = seen_session(actor, number)
    rows = Correction.objects.select_related("session__body").filter(session=session)
    take_back_carrying(correction=row_called(correction, rows), actor=actor, at=now)
    tell(session, _("已撤回，仍在今年整改。"), as_json=as_json)


@click.command("report-up", short_help=_("记为报上级"))
@NUMBER
@JSON
def report_up_(number: int, as_json: bool) -> None:
    """记下组织生活会 NUMBER 的情况报了上级。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.telling import report_up

    made = report_up(session=seen_session(actor, number), actor=actor, at=now)
    tell(made, _("已记为报上级。"), as_json=as_json)


@click.command("rate", short_help=_("互评"))
@NUMBER
@click.option("--grade", "grades", nargs=2, multiple=True, metavar="WHO GRADE", help="给谁评什么等次，每人一次")
@click.option("--word", "words", nargs=2, multiple=True, metavar="WHO TEXT", help="对谁说的几句话")
@JSON
def rate(
    number: int, grades: tuple[tuple[str, str], ...], words: tuple[tuple[str, str], ...], as_json: bool
) -> None:  # fmt: skip
    """在组织生活会 NUMBER 里给别人评等次；测评开始前可以再交。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.enums import ReviewGrade
    from ronghe.domain.orglife.services.voices import rate_peers

    mine, session = own_member(actor, number), seen_session(actor, number)
    unknown = [grade for _who, grade in grades if grade not in ReviewGrade.values]
    if unknown:
        raise click.BadParameter(unknown[0])
    said = {member_called(session, who).pk: text for who, text in words}
    ratings = {}
    for who, grade in grades:
        member = member_called(session, who)
        ratings[member.pk] = (ReviewGrade(grade), said.get(member.pk, ""))
    rate_peers(member=mine, ratings=ratings, actor=actor, at=now)
    tell(session, _("互评已交，测评开始前还可以改。"), as_json=as_json)


@click.command("take-in", short_help=_("恢复参加"))
@NUMBER
@click.argument("who")
@JSON
def take_in(number: int, who: str, as_json: bool) -> None:
    """让免了参加的 WHO（姓名或员工号）恢复参加组织生活会 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.planning import take_back_exemption

    session = seen_session(actor, number)
    take_back_exemption(member=member_called(session, who), actor=actor, at=now)
    tell(session, _("已恢复参加。"), as_json=as_json)


@click.command("criticism", short_help=_("记会上的批评"))
@NUMBER
@click.argument("who")
@click.argument("by")
@click.option("--text", required=True, help="说了什么，加密保存")
@JSON
def criticism(number: int, who: str, by: str, text: str, as_json: bool) -> None:
    """记下 BY 在组织生活会 NUMBER 上对 WHO 说的批评意见。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.selectors.members import people_here
    from ronghe.domain.orglife.services.preparing import note_criticism

    session = seen_session(actor, number)
    note_criticism(
        member=member_called(session, who), said_by=person_called(by, people_here(session)), text=text, actor=actor,
        at=now,
    )  # fmt: skip
    tell(session, _("已记下。"), as_json=as_json)


@click.command("measure", short_help=_("记帮助教育、限期改正或处置"))
@NUMBER
@click.argument("who")
@click.argument("kind", type=click.Choice(["help", "correct", "refer"]))
@click.option("--reasons", required=True, help="理由和办法，加密保存")
@click.option("--until", type=DAY, help="到哪一天")
@click.option("--helper", help="谁来帮：姓名或员工号")
@JSON
def measure(
    number: int, who: str, kind: str, reasons: str, until: datetime | None, helper: str | None, as_json: bool
) -> None:  # fmt: skip
    """记下组织生活会 NUMBER 评为基本合格、不合格的 WHO 怎样办，告知本人时变成任务。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.enums import MeasureKind
    from ronghe.domain.orglife.selectors.members import people_here
    from ronghe.domain.orglife.services.grading import take_measure

    session = seen_session(actor, number)
    take_measure(
        member=member_called(session, who), kind=MeasureKind(kind), reasons=reasons,
        until=until.date() if until else None,
        helper=person_called(helper, people_here(session)) if helper else None, actor=actor, at=now,
    )  # fmt: skip
    tell(session, _("已记下，告知本人时变成任务。"), as_json=as_json)


@click.command("answer", short_help=_("答复评议异议"))
@NUMBER
@click.argument("who")
@click.option("--upheld/--dismissed", "is_upheld", required=True, help="异议成立还是不成立")
@click.option("--text", required=True, help="怎样答复")
@click.option("--grade", type=GRADES, help="改为什么等次")
@JSON
def answer(number: int, who: str, is_upheld: bool, text: str, grade: str | None, as_json: bool) -> None:
    """答复 WHO 对组织生活会 NUMBER 评议结果的异议。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.enums import ReviewGrade
    from ronghe.domain.orglife.services.telling import answer_objection

    session = seen_session(actor, number)
    member = member_called(session, who)
    if getattr(member, "objection", None) is None:
        raise NotFound
    answer_objection(
        member=member, is_upheld=is_upheld, answer=text, grade=ReviewGrade(grade) if grade else None, actor=actor,
        at=now,
    )  # fmt: skip
    tell(session, _("已答复。"), as_json=as_json)


RUNNING = (
    arrange, refresh, call_off, study, prepare, unprepare, admit, stop, review, keep, report_up_, rate, take_in,
    criticism, measure, answer,
)  # fmt: skip
"""Commands that `ronghe orglife` takes in."""
