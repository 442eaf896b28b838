"""The part of `ronghe exchange` that keeps programmes, lectures and pairs: taken off, taken back, put better, ended."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import opened_files, person_called, row_called
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.exchange.models import Lecture, PairProgramme, StudyLine, StudyProgramme
    from ronghe.domain.exchange.services.pairs import GoalText
    from ronghe.domain.members.models import MentorPair
    from ronghe.domain.org.models import Person

LECTURE_KINDS = ("theory", "business", "technology", "safety", "experience")


@click.command("end", short_help=_("结束学习计划"))
@NUMBER
@JSON
def programme_end(number: int, as_json: bool) -> None:
    """结束学习计划 NUMBER，学过的都在。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.programmes import end_programme

    made = end_programme(programme=_programme(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("计划已结束，学过的都在。"), as_json=as_json)


@click.command("add-point", short_help=_("难点列为题目"))
@NUMBER
@click.argument("point", type=int)
@JSON
def point_add(number: int, point: int, as_json: bool) -> None:
    """把攻关难点 POINT 列为学习计划 NUMBER 的题目，由负责人准备。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.selectors.holders import points_to_study
    from ronghe.domain.exchange.services.programmes import add_point

    found = _programme(actor, number)
    made = add_point(programme=found, point=row_called(point, points_to_study(found, actor, now)), actor=actor, at=now)
    tell({"id": made.pk, "topic": made.topic}, _("难点已列为学习题目。"), as_json=as_json)


@click.command("drop", short_help=_("取消题目"))
@NUMBER
@JSON
def line_drop(number: int, as_json: bool) -> None:
    """取消还没有安排的题目 NUMBER，可以恢复。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.programmes import drop_line

    made = drop_line(line=_line(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("题目已取消，可以恢复。"), as_json=as_json)


@click.command("take-back", short_help=_("恢复题目"))
@NUMBER
@JSON
def line_take_back(number: int, as_json: bool) -> None:
    """恢复取消了的题目 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.programmes import take_line_back

    made = take_line_back(line=_line(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("题目已恢复。"), as_json=as_json)


@click.command("answer", short_help=_("答复提问"))
@NUMBER
@click.argument("question", type=int)
@click.option("--text", required=True, help="怎样答复")
@JSON
def question_answer(number: int, question: int, text: str, as_json: bool) -> None:
    """答复对题目 NUMBER 的提问 QUESTION。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.programmes import answer_question

    rows = _line(actor, number).questions.select_related("line__programme")
    made = answer_question(question=row_called(question, rows), answer=text, actor=actor, at=now)
    tell({"id": made.pk, "answer": made.answer}, _("已答复。"), as_json=as_json)


@click.command("material", short_help=_("放学习材料"))
@NUMBER
@click.argument("files", nargs=-1, required=True, type=IN_FILE)
@JSON
def line_material(number: int, files: tuple[Path, ...], as_json: bool) -> None:
    """给题目 NUMBER 放照片或 PDF，可以几个。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.programmes import add_material

    line = _line(actor, number)
    with opened_files(files) as uploads:
        made = [add_material(line=line, upload=upload, actor=actor, at=now).pk for upload in uploads]
    tell({"materials": made}, _("材料已放好。"), as_json=as_json)


@click.command("change", short_help=_("改一课"))
@NUMBER
@click.option("--title", help="讲什么")
@click.option("--kind", type=click.Choice(LECTURE_KINDS), help="哪一类")
@click.option("--minutes", type=click.IntRange(5, 480), help="讲几分钟")
@click.option("--for", "audience", help="讲给谁")
@click.option("--outline", help="讲些什么")
@JSON
def lecture_change(number: int, as_json: bool, **said: Any) -> None:
    """改自己报名的一课 NUMBER；没有写的不动。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.enums import LectureKind
    from ronghe.domain.exchange.services.lectures import change_lecture

    found = _lecture(actor, number)
    given = {name: getattr(found, name) if value is None else value for name, value in said.items()}
    given["kind"] = LectureKind(given["kind"])
    made = change_lecture(lecture=found, actor=actor, at=now, **given)
    tell({"id": made.pk, "title": made.title}, _("已改好。"), as_json=as_json)


@click.command("withdraw", short_help=_("收回报名"))
@NUMBER
@JSON
def lecture_withdraw(number: int, as_json: bool) -> None:
    """收回自己报名的一课 NUMBER，可以再报名。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.lectures import withdraw_lecture

    made = withdraw_lecture(lecture=_lecture(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("已收回，可以再报名。"), as_json=as_json)


@click.command("offer-again", short_help=_("再报名"))
@NUMBER
@JSON
def lecture_offer_again(number: int, as_json: bool) -> None:
    """把收回的一课 NUMBER 再报上名。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.lectures import offer_again

    made = offer_again(lecture=_lecture(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("又可以讲了。"), as_json=as_json)


@click.command("draft", short_help=_("写培养计划"))
@NUMBER
@click.option("--from", "starts_on", type=DAY, required=True, help="从哪一天起")
@click.option("--until", "until_on", type=DAY, required=True, help="到哪一天止")
@click.option("--witness", required=True, help="见证人：姓名或员工号")
@click.option(
    "--goal", "goals", multiple=True, required=True, metavar="WHAT,DAY[,UNIT,FROM,TO]",
    help="一条目标：内容、期限，有目标值的再写单位、现状、目标；写 2 到 6 条",
)  # fmt: skip
@click.option("--text", default="", help="怎样教、怎样学")
@click.option("--review-months", type=click.IntRange(1, 24), default=3, show_default=True, help="几个月评估一次")
@JSON
def pair_draft(
    number: int, starts_on: datetime, until_on: datetime, witness: str, goals: tuple[str, ...], text: str,
    review_months: int, as_json: bool,
) -> None:  # fmt: skip
    """给师徒 NUMBER 写培养计划，或改还没有送签的。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.circles import home_of, witnesses_of
    from ronghe.domain.exchange.services.pairs import PairWithoutBody, ProgrammeOfPair, draft_pair

    pair, day = _pair(actor, number), timezone.localdate(now)
    body = home_of(pair.apprentice, day)
    if body is None:
        raise PairWithoutBody(name=pair.apprentice.name)
    given = ProgrammeOfPair(
        starts_on.date(), until_on.date(), person_called(witness, witnesses_of(body, day)),
        [_goal(goal) for goal in goals], text, review_months,
    )  # fmt: skip
    made = draft_pair(pair=pair, given=given, actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("培养计划已存，看过就送签。"), as_json=as_json)


@click.command("submit", short_help=_("师徒协议送签"))
@NUMBER
@JSON
def pair_submit(number: int, as_json: bool) -> None:
    """把师徒 NUMBER 的协议送给师傅、徒弟和见证人签。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.pairs import submit_pair

    made = submit_pair(programme=_pair_programme(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "digest": made.digest}, _("已送签，师傅、徒弟和见证人在今日看得到。"), as_json=as_json)


@click.command("rework", short_help=_("退回修改"))
@NUMBER
@JSON
def pair_rework(number: int, as_json: bool) -> None:
    """把正在签的师徒协议 NUMBER 退回修改，改好再送签。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.pairs import rework_pair

    made = rework_pair(programme=_pair_programme(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("已退回修改，改好再送签。"), as_json=as_json)


def _goal(text: str) -> GoalText:
    from ronghe.domain.exchange.services.pairs import GoalText

    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    try:
        due_on = datetime.strptime(parts[1], "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        figures = [Decimal(part) if part else None for part in parts[3:5]]
    except (IndexError, ValueError, InvalidOperation) as error:
        raise click.UsageError(
            _("看不懂目标“%(text)s”，请写成 内容,期限 或 内容,期限,单位,现状,目标。") % {"text": text}
        ) from error
    baseline, target = [*figures, None, None][:2]
    return GoalText(parts[0], due_on, parts[2] if len(parts) > 2 else "", baseline=baseline, target=target)


def _programme(actor: Person, number: int) -> StudyProgramme:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.study import programmes_seen_by

    return row_called(number, programmes_seen_by(actor, timezone.now()))


def _line(actor: Person, number: int) -> StudyLine:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.study import lines_seen_by

    return row_called(number, lines_seen_by(actor, timezone.now()))


def _lecture(actor: Person, number: int) -> Lecture:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.lectures import lectures_seen_by

    return row_called(number, lectures_seen_by(actor, timezone.now()))


def _pair(actor: Person, number: int) -> MentorPair:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.pairs import pairs_seen_by

    return row_called(number, pairs_seen_by(actor, timezone.now()))


def _pair_programme(actor: Person, number: int) -> PairProgramme:
    from ronghe.domain.exchange.selectors.pairs import programme_of

    programme = programme_of(_pair(actor, number))
    if programme is None:
        raise NotFound
    return programme


PROGRAMMES = (programme_end, point_add, line_drop, line_take_back, question_answer, line_material)
"""Commands that `ronghe exchange programme` takes in."""
LECTURES = (lecture_change, lecture_withdraw, lecture_offer_again)
PAIRS = (pair_draft, pair_submit, pair_rework)
