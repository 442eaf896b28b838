"""`ronghe exchange lecture` and `ronghe exchange pair`."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.exchange.models import Lecture, PairProgramme
    from ronghe.domain.members.models import MentorPair
    from ronghe.domain.org.models import Person

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.DateTime(["%Y-%m-%d"])


@click.group("lecture", short_help=_("党员上讲台"))
def lecture() -> None:
    """党员上讲台：谁能讲什么、谁想听、讲得怎样。"""


@lecture.command("list", short_help=_("列出能讲的课"))
@click.option("--search", default="", help="题目、提纲、讲课人里的词")
@click.option("--page", default=1, show_default=True)
@_json
def lecture_list(search: str, page: int, as_json: bool) -> None:
    """列出大家能讲的课，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.lectures import list_lectures

    rows: Any = list_lectures(actor, timezone.now(), words=search, page=page)
    if as_json:
        _print(
            {
                "count": rows.count,
                "items": [{**_lecture(row), "wanted": row.wanted, "times": row.times} for row in rows],
            }
        )
        return
    for row in rows:
        said = _("%(wanted)s 人想听，讲过 %(times)s 次") % {"wanted": row.wanted, "times": row.times}
        click.echo(f"{row.pk:>6}  {row.title}  {row.lecturer.name}  {said}")


@lecture.command("offer", short_help=_("报名讲课"))
@click.option("--title", required=True, help="讲什么")
@click.option(
    "--kind",
    type=click.Choice(["theory", "business", "technology", "safety", "experience"]),
    default="business",
    show_default=True,
    help="类别",
)
@click.option("--minutes", type=click.IntRange(5, 480), default=45, show_default=True, help="讲多少分钟")
@click.option("--for", "audience", required=True, help="讲给谁听")
@click.option("--outline", default="", help="提纲")
@_json
def lecture_offer(title: str, kind: str, minutes: int, audience: str, outline: str, as_json: bool) -> None:
    """报名讲一课，大家看得到。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import LectureKind
    from ronghe.domain.exchange.services.lectures import offer_lecture

    made = offer_lecture(
        lecturer=actor, title=title, kind=LectureKind(kind), minutes=minutes, audience=audience, outline=outline,
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    _print(_lecture(made)) if as_json else click.echo(_("已报名，编号 %(number)s。") % {"number": made.pk})


@lecture.command("want", short_help=_("想听"))
@_number
@click.option("--no-more", is_flag=True, help="不想听了")
@_json
def lecture_want(number: int, no_more: bool, as_json: bool) -> None:
    """说您想听一课；满 3 人才显示是谁。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.services.lectures import want_lecture

    count = want_lecture(lecture=_lecture_seen(actor, number), is_wanted=not no_more, actor=actor, at=timezone.now())
    _print({"wanted": count}) if as_json else click.echo(_("已有 %(count)s 人想听。") % {"count": count})


@lecture.command("plan", short_help=_("安排讲课"))
@_number
@click.option("--body", required=True, help="哪个党组织听：名称或编号")
@click.option("--from", "begins", required=True, help="何时开始，如 2026-11-20 15:00")
@click.option("--until", "ends", required=True, help="何时结束")
@click.option("--place", required=True, help="在哪里")
@_json
def lecture_plan(number: int, body: str, begins: str, ends: str, place: str, as_json: bool) -> None:
    """把一课安排成活动。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.lectures import bodies_to_lecture_in
    from ronghe.domain.exchange.services.planning import plan_lecture

    now = timezone.now()
    made = plan_lecture(
        lecture=_lecture_seen(actor, number), body=body_called(body, bodies_to_lecture_in(actor, now)),
        scheduled_from=moment_said(begins), scheduled_until=moment_said(ends), place=place, actor=actor, at=now,
    )  # fmt: skip
    said = _("已安排，活动编号 %(number)s。") % {"number": made.activity_id}
    _print({"session": made.pk, "activity": made.activity_id}) if as_json else click.echo(said)


@lecture.command("rate", short_help=_("评课"))
@_number
@click.option("--useful", type=click.IntRange(1, 5), required=True, help="有没有用，1 到 5")
@click.option("--clear", type=click.IntRange(1, 5), required=True, help="听不听得懂，1 到 5")
@click.option("--word", default="", help="一句话")
@_json
def lecture_rate(number: int, useful: int, clear: int, word: str, as_json: bool) -> None:
    """评您听过的最近一次；NUMBER 是那一课的编号。讲课的人看不到是谁评的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import SessionState
    from ronghe.domain.exchange.rules import RATE_SESSION
    from ronghe.domain.exchange.services.lectures import rate_session

    rows = _lecture_seen(actor, number).sessions.filter(state=SessionState.GIVEN)
    session = RATE_SESSION.narrow(actor, rows, at=timezone.now()).select_related("lecture").order_by("-pk").first()
    if session is None:
        raise NotFound
    rate_session(session=session, usefulness=useful, clarity=clear, word=word, actor=actor, at=timezone.now())
    _print({"session": session.pk}) if as_json else click.echo(_("已评，一个星期内可以改。"))


@click.group("pair", short_help=_("传帮带"))
def pair() -> None:
    """传帮带：培养计划、师徒协议、评估。"""


@pair.command("list", short_help=_("列出师徒"))
@click.option("--search", default="", help="姓名、内容里的词")
@click.option("--state", default="", help="without、overdue、draft、signing、running、passed、ended")
@click.option("--page", default=1, show_default=True)
@_json
def pair_list(search: str, state: str, page: int, as_json: bool) -> None:
    """列出您能看到的师徒；without 是没有培养计划的，overdue 是评估逾期的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.pairs import list_pairs, programme_of

    rows = list_pairs(actor, timezone.now(), words=search, state=state, page=page)
    if as_json:
        _print({"count": rows.count, "items": [_pair(row) for row in rows]})
        return
    for row in rows:
        programme = programme_of(row)
        said = programme.get_state_display() if programme else _("没有培养计划")
        click.echo(f"{row.pk:>6}  {row.mentor.name} → {row.apprentice.name}  {row.topic}  {said}")


@pair.command("sign", short_help=_("师徒协议签字"))
@_number
@_json
def pair_sign(number: int, as_json: bool) -> None:
    """签一份师徒协议；先看清印出来的文本，再回答 y。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.calc.pair_text import read
    from ronghe.domain.exchange.services.pairs import sign_pair

    programme = _programme(actor, number)
    text = programme.texts.order_by("-number").first()
    if text is None:
        raise NotFound
    content = read(text.content)
    for line in (
        f"{content.mentor} → {content.apprentice}",
        content.topic,
        content.text,
        *(one.what for one in content.goals),
    ):
        click.echo(line, err=True)
    click.confirm(_("签字吗？"), abort=True, err=True)
    made = sign_pair(programme=programme, digest=text.digest, actor=actor, at=timezone.now())
    _print({"role": made.role, "digest": made.digest}) if as_json else click.echo(_("已签字。"))


@pair.command("note", short_help=_("记师徒活动"))
@_number
@click.option("--text", required=True, help="内容")
@click.option(
    "--kind", type=click.Choice(["work", "word"]), default="work", show_default=True, help="work 一起干的活，word 想法"
)
@click.option("--day", type=_day, help="哪一天，不写为今天")
@_json
def pair_note(number: int, text: str, kind: str, day: datetime | None, as_json: bool) -> None:
    """记一起干的活，或自己的想法。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import NoteKind
    from ronghe.domain.exchange.services.pairs import note_pair

    made = note_pair(
        programme=_programme(actor, number), kind=NoteKind(kind), text=text,
        day=day.date() if day else timezone.localdate(), actor=actor, at=timezone.now(),
    )  # fmt: skip
    _print({"id": made.pk}) if as_json else click.echo(_("已记下。"))


@pair.command("review", short_help=_("评估师徒结对"))
@_number
@click.option("--mentor", "mentor_word", required=True, help="师傅怎么说")
@click.option("--apprentice", "apprentice_word", required=True, help="徒弟怎么说")
@click.option("--figure", "figures", multiple=True, metavar="N=FIGURE", help="第 N 条目标现在多少，可以写几次")
@click.option("--met", multiple=True, type=int, metavar="N", help="第 N 条目标做到了，可以写几次")
@click.option("--next", "next_step", default="", help="下一步")
@click.option(
    "--outcome",
    type=click.Choice(["goes_on", "passed", "extended", "ended"]),
    default="goes_on",
    show_default=True,
    help="结论",
)
@click.option("--until", type=_day, help="延长到哪一天")
@_json
def pair_review(
    number: int, mentor_word: str, apprentice_word: str, figures: tuple[str, ...], met: tuple[int, ...], next_step: str,
    outcome: str, until: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """评估一对师徒；出师、延长、结束由师徒以外的负责人评定。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import PairOutcome
    from ronghe.domain.exchange.services.pair_reviews import ReviewText, review_pair

    given = ReviewText(
        timezone.localdate(), mentor_word, apprentice_word, PairOutcome(outcome), next_step,
        until.date() if until else None, dict(_figure(text) for text in figures), dict.fromkeys(met, True),
    )  # fmt: skip
    made = review_pair(programme=_programme(actor, number), given=given, actor=actor, at=timezone.now())
    _print({"number": made.number, "outcome": made.outcome}) if as_json else click.echo(_("评估已记下。"))


def _figure(text: str) -> tuple[int, Decimal]:
    number, _sign, value = text.partition("=")
    try:
        figure = Decimal(value)
    except ArithmeticError:
        figure = Decimal("NaN")
    if not (number.isascii() and number.isdigit()) or not figure.is_finite() or abs(figure) >= Decimal(10) ** 10:
        raise click.UsageError(_("看不懂“%(text)s”，请写成 1=12。") % {"text": text})
    return int(number), figure


def _lecture_seen(actor: Person, number: int) -> Lecture:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.lectures import lectures_seen_by

    found = lectures_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _programme(actor: Person, number: int) -> PairProgramme:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.pairs import pairs_seen_by, programme_of

    found = pairs_seen_by(actor, timezone.now()).filter(pk=number).first()
    programme = programme_of(found) if found is not None else None
    if programme is None:
        raise NotFound
    return programme


def _lecture(row: Lecture) -> dict[str, Any]:
    return {"id": row.pk, "title": row.title, "kind": row.kind, "lecturer": row.lecturer.name, "state": row.state}


def _pair(row: MentorPair) -> dict[str, Any]:
    from ronghe.domain.exchange.selectors.pairs import programme_of

    programme = programme_of(row)
    return {
        "id": row.pk, "mentor": row.mentor.name, "apprentice": row.apprentice.name, "topic": row.topic,
        "state": programme.state if programme else None,
        "review_on": f"{programme.review_on}" if programme and programme.review_on else None,
    }  # fmt: skip


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
