"""`ronghe alliance`: partners outside, and one list of difficulties with an owner on each side."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.alliance_people import PEOPLE
from ronghe.cli.finding import body_called, person_called, row_called
from ronghe.cli.telling import DAY
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.alliances.models import Alliance, AllianceDifficulty
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun alliance list
  ronghe --as dangqun alliance contact 1 --settled 月底前会商用地 --form visit
  ronghe --as dangqun alliance difficulties 1
  ronghe --as dangqun alliance claim 3
  ronghe --as dangqun alliance resolve 3 --text 已批复
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
KINDS = ("local_government", "production_unit", "brother_unit", "mixed", "innovation")
_text = click.option("--text", required=True, help="做了什么，或结果")


@click.group(epilog=EPILOG, short_help=_("党建联盟"))
def alliance() -> None:
    """党建联盟：伙伴、沟通和共同难题清单。"""


for _command in PEOPLE:
    alliance.add_command(_command)


@alliance.command("list", short_help=_("列出党建联盟"))
@_json
def list_(as_json: bool) -> None:
    """列出您能看到的党建联盟。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.alliances.selectors import alliances_seen_by

    rows = [_alliance(row) for row in alliances_seen_by(actor, timezone.now())[:500]]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['name']}  {row['next_contact_on']}")
    click.echo(_("共 %(count)s 个。") % {"count": len(rows)})


@alliance.command("found", short_help=_("建立党建联盟"))
@click.argument("name")
@click.option("--body", required=True, help="我方党组织的名称或编号")
@click.option("--kind", type=click.Choice(KINDS), default="mixed", show_default=True, help="与谁")
@click.option("--purpose", default="", help="共同要做的事")
@click.option("--from", "starts_on", type=DAY, help="从哪一天起，不写为今天")
@click.option("--until", "ends_on", type=DAY, help="到哪一天止，不写为长期")
@click.option("--contact-days", type=click.IntRange(1, 366), help="最长多少天沟通一次，不写按范本")
@click.option("--document", default="", help="在平台外签的联盟协议，名称或文号")
@_json
def found(
    name: str, body: str, kind: str, purpose: str, starts_on: datetime | None, ends_on: datetime | None,
    contact_days: int | None, document: str, as_json: bool,
) -> None:  # fmt: skip
    """建立名为 NAME 的党建联盟，接着加伙伴。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.enums import AllianceKind
    from ronghe.domain.alliances.selectors import bodies_to_found_in
    from ronghe.domain.alliances.services.alliances import found_alliance

    made = found_alliance(
        name=name, kind=AllianceKind(kind), body=body_called(body, bodies_to_found_in(actor, now)), purpose=purpose,
        starts_on=starts_on.date() if starts_on else None, ends_on=ends_on.date() if ends_on else None,
        contact_days=contact_days, document=document, actor=actor, at=now,
    )  # fmt: skip
    _tell(_alliance(made), _("“%(name)s”已建立，请加伙伴。") % {"name": made.name}, as_json=as_json)


@alliance.command("end", short_help=_("结束党建联盟"))
@_number
@_json
def end(number: int, as_json: bool) -> None:
    """结束一个党建联盟，难题都办结了才可以。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services.alliances import end_alliance

    made = end_alliance(alliance=_seen(actor, number), actor=actor, at=now)
    _tell(_alliance(made), _("联盟已结束，记录都在。"), as_json=as_json)


@alliance.command("difficulties", short_help=_("列出共同难题"))
@_number
@click.option("--all", "everything", is_flag=True, help="连同已办结的")
@_json
def difficulties(number: int, everything: bool, as_json: bool) -> None:
    """列出一个联盟的共同难题清单。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.alliances.selectors import list_difficulties

    state = "" if everything else "open"
    listed = list_difficulties(actor, timezone.now(), alliance=_seen(actor, number), state=state, size=500)
    rows = [_difficulty(row) for row in listed]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['title']}  {row['partner']}  {row['due_on']}  {row['state']}")
    click.echo(_("共 %(count)s 个。") % {"count": len(rows)})


@alliance.command("contact", short_help=_("记一次沟通"))
@_number
@click.option("--settled", required=True, help="商定了什么")
@click.option(
    "--form", default="consultation", type=click.Choice(["consultation", "visit", "phone", "on_site"]), help="形式"
)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")
@click.option("--partner", "partners", multiple=True, type=int, help="伙伴编号，不写为全部")
@_json
def contact(
    number: int, settled: str, form: str, day: datetime | None, partners: tuple[int, ...], as_json: bool
) -> None:
    """记下与联盟伙伴的一次沟通。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.alliances.enums import ContactForm
    from ronghe.domain.alliances.selectors import partners_of
    from ronghe.domain.alliances.services.contacts import hold_contact

    seen = _seen(actor, number)
    chosen = [one for one in partners_of(seen) if not partners or one.pk in partners]
    made = hold_contact(
        alliance=seen, day=day.date() if day else timezone.localdate(), form=ContactForm(form), partners=chosen,
        settled=settled, actor=actor, at=timezone.now(),
    )  # fmt: skip
    said = _("已记下，下次沟通 %(day)s。") % {"day": made.next_on}
    _tell({"id": made.pk, "next_on": f"{made.next_on}"}, said, as_json=as_json)


@alliance.command("raise", short_help=_("提出难题"))
@_number
@click.option("--title", required=True, help="难题是什么")
@click.option("--partner", required=True, type=int, help="与哪个伙伴一起办：伙伴的编号")
@click.option("--due", type=DAY, required=True, help="期限")
@click.option("--text", default="", help="具体情况")
@_json
def raise_(number: int, title: str, partner: int, due: datetime, text: str, as_json: bool) -> None:
    """把一个难题列入联盟 NUMBER 的共同清单，等双方认领。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.selectors import partners_of
    from ronghe.domain.alliances.services import difficulties as acts

    seen = _seen(actor, number)
    with_ = row_called(partner, partners_of(seen))
    made = acts.raise_difficulty(
        alliance=seen, partner=with_, title=title, due_on=due.date(), text=text, actor=actor, at=now
    )
    _tell(_difficulty(made), _("已列入共同清单，等双方认领。"), as_json=as_json)


@alliance.command("owner", short_help=_("定我方牵头人"))
@_number
@click.argument("who")
@_json
def owner(number: int, who: str, as_json: bool) -> None:
    """定 WHO（姓名或员工号）在我方牵头办一个难题。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.selectors import our_people
    from ronghe.domain.alliances.services.difficulties import claim_ours

    seen = _seen_difficulty(actor, number)
    chosen = person_called(who, our_people(seen.alliance, now))
    _tell(
        _difficulty(claim_ours(difficulty=seen, owner=chosen, actor=actor, at=now)), _("我方牵头人已定。"),
        as_json=as_json,
    )  # fmt: skip


@alliance.command("claim", short_help=_("认领难题"))
@_number
@_json
def claim(number: int, as_json: bool) -> None:
    """为您所在的一方认领难题。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.alliances.rules import CLAIM_OURS
    from ronghe.domain.alliances.services.difficulties import claim_ours, claim_theirs

    found, now = _seen_difficulty(actor, number), timezone.now()
    act = claim_ours if CLAIM_OURS.allows(actor, found, at=now) else claim_theirs
    _tell(_difficulty(act(difficulty=found, actor=actor, at=now)), _("已认领。"), as_json=as_json)


@alliance.command("progress", short_help=_("记难题进展"))
@_number
@_text
@click.option("--next", "next_side", default="both", type=click.Choice(["ours", "theirs", "both"]), help="接下来等谁")
@_json
def progress(number: int, text: str, next_side: str, as_json: bool) -> None:
    """记下一个难题的进展，写明接下来等谁。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.alliances.enums import Side
    from ronghe.domain.alliances.services import difficulties as acts

    found = _seen_difficulty(actor, number)
    made = acts.progress(difficulty=found, text=text, next_side=Side(next_side), actor=actor, at=timezone.now())
    _tell(_difficulty(made), _("进展已记下。"), as_json=as_json)


@alliance.command("resolve", short_help=_("办结难题"))
@_number
@_text
@_json
def resolve(number: int, text: str, as_json: bool) -> None:
    """写明结果，办结一个难题。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.alliances.services import difficulties as acts

    made = acts.resolve(difficulty=_seen_difficulty(actor, number), result=text, actor=actor, at=timezone.now())
    _tell(_difficulty(made), _("难题已解决。"), as_json=as_json)


@alliance.command("comment", short_help=_("在难题下留言"))
@_number
@_text
@_json
def comment(number: int, text: str, as_json: bool) -> None:
    """在一个难题下留言，双方都看得到。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services import difficulties as acts

    seen = _seen_difficulty(actor, number)
    acts.comment(difficulty=seen, text=text, actor=actor, at=now)
    _tell(_difficulty(seen), _("已留言。"), as_json=as_json)


@alliance.command("shelve", short_help=_("搁置难题"))
@_number
@_text
@_json
def shelve(number: int, text: str, as_json: bool) -> None:
    """写明原因，搁置一个难题；以后可以重新推进。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services import difficulties as acts

    made = acts.shelve(difficulty=_seen_difficulty(actor, number), text=text, actor=actor, at=now)
    _tell(_difficulty(made), _("已搁置，可以重新推进。"), as_json=as_json)


@alliance.command("resume", short_help=_("重新推进难题"))
@_number
@_text
@_json
def resume(number: int, text: str, as_json: bool) -> None:
    """写明原因，重新推进一个搁置的难题。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services import difficulties as acts

    made = acts.resume(difficulty=_seen_difficulty(actor, number), text=text, actor=actor, at=now)
    _tell(_difficulty(made), _("已重新推进。"), as_json=as_json)


@alliance.command("task", short_help=_("我方部分转为任务"))
@_number
@_json
def task(number: int, as_json: bool) -> None:
    """把一个难题里我方的部分转为牵头人的任务，期限同难题。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services import difficulties as acts

    made = acts.make_task(difficulty=_seen_difficulty(actor, number), actor=actor, at=now)
    _tell({"task": made.pk, "title": made.title}, _("我方的部分已转为任务。"), as_json=as_json)


@alliance.command("withdraw", short_help=_("撤回难题"))
@_number
@_json
def withdraw(number: int, as_json: bool) -> None:
    """撤回您这一方提出、还没有双方认领的难题。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services import difficulties as acts

    made = acts.withdraw(difficulty=_seen_difficulty(actor, number), actor=actor, at=now)
    _tell(_difficulty(made), _("已撤回。"), as_json=as_json)


def _seen(actor: Person, number: int) -> Alliance:
    from django.utils import timezone

    from ronghe.domain.alliances.selectors import alliances_seen_by

    return row_called(number, alliances_seen_by(actor, timezone.now()))


def _seen_difficulty(actor: Person, number: int) -> AllianceDifficulty:
    from django.utils import timezone

    from ronghe.domain.alliances.selectors import difficulties_seen_by

    return row_called(number, difficulties_seen_by(actor, timezone.now()))


def _alliance(row: Alliance) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "kind": row.kind, "body": row.body.name,
        "next_contact_on": f"{row.next_contact_on}", "ended_on": f"{row.ended_on}" if row.ended_on else None,
    }  # fmt: skip


def _difficulty(row: AllianceDifficulty) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "partner": row.partner.name, "due_on": f"{row.due_on}", "state": row.state,
        "our_owner": row.our_owner.name if row.our_owner else None, "waiting_for": row.waiting_for,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
