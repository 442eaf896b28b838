"""`ronghe survey`: who has answered is known; of an anonymous one nobody learns who answered what.

Answering asks question by question and for the password: an option would stand in the shell's history and in the list of
processes, and whoever may start commands could answer for others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.surveys.models import Survey

EPILOG = """\b
举例：
  ronghe --as shuji survey new --body 21 --template satisfaction
  ronghe --as shuji survey open 3 "2026-09-30 18:00"
  ronghe --as gongren survey answer 3
  ronghe --as shuji survey close 3
  ronghe --as shuji survey results 3

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


class NoSuchTemplate(DomainError):
    code = "no_such_survey_template"
    sentence = N_("没有“%(name)s”这份现成的问卷。可写：%(known)s。")
    status = 404


class AnswererNotYourself(DomainError):
    code = "survey_not_yourself"
    sentence = N_("密码不对。问卷须本人答，不能替别人答。")
    status = 403


@click.group("survey", epilog=EPILOG, short_help=_("问卷：起草、发出、答题、结果"))
def survey() -> None:
    """问卷：问需求、问满意、问效果；匿名的，谁也查不到谁答了什么。"""


@survey.command("list", short_help=_("列出问卷"))
@click.option("--mine", is_flag=True, help="只看等我答的")
@click.option("--page", default=1, show_default=True)
@_json
def list_(mine: bool, page: int, as_json: bool) -> None:
    """列出您能看到的问卷，最近的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.surveys.selectors.surveys import list_surveys, waiting_for

    now = timezone.now()
    found = Q(pk__in=waiting_for(actor, now).order_by().values("survey_id")) if mine else Q()
    listed = list_surveys(actor, now, filters=found, page=page, size=50)
    if as_json:
        rows = [{"id": row.pk, "title": row.title, "state": row.state, "mine": row.waits_for_me} for row in listed]  # type: ignore[attr-defined]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        mark = _("等您答") if row.waits_for_me else row.get_state_display()  # type: ignore[attr-defined]
        click.echo(f"{row.pk:>7}  {row.title}  {mark}")


@survey.command("templates", short_help=_("列出现成的问卷"))
def templates() -> None:
    """列出现成的问卷。"""
    acting_person()
    from ronghe.domain.surveys.calc.templates import TEMPLATES

    for one in TEMPLATES:
        click.echo(f"{one.id:<14} {one.title}  {len(one.lines)}")


@survey.command("new", short_help=_("从现成的问卷起草"))
@click.option("--body", required=True, help="哪个组织：名称或编号")
@click.option("--template", "name", required=True, help="哪一份现成的问卷，见 survey templates")
@click.option("--title", help="名称；不写就用现成的")
@click.option("--named", is_flag=True, help="记名")
@_json
def new(body: str, name: str, title: str | None, named: bool, as_json: bool) -> None:
    """从现成的问卷起草一份；题目在网页上或用接口改。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.calc.templates import TEMPLATES, template_called
    from ronghe.domain.surveys.enums import Purpose, QuestionType
    from ronghe.domain.surveys.selectors.surveys import bodies_to_ask
    from ronghe.domain.surveys.services.drafting import QuestionWords, SurveyWords, draw_up

    template = template_called(name)
    if template is None:
        raise NoSuchTemplate(name=name, known=", ".join(one.id for one in TEMPLATES))
    now = timezone.now()
    questions = [
        QuestionWords(
            line.text, QuestionType(line.asked.type), line.asked.options, line.asked.rows, line.section,
            line.asked.is_required,
        )
        for line in template.lines
    ]  # fmt: skip
    words = SurveyWords(title or template.title, template.intro, Purpose(template.id), is_named=named)
    made = draw_up(
        body=body_called(body, bodies_to_ask(actor, now)), words=words, questions=questions, actor=actor, at=now
    )
    said = _("草稿已存下，编号 %(number)s。") % {"number": made.pk}
    _print({"id": made.pk, "questions": len(questions)}) if as_json else click.echo(said)


@survey.command("items", short_help=_("列出问卷可以计入的评分表项目"))
def items() -> None:
    """列出问卷可以计入的评分表项目。"""
    acting_person()
    from ronghe.domain.surveys.selectors.judging import judged_items

    for one in judged_items().values():
        click.echo(f"{one.key:<30} {one.title}")


@survey.command("judge", short_help=_("让草稿的评分计入考评"))
@_number
@click.option("--item", required=True, help="计入哪一项，见 survey items；写空的就不计入")
@click.option("--about", "judged", default="", help="评价谁：组织、班组的全称，党员的姓名或员工号")
@click.option("--period", default="", help="计入哪一期，例如 2026Q4")
@_json
def judge(number: int, item: str, judged: str, period: str, as_json: bool) -> None:
    """让草稿 NUMBER 的评分计入考评：员工匿名评，一人一票。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.services.judging import count_for

    held = count_for(
        survey=_seen(actor, number), item=item, judged=judged, period=period, actor=actor, at=timezone.now()
    )
    told = {"id": held.pk, "item": held.judged_item, "about": held.judged_name, "period": held.judged_period}
    _print(told) if as_json else click.echo(_("已存下。"))


@survey.command("show", short_help=_("看一份问卷"))
@_number
def show(number: int) -> None:
    """看题目和状态。"""
    actor = acting_person()
    held = _seen(actor, number)
    click.echo(f"#{held.pk} {held.title}  {held.get_state_display()}  {_('记名') if held.is_named else _('匿名')}")
    for row in held.questions.order_by("number"):
        click.echo(f"{row.number}. {row.text}  {row.get_type_display()}")
        for place, word in enumerate(row.options or row.rows, start=1):
            click.echo(f"    {place} {word}")


@survey.command("change", short_help=_("改草稿的名称、说明和名单"))
@_number
@click.option("--title", default=None, help="名称，不写就不变")
@click.option("--intro", default=None, help="说明，不写就不变")
@click.option("--named/--anonymous", "is_named", default=None, help="记名还是匿名，不写就不变")
@click.option("--person", "people", multiple=True, help="只问名单里的人：姓名或员工号，可写多个；写了就换成这些")
@_json
def change(
    number: int, title: str | None, intro: str | None, is_named: bool | None, people: tuple[str, ...], as_json: bool
) -> None:
    """改草稿 NUMBER；发出以后不能改，可复制成新草稿。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import people_seen_by
    from ronghe.domain.surveys.enums import Audience, Purpose
    from ronghe.domain.surveys.services.drafting import SurveyWords, change_draft

    now, found = timezone.now(), _seen(actor, number)
    words = SurveyWords(
        title=found.title if title is None else title, intro=found.intro if intro is None else intro,
        purpose=Purpose(found.purpose), audience=Audience(found.audience),
        is_named=found.is_named if is_named is None else is_named, shows_results=found.shows_results,
    )  # fmt: skip
    seen = people_seen_by(actor, now).filter(valid_until=None)
    listed = [person_called(who, seen) for who in people] if people else None
    made = change_draft(survey=found, words=words, people=listed, actor=actor, at=now)
    _print({"id": made.pk, "title": made.title}) if as_json else click.echo(_("草稿已改。"))


@survey.command("open", short_help=_("发出"))
@_number
@click.argument("until")
def open_(number: int, until: str) -> None:
    """发出编号 NUMBER 的草稿，答到 UNTIL，如 "2026-09-30 18:00"。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.services.drafting import open_survey

    held = open_survey(survey=_seen(actor, number), closes_at=moment_said(until), actor=actor, at=timezone.now())
    click.echo(_("已发给 %(people)s 人。") % {"people": held.people.count()})


@survey.command("answer", short_help=_("本人答题"))
@_number
def answer(number: int) -> None:
    """逐题问您，再问密码；交出后不能更改。可以不答的题直接回车；多选和逐项打分用逗号隔开。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.services.answering import answer_survey
    from ronghe.kernel.access.login import log_in

    held = _seen(actor, number)
    click.echo(
        _("这份问卷记名，发起人看得到您的答案。") if held.is_named else _("这份问卷匿名，系统也查不到谁答了什么。")
    )
    answers: dict[int, object] = {}
    for row in held.questions.order_by("number"):
        words = "  ".join(f"{place} {word}" for place, word in enumerate(row.options or row.rows, start=1))
        text = click.prompt(
            f"{row.number}. {row.text} {words}", default="", show_default=False, hide_input=not held.is_named
        )
        is_list = row.type in ("several", "matrix") and text
        answers[row.number] = [one.strip() for one in text.replace("，", ",").split(",")] if is_list else text
    login = (click.get_current_context().find_root().obj or {}).get("account", "")
    if log_in(login=login, password=click.prompt(_("密码"), hide_input=True), at=timezone.now()) is None:
        raise AnswererNotYourself
    answer_survey(survey=held, answers=answers, actor=actor, at=timezone.now())
    click.echo(_("已交，谢谢。"))


@survey.command("extend", short_help=_("改截止时间"))
@_number
@click.argument("until")
def extend(number: int, until: str) -> None:
    """让编号 NUMBER 的问卷答到 UNTIL。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.services.closing import extend_survey

    extend_survey(survey=_seen(actor, number), closes_at=moment_said(until), actor=actor, at=timezone.now())
    click.echo(_("截止时间已改。"))


@survey.command("close", short_help=_("提前结束"))
@_number
def close(number: int) -> None:
    """提前结束编号 NUMBER 的问卷，只有发起人可以。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.services.closing import close_survey

    done = close_survey(survey=_seen(actor, number), actor=actor, at=timezone.now())
    click.echo(_("已结束，%(answered)s 人答题。") % {"answered": done.answered_count})


@survey.command("drop", short_help=_("撤下"))
@_number
@click.option("--reason", default="", help="为什么撤下；已发出的要写")
def drop(number: int, reason: str) -> None:
    """撤下编号 NUMBER 的问卷，已交的答卷删掉。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.services.closing import drop_survey

    drop_survey(survey=_seen(actor, number), actor=actor, at=timezone.now(), reason=reason)
    click.echo(_("已撤下。"))


@survey.command("copy", short_help=_("复制成新草稿"))
@_number
def copy(number: int) -> None:
    """把编号 NUMBER 的问卷复制成新草稿。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.services.drafting import copy_survey

    made = copy_survey(survey=_seen(actor, number), actor=actor, at=timezone.now())
    click.echo(_("草稿已存下，编号 %(number)s。") % {"number": made.pk})


@survey.command("results", short_help=_("看结果"))
@_number
@_json
def results(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的问卷的结果；少于五人的不公布。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.surveys.rules import SEE_RESULTS
    from ronghe.domain.surveys.selectors.results import results_of

    held = _seen(actor, number)
    if not SEE_RESULTS.allows(actor, held, at=timezone.now()):
        raise NotAllowed
    found = results_of(held)
    if as_json:
        _print({"people": found.people, "answered": found.answered, "questions": [
            {"number": one.question.number, "text": one.question.text, "answers": one.answers,
             "counts": [bar.count for bar in one.bars], "mean": one.mean_text or None,
             "texts": [text.text for text in one.texts]}
            for one in found.questions
        ]})  # fmt: skip
        return
    click.echo(_("%(people)s 人中 %(answered)s 人答题。") % {"people": found.people, "answered": found.answered})
    for one in found.questions:
        hidden = _("人数太少，不公布") if one.answers is None else one.mean_text
        click.echo(f"{one.question.number}. {one.question.text}  {hidden}")
        for bar in one.bars:
            click.echo(f"    {bar.title}  {bar.count}  {bar.percent}%")
        for row in one.rows:
            click.echo(f"    {row.title}  {row.mean_text}")
        for text in one.texts:
            click.echo(f"    · {text.text}")


def _seen(actor: Person, number: int) -> Survey:
    from django.utils import timezone

    from ronghe.domain.surveys.selectors.surveys import surveys_seen_by

    found = surveys_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
