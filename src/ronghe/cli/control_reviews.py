"""`ronghe control`: design reviews, and what stands before commissioning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.control_finding import first_of, one_of_project, project_called
from ronghe.cli.finding import moment_said, opened_files, row_called
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.control.models import DesignReview
    from ronghe.domain.projects.models import Project

_files = click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片（JPEG、PNG、WebP）或 PDF，可写多个")
_note = click.option("--note", default="", help="说明")
_reason = click.option("--reason", required=True, help="原因")
DISCIPLINES = ("process", "civil", "electrical", "instrument", "piping", "safety", "other")
ASPECTS = ("design", "quality", "unfinished")


@click.command("reviews", short_help=_("列出审图"))
@NUMBER
@JSON
def reviews(number: int, as_json: bool) -> None:
    """列出编号 NUMBER 的项目的图纸审查，和用时的中位数。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.reviews import pace_of_project, reviews_of
    from ronghe.domain.org.rules.reaches import local_day

    project = project_called(actor, number)
    pace = pace_of_project(project, local_day(timezone.now()))
    rows = [_review_row(one) for one in reviews_of(project)]
    said = [f"{one['id']:>6}  {one['state']:<6}  {one['round']}  {one['title']}" for one in rows]
    said.append(
        _("已签发 %(count)s 份，一半在 %(median)s 个工作日内，最长 %(longest)s；原 %(old)s 天，目标 %(target)s 天。")
        % {
            "count": pace.spread.count, "median": pace.median_days or "—", "longest": pace.longest_days or "—",
            "old": pace.baseline.old_days, "target": pace.baseline.target_days,
        }
    )  # fmt: skip
    tell({"reviews": rows, "median_days": pace.median_days, "longest_days": pace.longest_days}, "\n".join(said),
         as_json=as_json)  # fmt: skip


@click.command("submit", short_help=_("送审"))
@NUMBER
@click.option("--title", required=True, help="图纸、文件名称")
@click.option("--number", "drawing", default="", help="图号")
@click.option("--discipline", type=click.Choice(DISCIPLINES), required=True, help="专业")
@click.option("--reviewer", "reviewers", multiple=True, required=True, metavar="NAME[:DEPUTY]",
              help="审查人，冒号后写代理人，可写多个")  # fmt: skip
@_files
@JSON
def submit(
    number: int, title: str, drawing: str, discipline: str, reviewers: tuple[str, ...], files: tuple[Path, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """在编号 NUMBER 的项目送审一份图纸，按工作时间开始计时。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.enums import Discipline
    from ronghe.domain.control.services.reviewing import ReviewText, Seat, submit_review

    project, seats = project_called(actor, number), []
    for text in reviewers:
        name, _colon, deputy = text.replace("：", ":").partition(":")
        seats.append(Seat(one_of_project(project, name), one_of_project(project, deputy) if deputy else None))
    given = ReviewText(title, Discipline(discipline), seats, drawing)
    with opened_files(files) as uploads:
        review = submit_review(project=project, text=given, actor=actor, at=timezone.now(), uploads=uploads)
    tell(_review_row(review), _("#%(pk)s 已送审，开始计时。") % {"pk": review.pk}, as_json=as_json)


@click.command("opinion", short_help=_("给审图意见"))
@NUMBER
@click.option("--comment", "comments", multiple=True, metavar="TEXT", help="一条意见，可写多条；不写就是同意")
@_note
@JSON
def opinion(number: int, comments: tuple[str, ...], note: str, as_json: bool) -> None:
    """对编号 NUMBER 的图纸给这一轮的意见；代理人代审也用它。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.enums import Opinion
    from ronghe.domain.control.services.reviewing import CommentText, give_opinion

    review = give_opinion(
        review=_review(number), opinion=Opinion.COMMENTS if comments else Opinion.AGREES, actor=actor,
        at=timezone.now(), comments=[CommentText(text) for text in comments], note=note,
    )  # fmt: skip
    tell(_review_row(review), _("意见已提。") if comments else _("已同意。"), as_json=as_json)


@click.command("resubmit", short_help=_("送下一轮"))
@NUMBER
@_files
@JSON
def resubmit_(number: int, files: tuple[Path, ...], as_json: bool) -> None:
    """意见都答复后，把编号 NUMBER 的图纸送下一轮。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services.reviewing import resubmit

    with opened_files(files) as uploads:
        review = resubmit(review=_review(number), actor=actor, at=timezone.now(), uploads=uploads)
    tell(_review_row(review), _("已送下一轮。"), as_json=as_json)


@click.command("issue", short_help=_("签发图纸"))
@NUMBER
@JSON
def issue_(number: int, as_json: bool) -> None:
    """签发编号 NUMBER 的图纸，停止计时。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services.reviewing import issue

    review = issue(review=_review(number), actor=actor, at=timezone.now())
    tell(_review_row(review), _("已签发，计时停止。"), as_json=as_json)


@click.command("withdraw", short_help=_("撤回送审"))
@NUMBER
@_reason
@JSON
def withdraw(number: int, reason: str, as_json: bool) -> None:
    """撤回编号 NUMBER 的图纸；没确认的意见随它作废。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services.reviewing import withdraw_review

    review = withdraw_review(review=_review(number), reason=reason, actor=actor, at=timezone.now())
    tell(_review_row(review), _("已撤回送审。"), as_json=as_json)


@click.command("aspect", short_help=_("记一次三查"))
@NUMBER
@click.argument("aspect", type=click.Choice(ASPECTS))
@click.option("--on", "day", type=DAY, required=True, help="哪天，如 2026-09-14")
@_note
@JSON
def aspect_(number: int, aspect: str, day: datetime, note: str, as_json: bool) -> None:
    """记编号 NUMBER 的项目做过一次三查：design 设计漏项，quality 质量及隐患，unfinished 未完工程量。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.enums import Aspect
    from ronghe.domain.control.services.readying import record_aspect

    project = project_called(actor, number)
    record_aspect(
        project=project, aspect=Aspect(aspect), checked_on=day.date(), note=note, actor=actor, at=timezone.now()
    )
    tell(_standing(project), _("这一查已记。"), as_json=as_json)


@click.command("point", short_help=_("登记三查四定问题"))
@NUMBER
@click.option("--aspect", type=click.Choice(ASPECTS), required=True, help="哪一查")
@click.option("--title", required=True, help="任务：是什么问题")
@click.option("--owner", required=True, help="人员：谁来整改，姓名或员工号")
@click.option("--due", required=True, help="时间：何时改完，如 2026-09-16 18:00")
@click.option("--measure", required=True, help="措施：怎么改")
@_files
@JSON
def point(
    number: int, aspect: str, title: str, owner: str, due: str, measure: str, files: tuple[Path, ...], as_json: bool
) -> None:
    """在编号 NUMBER 的项目登记一个问题，任务、人员、时间、措施都要定。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.enums import Aspect
    from ronghe.domain.control.services.readying import PointText, raise_point

    project = project_called(actor, number)
    text = PointText(Aspect(aspect), title, one_of_project(project, owner), moment_said(due), measure)
    with opened_files(files) as uploads:
        item = raise_point(project=project, text=text, actor=actor, at=timezone.now(), uploads=uploads)
    tell({"item": item.pk, "state": item.state}, _("#%(pk)s 已登记。") % {"pk": item.pk}, as_json=as_json)


@click.command("ready", short_help=_("确认具备投产条件"))
@NUMBER
@click.option("--take-back", default="", metavar="REASON", help="撤回确认，写明原因")
@JSON
def ready(number: int, take_back: str, as_json: bool) -> None:
    """确认编号 NUMBER 的项目具备投产条件；三查没做、问题没销、工序没验收的不能确认。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.models import Readiness
    from ronghe.domain.control.services.readying import declare_ready, take_ready_back

    project, now = project_called(actor, number), timezone.now()
    if take_back:
        rows = Readiness.objects.filter(project=project, taken_back_at=None).select_related("project__body")
        take_ready_back(readiness=first_of(rows), reason=take_back, actor=actor, at=now)
        tell(_standing(project), _("已撤回确认。"), as_json=as_json)
        return
    declare_ready(project=project, actor=actor, at=now)
    tell(_standing(project), _("已确认具备投产条件。"), as_json=as_json)


REVIEW_COMMANDS = (reviews, submit, opinion, resubmit_, issue_, withdraw, aspect_, point, ready)


def _review(number: int) -> DesignReview:
    from django.utils import timezone

    from ronghe.domain.control.selectors.reviews import reviews_seen_by

    return row_called(number, reviews_seen_by(acting_person(), timezone.now()))


def _standing(project: Project) -> dict[str, Any]:
    from ronghe.domain.control.selectors.readiness import standing_of_project

    standing = standing_of_project(project)
    return {"is_ready": standing.is_ready, "gaps": [gap.words for gap in standing.gaps]}


def _review_row(one: DesignReview) -> dict[str, Any]:
    return {"id": one.pk, "title": one.title, "state": one.get_state_display(), "code": one.state, "round": one.round,
            "due_at": one.due_at, "issued_at": one.issued_at}  # fmt: skip
