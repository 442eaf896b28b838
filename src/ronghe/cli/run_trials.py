"""`ronghe run what-if|firmness|draft`: other numbers in a run's sheet, how firm places are, and the draft that comes of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.appraisal.models import Run
    from ronghe.domain.org.models import Person
    from ronghe.scoring.what_if import Standing


class SetUnreadable(DomainError):
    code = "set_unreadable"
    sentence = N_("“%(text)s”读不懂，请写成 位置=数，如 root/items/0/cap=30。")
    status = 422


def _set_option(command: Any) -> Any:
    return click.option(
        "--set", "settings", multiple=True, metavar="PATH=NUMBER", help="改哪个数；可以写多次。"
    )(command)  # fmt: skip


@click.command("what-if", short_help=_("试算：改评分表里的数，看谁动"))
@click.argument("run_id", type=int, metavar="RUN")
@_set_option
@click.option("--limit", type=click.IntRange(1), default=50, metavar="N", help="列出动得最多的几个；默认 50。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def what_if(*, run_id: int, settings: tuple[str, ...], limit: int, as_json: bool) -> None:
    """试算：不写 --set 时列出可以改的数，写了就列出谁动、动多少。什么都不留下。"""
    actor, found, now = _found(run_id)
    from ronghe.domain.appraisal.selectors.what_if import knobs_seen_by, trial_for
    from ronghe.scoring.exact import text
    from ronghe.scoring.knobs import KNOB_WORDS

    if not settings:
        knobs = knobs_seen_by(actor, found, now)
        if as_json:
            _print([{"name": one.name, "owner": one.owner, "word": one.word, "value": one.value} for one in knobs])
            return
        for one in knobs:
            click.echo(f"{one.name:<40}  {one.value:>8}  {one.owner}  {_(KNOB_WORDS[one.word])}")
        return
    trial = trial_for(actor, found, _settings(settings), now, limit=limit)
    moves = trial.moves
    if as_json:
        _print(
            {
                "changes": dict(trial.changes), "count": len(moves), "moved": moves.moved, "up": moves.up,
                "down": moves.down, "open_ties": moves.open_ties,
                "grades": [{"before": a, "after": b, "count": times} for (a, b), times in moves.grades.items()],
                "items": [
                    {"subject": str(one.move.subject), "name": one.name, "before": _standing(one.move.before),
                     "after": _standing(one.move.after)}
                    for one in trial.rows
                ],
            }
        )  # fmt: skip
        return
    click.echo(
        _("%(count)s 个对象，%(moved)s 个有变化，%(up)s 个位次上升，%(down)s 个下降")
        % {"count": len(moves), "moved": moves.moved, "up": moves.up, "down": moves.down}
    )
    for row in trial.rows:
        before, after = row.move.before, row.move.after
        if before == after:
            continue
        said = [
            f"{'—' if standing.total is None else text(standing.total)} {standing.rank or '—'} {standing.grade or '—'}"
            for standing in (before, after)
        ]
        click.echo(f"{said[0]:>22} → {said[1]:<22}  {row.name}")


@click.command("firmness", short_help=_("位次稳不稳：每项权重轮流上下一点"))
@click.argument("run_id", type=int, metavar="RUN")
@click.option("--step", default="0.1", metavar="SHARE", help="权重上下多少；默认 0.1（一成）。")
@click.option("--limit", type=click.IntRange(1), default=200, metavar="N")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def firmness(*, run_id: int, step: str, limit: int, as_json: bool) -> None:
    """每一项权重轮流大一点、小一点，列出每个对象最好和最差的位次。"""
    actor, found, now = _found(run_id)
    from ronghe.domain.appraisal.selectors.what_if import firmness_for
    from ronghe.scoring.exact import text

    firm, rows = firmness_for(actor, found, now, step=step, limit=limit)
    if as_json:
        items = [
            {"subject": str(one.reach.subject), "name": one.name, "total": text(one.reach.total),
             "rank": one.reach.rank, "best": one.reach.best, "worst": one.reach.worst}
            for one in rows
        ]  # fmt: skip
        _print({"step": text(firm.step), "weights": list(firm.items), "count": len(firm), "unsure": firm.unsure,
                "widest": firm.widest, "items": items})  # fmt: skip
        return
    click.echo(
        _("%(count)s 个对象，%(unsure)s 个位次可能不同，最多相差 %(widest)s 位")
        % {"count": len(firm), "unsure": firm.unsure, "widest": firm.widest}
    )
    for one in rows:
        click.echo(f"{one.reach.rank:>5}  {one.reach.best}–{one.reach.worst}  {one.name}")


@click.command("draft", short_help=_("把试算的评分表起草成范本的新一版"))
@click.argument("run_id", type=int, metavar="RUN")
@_set_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def draft(*, run_id: int, settings: tuple[str, ...], as_json: bool) -> None:
    """把改了的数写进本单位范本的草稿；检查、定稿用 playbook 的命令或页面。"""
    actor, found, now = _found(run_id)
    from ronghe.domain.appraisal.services.drafting import draft_from_what_if

    made = draft_from_what_if(run=found, values=_settings(settings), actor=actor, at=now)
    if as_json:
        _print({"draft": made.pk, "title": made.title})
        return
    click.echo(_("已起草第 %(draft)s 号草稿：%(title)s。") % {"draft": made.pk, "title": made.title})


@click.command("difference", short_help=_("一个对象在两次考评之间差在哪里"))
@click.argument("run_id", type=int, metavar="RUN")
@click.argument("subject", type=int, metavar="SUBJECT")
@click.option("--with", "other", type=int, metavar="RUN", help="和哪一次比；不写就和被更正的那次或上一期比。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def difference(*, run_id: int, subject: int, other: int | None, as_json: bool) -> None:
    """逐项列出两次之间的差；各项之差加起来正好是总分之差。"""
    actor, found, now = _found(run_id)
    from ronghe.domain.appraisal.selectors.differences import difference_as_data, difference_for

    data = difference_as_data(difference_for(actor, found, subject, now, other=other))
    if as_json:
        _print(data)
        return
    click.echo(f"#{data['run_before']} {data['before']} → #{data['run_after']} {data['after']}  {data['points']}")
    for one in data["changes"]:
        if one["points"] != "0":
            click.echo(f"{one['points']:>10}  {one['title']}{' *' if one['rest'] else ''}  {' '.join(one['why'])}")


@click.command("boards", short_help=_("短板：各单位和同类比，低得最多的一个方面"))
@click.argument("run_id", type=int, metavar="RUN")
@click.option("--board", default="", metavar="ID", help="只看短在这一方面的。")
@click.option("--limit", type=click.IntRange(1), default=200, metavar="N")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def boards(*, run_id: int, board: str, limit: int, as_json: bool) -> None:
    """低于同类中位数的单位，各列最短的一块板，差得最多的在前。"""
    actor, found, now = _found(run_id)
    from ronghe.domain.appraisal.selectors.boards import shortest_boards
    from ronghe.scoring.exact import text

    page = shortest_boards(actor, found, now, board=board, limit=limit)
    rows = [
        {"subject": str(row.subject), "name": row.name, "id": row.board.id, "score": text(row.board.score),
         "full": text(row.board.full), "median": text(row.board.median), "gap": text(row.board.gap),
         "peers": row.board.peers, "kind": row.board.kind}
        for row in page.rows
    ]  # fmt: skip
    if as_json:
        _print({"items": rows, "by_board": dict(page.by_board), "count": page.count})
        return
    for row in rows:
        title = page.titles.get(str(row["id"]), row["id"])
        click.echo(f"{row['gap']:>10}  {row['score']}/{row['full']}  {title}  {row['name']}")


@click.command("peers", short_help=_("同类和把握：同类中的位次，和谁分不出先后"))
@click.argument("run_id", type=int, metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def peers(*, run_id: int, as_json: bool) -> None:
    """全部中的位次、同类中的位次、总分多半在哪里、和第几位分不出先后。"""
    actor, found, now = _found(run_id)
    from ronghe.domain.appraisal.selectors.peers import peers_as_data, peers_for, reach_words

    rows = peers_for(actor, found, now)
    data = peers_as_data(rows)
    if as_json:
        _print(data)
        return
    for one, row in zip(data, rows.rows, strict=True):
        span = f"{one['low']}–{one['high']}"
        place = f"{one['peers']} {one['place']}/{one['among']}"
        click.echo(f"{one['rank']:>4}  {one['total']:>8}  {span:<17}  {place}  {one['name']}  {reach_words(row)}")


@click.command("trend", short_help=_("一个对象的历期走势"))
@click.argument("run_id", type=int, metavar="RUN")
@click.argument("subject", type=int, metavar="SUBJECT")
@click.option("--periods", type=click.IntRange(1, 8), default=8, metavar="N", help="至多几期；默认 8。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def trend(*, run_id: int, subject: int, periods: int, as_json: bool) -> None:
    """同一张评分表历期定稿里的总分、等次、位次和各方面，早的在前。"""
    actor, found, now = _found(run_id)
    from ronghe.domain.appraisal.selectors.trends import trend_as_data, trend_for

    rows = trend_for(actor, found, subject, now, periods=periods)
    data = trend_as_data(rows)
    if as_json:
        _print(data)
        return
    for one, point in zip(data["periods"], rows.points, strict=True):
        place = f"{one['place']}/{one['among']}" if one["place"] else "—"
        click.echo(f"{one['period']:<8}  {one['total'] or '—':>8}  {point.grade or '—'}  {one['rank'] or '—'}  {place}")


TRIALS = (what_if, firmness, draft, difference, boards, peers, trend)


def _found(run_id: int) -> tuple[Person, Run, datetime]:
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.runs import run_seen_by

    return actor, run_seen_by(actor, run_id, now), now


def _settings(settings: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for said in settings:
        name, equals, value = said.partition("=")
        if not equals:
            raise SetUnreadable(text=said)
        found[name.strip()] = value.strip()
    return found


def _standing(standing: Standing) -> dict[str, Any]:
    from ronghe.scoring.exact import text

    total = None if standing.total is None else text(standing.total)
    return {"total": total, "rank": standing.rank, "grade": standing.grade}


def _print(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
