"""`ronghe ballot`: who has voted is known, what anybody voted is not.

Voting itself asks for each choice and for the voter's password: an option would stand in the shell's history and in the list
of processes, and whoever may start commands could vote for others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, person_called
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.ballots.models import Ballot
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as shuji ballot open --body 21 --title 推荐先进 --item 王海 --item 李明
  ronghe --as dangyuan ballot vote 3
  ronghe --as shuji ballot close 3
  ronghe --as shuji ballot show 3 --json

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


class NotYourself(DomainError):
    """PM-15: nobody votes for somebody else."""

    code = "not_yourself"
    sentence = N_("密码不对。投票须本人，不能替别人投（PM-15）。")
    status = 403


@click.group(epilog=EPILOG, short_help=_("无记名投票"))
def ballot() -> None:
    """无记名投票：谁投过知道，投了什么谁也不知道。"""


@ballot.command("list", short_help=_("列出投票"))
@click.option("--state", type=click.Choice(["open", "closed", "voided"]), help="只看这种状态")
@click.option("--page", default=1, show_default=True)
@_json
def list_(state: str | None, page: int, as_json: bool) -> None:
    """列出您能看到的投票，最近的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.ballots.selectors import list_ballots

    listed = list_ballots(actor, timezone.now(), filters=Q(state=state) if state else Q(), page=page)
    if as_json:
        rows = [{"id": row.pk, "title": row.title, "state": row.state, "mine": row.waits_for_me} for row in listed]  # type: ignore[attr-defined]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        mark = _("等您投票") if row.waits_for_me else row.get_state_display()  # type: ignore[attr-defined]
        click.echo(f"{row.pk:>7}  {row.title}  {mark}")


@ballot.command("open", short_help=_("发起投票"))
@click.option("--body", required=True, metavar="BODY", help="党组织的名称或编号")
@click.option("--title", required=True, help="投票名称")
@click.option("--item", "items", required=True, multiple=True, help="投票事项，可写多次")
@click.option("--choice", "choices", multiple=True, help="选项，可写多次；不写为赞成、反对、弃权")
@_json
def open_(body: str, title: str, items: tuple[str, ...], choices: tuple[str, ...], as_json: bool) -> None:
    """发起投票，由组织里有表决权的正式党员投；少于三票的结果不公布。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.ballots.enums import YES_NO_ABSTAIN
    from ronghe.domain.ballots.services.ballots import open_ballot
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.org.selectors.voting import voters_of
    from ronghe.domain.playbooks.selectors.adoptions import key_of

    now = timezone.now()
    held_by = body_called(body, bodies_seen_by(actor, now))
    opened = open_ballot(
        title=title, items=items, choices=choices or YES_NO_ABSTAIN, body=held_by, actor=actor, at=now,
        voters=voters_of(held_by, timezone.localdate(now)),
        least_shown=key_of("ballot_least_shown", held_by, timezone.localdate(now)),
    )  # fmt: skip
    said = _("第 %(number)s 号投票已发起。") % {"number": opened.pk}
    _print({"id": opened.pk, "voters": opened.voters.count()}) if as_json else click.echo(said)


@ballot.command("show", short_help=_("看进度和结果"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看多少人投了；计票后看结果。"""
    actor = acting_person()
    from ronghe.domain.ballots.enums import BallotState
    from ronghe.domain.ballots.selectors import items_of, progress_of, result_of

    held = _seen(actor, number)
    progress = progress_of(held)
    result = result_of(held) if held.state == BallotState.CLOSED else None
    if as_json:
        counts = {item.number: item.counts for item in result.items if not item.is_hidden} if result else {}
        items = [{"number": one.number, "title": one.title, "counts": counts.get(one.number)} for one in items_of(held)]
        _print({"id": held.pk, "title": held.title, "state": held.state, "choices": held.choices, "items": items,
                "voters": progress.voters, "cast": progress.cast, "papers": progress.papers})  # fmt: skip
        return
    click.echo(f"{held.title}  {held.get_state_display()}")
    click.echo(_("%(voters)s 人中 %(cast)s 人已投。") % {"voters": progress.voters, "cast": progress.cast})
    if result is not None and result.is_hidden:
        click.echo(_("投票的人太少，结果不公布，也没有保存。"))
    elif result is not None:
        for item in result.items:
            if item.is_hidden:
                click.echo(f"{item.number}. {item.title}  {_('表态的人太少，不公布，也没有保存。')}")
                continue
            words = [f"{_(word)} {votes}" for word, votes in zip(result.choices, item.counts, strict=True)]
            click.echo(f"{item.number}. {item.title}  {'  '.join(words)}")


@ballot.command("vote", short_help=_("本人投票"))
@_number
def vote(number: int) -> None:
    """逐项问您选哪个，再问密码；投出后不能更改，也查不到。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.ballots.selectors import items_of
    from ronghe.domain.ballots.services.ballots import cast_votes
    from ronghe.kernel.access.login import log_in

    held = _seen(actor, number)
    words = "  ".join(f"{place} {_(word)}" for place, word in enumerate(held.choices, start=1))
    places = click.IntRange(1, len(held.choices))
    votes = {
        item.number: click.prompt(f"{item.number}. {item.title}\n{words}", type=places, hide_input=True)
        for item in items_of(held)
    }
    login = (click.get_current_context().find_root().obj or {}).get("account", "")
    if log_in(login=login, password=click.prompt(_("密码"), hide_input=True), at=timezone.now()) is None:
        raise NotYourself
    cast_votes(ballot=held, votes=votes, actor=actor, at=timezone.now())
    click.echo(_("已投票。投了什么只有您自己知道，系统也查不到。"))


@ballot.command("close", short_help=_("结束投票并计票"))
@_number
def close(number: int) -> None:
    """结束投票并计票，只有发起人可以。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.ballots.services.ballots import close_ballot

    done = close_ballot(ballot=_seen(actor, number), actor=actor, at=timezone.now())
    click.echo(_("已计票，%(cast)s 人投票。") % {"cast": done.cast_count})


@ballot.command("void", short_help=_("作废"))
@_number
@click.option("--reason", required=True, help="为什么作废")
def void(number: int, reason: str) -> None:
    """作废一次投票，票不计。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.ballots.services.ballots import void_ballot

    void_ballot(ballot=_seen(actor, number), reason=reason, actor=actor, at=timezone.now())
    click.echo(_("已作废。"))


@ballot.command("papers", short_help=_("发纸票、收回、录入、复核"))
@_number
@click.option("--hand", multiple=True, metavar="WHO", help="给谁发纸票，可写多次")
@click.option("--back", multiple=True, metavar="WHO", help="收回谁的纸票，可写多次")
@click.option("--count", "counts", multiple=True, metavar="ITEM=N,N,N", help="各事项各选项的纸票张数，可写多次")
@click.option("--check", is_flag=True, help="复核别人录入的纸票")
@click.option("--show", is_flag=True, help="看录入了什么，复核以前看")
def papers(
    number: int, hand: tuple[str, ...], back: tuple[str, ...], counts: tuple[str, ...], check: bool, show: bool
) -> None:
    """纸票：按人发出，一人录入，另一人复核，计票时并入。

    \b
    例：ronghe --as shuji ballot papers 3 --hand 王建国
        ronghe --as shuji ballot papers 3 --count 1=1,0,0
        ronghe --as dangyuan ballot papers 3 --check
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.ballots.services.papers import check_papers, hand_papers, take_back_paper, tell_papers

    held, now = _seen(actor, number), timezone.now()
    told = dict(_told(text) for text in counts)
    if hand:
        hand_papers(ballot=held, voters=[_voter(held, who) for who in hand], actor=actor, at=now)
    for who in back:
        take_back_paper(ballot=held, voter=_voter(held, who), actor=actor, at=now)
    if told:
        tell_papers(ballot=held, counts=told, actor=actor, at=now)
    if show:
        _tell_papers(held, actor, now)
        return
    if check:
        check_papers(ballot=held, actor=actor, at=now)
    click.echo(_("已记下。"))


def _tell_papers(held: Ballot, actor: Person, now: datetime) -> None:
    from ronghe.domain.ballots.rules import CHECK_PAPERS, RUN_BALLOT
    from ronghe.domain.ballots.services.papers import papers_told

    if not (RUN_BALLOT.allows(actor, held, at=now) or CHECK_PAPERS.allows(actor, held, at=now)):
        raise NotAllowed
    told = papers_told(held) if held.state == "open" else None
    if told is None:
        raise NotFound
    for number, line in enumerate(told, start=1):
        click.echo(f"{number}={','.join(map(str, line))}")


def _told(text: str) -> tuple[int, list[int]]:
    item, _sep, numbers = text.partition("=")
    try:
        return int(item), [int(one) for one in numbers.split(",")]
    except ValueError as error:
        raise click.BadParameter(_("写成 事项=张数,张数,张数，例如 1=2,0,1。")) from error


def _voter(held: Ballot, who: str) -> Person:
    from ronghe.domain.org.models import Person

    return person_called(who, Person.objects.filter(ballots_to_vote__ballot=held).order_by("pk"))


def _seen(actor: Person, number: int) -> Ballot:
    from django.utils import timezone

    from ronghe.domain.ballots.selectors import ballots_seen_by

    found = ballots_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
