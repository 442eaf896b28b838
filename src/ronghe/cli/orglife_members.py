"""`ronghe orglife`: what a member writes, and what is put down about one."""

from __future__ import annotations

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.orglife_finding import (
    GRADES,
    json_option,
    member_called,
    number_argument,
    own_member,
    print_json,
    seen_session,
)
from ronghe.kernel.words import _


@click.command("statement", short_help=_("交对照检查"))
@number_argument
@click.option("--text", required=True, help="对照检查")
@json_option
def statement(number: int, text: str, as_json: bool) -> None:
    """交您自己的对照检查；测评开始前可以再交。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.preparing import hand_in_statement

    row = hand_in_statement(member=own_member(actor, number), text=text, actor=actor, at=timezone.now())
    said = _("对照检查已交，测评开始前还可以改。")
    print_json({"id": row.pk, "version": row.statement_version}) if as_json else click.echo(said)


@click.command("self", short_help=_("交个人自评"))
@number_argument
@click.argument("grade", type=GRADES)
@click.option("--text", required=True, help="自评")
def self_(number: int, grade: str, text: str) -> None:
    """交您自己的自评和等次。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.enums import ReviewGrade
    from ronghe.domain.orglife.services.preparing import appraise_self

    appraise_self(member=own_member(actor, number), grade=ReviewGrade(grade), text=text, actor=actor, at=timezone.now())
    click.echo(_("自评已交，测评开始前还可以改。"))


@click.command("opinion", short_help=_("提意见"))
@number_argument
@click.option("--text", required=True, help="意见")
@click.option("--about", metavar="WHO", help="对哪名党员，不写是对支委会班子")
@click.option("--named", is_flag=True, help="署名；不写就不记是谁提的")
def opinion(number: int, text: str, about: str | None, named: bool) -> None:
    """会前提一条意见。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.voices import give_opinion

    session = seen_session(actor, number)
    member = member_called(session, about) if about else None
    give_opinion(session=session, about=member, text=text, is_named=named, actor=actor, at=timezone.now())
    click.echo(_("意见已收下。"))


@click.command("exempt", short_help=_("记免参加"))
@number_argument
@click.argument("who")
@click.argument("reason", type=click.Choice(["floating", "sick", "away", "old_age", "new_here", "other"]))
@click.option("--note", default="", help="说明")
def exempt(number: int, who: str, reason: str, note: str) -> None:
    """记 WHO 今年免参加，不定等次。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.enums import Exemption
    from ronghe.domain.orglife.services.planning import exempt_member

    member = member_called(seen_session(actor, number), who)
    exempt_member(member=member, reason=Exemption(reason), note=note, actor=actor, at=timezone.now())
    click.echo(_("已记为免参加。"))


@click.command("grade", short_help=_("评定等次"))
@number_argument
@click.argument("who")
@click.argument("grade", type=GRADES)
@click.option("--reasons", default="", help="理由；合格可以不写")
def grade(number: int, who: str, grade: str, reasons: str) -> None:
    """写下支委会给 WHO 评定的等次。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.enums import ReviewGrade
    from ronghe.domain.orglife.services.grading import propose_grade

    member = member_called(seen_session(actor, number), who)
    propose_grade(member=member, grade=ReviewGrade(grade), reasons=reasons, actor=actor, at=timezone.now())
    click.echo(_("等次已记下。"))


@click.command("acknowledge", short_help=_("知悉结果"))
@number_argument
def acknowledge_(number: int) -> None:
    """知悉您自己的评议结果。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.telling import acknowledge

    acknowledge(member=own_member(actor, number), actor=actor, at=timezone.now())
    click.echo(_("已知悉。"))


@click.command("object", short_help=_("提出异议"))
@number_argument
@click.option("--text", required=True, help="对结果有什么异议")
def object_(number: int, text: str) -> None:
    """对您自己的结果提出异议，一次。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.orglife.services.telling import object_to_grade

    object_to_grade(member=own_member(actor, number), text=text, actor=actor, at=timezone.now())
    click.echo(_("异议已提出，由别人答复。"))


MEMBER_COMMANDS = (statement, self_, opinion, exempt, grade, acknowledge_, object_)
