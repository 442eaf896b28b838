"""`ronghe alliance`: partners outside, and one list of difficulties with an owner on each side."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
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
_text = click.option("--text", required=True, help="做了什么，或结果")


@click.group(epilog=EPILOG, short_help=_("党建联盟"))
def alliance() -> None:
    """党建联盟：伙伴、沟通和共同难题清单。"""


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

    found = _seen(actor, number)
    chosen = [one for one in partners_of(found) if not partners or one.pk in partners]
    made = hold_contact(
        alliance=found, day=day.date() if day else timezone.localdate(), form=ContactForm(form), partners=chosen,
        settled=settled, actor=actor, at=timezone.now(),
    )  # fmt: skip
    said = _("已记下，下次沟通 %(day)s。") % {"day": made.next_on}
    _tell({"id": made.pk, "next_on": f"{made.next_on}"}, said, as_json=as_json)


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


def _seen(actor: Person, number: int) -> Alliance:
    from django.utils import timezone

    from ronghe.domain.alliances.selectors import alliances_seen_by

    found = alliances_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _seen_difficulty(actor: Person, number: int) -> AllianceDifficulty:
    from django.utils import timezone

    from ronghe.domain.alliances.selectors import difficulties_seen_by

    found = difficulties_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


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
