"""`ronghe clinic knowledge`: found by words, proposed out of cases, reviewed, outdated."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import row_called
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.clinic.models import Piece
    from ronghe.domain.org.models import Person

STATES = ("published", "consent", "review", "returned", "refused", "taken_down")
_number = click.argument("number", type=int, metavar="NUMBER")
_title = click.option("--title", help="题目；不写就照原来的")
_question = click.option("--question", help="问题；不写就照原来的")
_answer = click.option("--answer", help="怎么解决；不写就照原来的")


@click.group("knowledge", short_help=_("门诊知识"))
def knowledge() -> None:
    """门诊知识：搜、推荐、审核。"""


@knowledge.command("find", short_help=_("搜知识"))
@click.argument("words", default="")
@click.option("--state", default="published", type=click.Choice(STATES))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def find(words: str, state: str, as_json: bool) -> None:
    """搜 WORDS：几个字，或题目的拼音首字母。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.selectors.pieces import list_pieces

    listed = list_pieces(actor, now, words=words, state=state, size=50)
    if as_json:
        rows = [
            {"id": piece.pk, "title": piece.title, "field": piece.field.name, "expert": piece.expert.name}
            for piece in listed
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for piece in listed:
        click.echo(f"{piece.pk:>7}  {piece.field.name}  {piece.expert.name}  {piece.title}")
    if not len(listed):
        click.echo(_("没有找到现成的答案。换个字再搜，或者直接问专家。"))


@knowledge.command("show", short_help=_("看一条知识"))
@_number
def show(number: int) -> None:
    """看编号 NUMBER 的知识。"""
    actor, now = acting_now()
    piece = _seen(actor, now, number)
    click.echo(f"{piece.title}  {piece.get_state_display()}")
    if piece.outdated_at is not None:
        click.echo(_("过时：%(why)s") % {"why": piece.outdated_why})
    click.echo(piece.question)
    click.echo(piece.answer)
    click.echo(_("%(name)s解答") % {"name": piece.expert.name})


@knowledge.command("propose", short_help=_("推荐成知识"))
@click.argument("case", type=int)
@_title
@_question
@_answer
def propose(case: int, title: str | None, question: str | None, answer: str | None) -> None:
    """把编号 CASE 的求助推荐成知识，提问人的姓名和号码自动去掉。"""
    actor, now = acting_now()
    from ronghe.domain.clinic.rules import PROPOSE
    from ronghe.domain.clinic.selectors.cases import cases_seen_by
    from ronghe.domain.clinic.services.proposing import PieceText, draft_of, propose_piece
    from ronghe.domain.clinic.services.treating import read_case

    item = row_called(case, cases_seen_by(actor, now))
    PROPOSE.require(actor, item, at=now)
    draft = draft_of(item, read_case(item=item, actor=actor, at=now)[1])
    text = PieceText(title or draft.title, question or draft.question, answer or draft.answer)
    made = propose_piece(item=item, text=text, actor=actor, at=now)
    click.echo(_("已推荐，编号 %(number)s，%(state)s。") % {"number": made.pk, "state": made.get_state_display()})


@knowledge.command("rewrite", short_help=_("写新的一版"))
@_number
@_title
@_question
@_answer
def rewrite(number: int, title: str | None, question: str | None, answer: str | None) -> None:
    """给编号 NUMBER 的知识写新的一版，等别人审核。"""

    def act(piece: Piece, actor: Person, at: datetime) -> None:
        from ronghe.domain.clinic.selectors.pieces import versions_of
        from ronghe.domain.clinic.services.proposing import PieceText, rewrite_piece

        newest = versions_of(piece)[0]
        text = PieceText(title or newest.title, question or newest.question, answer or newest.answer)
        rewrite_piece(piece=piece, text=text, actor=actor, at=at)

    _act(number, act, _("新的一版已交，等别人审核。"))


@knowledge.command("agree", short_help=_("同意公开"))
@_number
@click.option("--no", "refuses", is_flag=True, help="不同意")
def agree(number: int, refuses: bool) -> None:
    """同意把您问过的事公开成编号 NUMBER 的知识；--no 是不同意。"""
    from ronghe.domain.clinic.services.proposing import answer_consent

    said = _("已回绝，不会公开。") if refuses else _("已同意，审核后公开，不写您的名字。")
    _act(number, lambda piece, actor, at: answer_consent(piece=piece, agrees=not refuses, actor=actor, at=at), said)


@knowledge.command("down", short_help=_("撤下自己问过的"))
@_number
def down(number: int) -> None:
    """撤下编号 NUMBER 的知识，它是您问过的事。"""
    from ronghe.domain.clinic.services.proposing import take_piece_down

    said = _("已撤下，别人看不到了。")
    _act(number, lambda piece, actor, at: take_piece_down(piece=piece, actor=actor, at=at), said)


@knowledge.command("publish", short_help=_("审核通过"))
@_number
def publish(number: int) -> None:
    """审核通过编号 NUMBER 的知识。"""
    from ronghe.domain.clinic.services.reviewing import publish_piece

    _act(number, lambda piece, actor, at: publish_piece(piece=piece, actor=actor, at=at), _("已发布，大家都能搜到。"))


@knowledge.command("return", short_help=_("退回修改"))
@_number
@click.argument("note")
def return_(number: int, note: str) -> None:
    """退回编号 NUMBER 的知识，要改的是 NOTE。"""
    from ronghe.domain.clinic.services.reviewing import return_piece

    _act(number, lambda piece, actor, at: return_piece(piece=piece, note=note, actor=actor, at=at), _("已退回修改。"))


@knowledge.command("outdated", short_help=_("标过时，或改回有效"))
@_number
@click.argument("why", default="")
@click.option("--undo", is_flag=True, help="没有过时，改回")
def outdated(number: int, why: str, undo: bool) -> None:
    """标编号 NUMBER 的知识过时，原因是 WHY。"""
    from ronghe.domain.clinic.services.reviewing import mark_current, mark_outdated

    if undo:
        _act(number, lambda piece, actor, at: mark_current(piece=piece, actor=actor, at=at), _("已改回有效。"))
        return
    _act(number, lambda piece, actor, at: mark_outdated(piece=piece, why=why, actor=actor, at=at), _("已标过时。"))


@knowledge.command("helped", short_help=_("帮到我了"))
@_number
@click.option("--undo", is_flag=True, help="收回")
def helped(number: int, undo: bool) -> None:
    """编号 NUMBER 的知识帮到您了；只计数，不留名字。"""
    from ronghe.domain.clinic.services.helping import say_helped, unsay_helped

    act = unsay_helped if undo else say_helped
    said = _("已收回。") if undo else _("记下了，只计数，不留您的名字。")
    _act(number, lambda piece, actor, at: act(piece=piece, actor=actor, at=at), said)


def _act(number: int, act: Callable[[Piece, Person, datetime], Any], said: str) -> None:
    actor, now = acting_now()
    act(_seen(actor, now, number), actor, now)
    click.echo(said)


def _seen(actor: Person, now: datetime, number: int) -> Piece:
    from ronghe.domain.clinic.selectors.pieces import pieces_seen_by

    return row_called(number, pieces_seen_by(actor, now))
