"""`ronghe veto`: one-vote vetoes, raised with evidence, reviewed by another, lifted."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, opened_files, person_called
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.appraisal.models import VetoCase

EPILOG = """\b
举例：
  ronghe --as dangqun veto kinds
  ronghe --as dangqun veto raise false_appraisal 南一联合站党支部 --on 2026-08-20 --until 2027-08-19 --evidence 通报第8号
  ronghe --as dangqun veto attach 3 --file 通报.pdf
  ronghe --as jijian veto review 3 --holds --text 通报属实
  ronghe --as jijian veto lift 3 --text 复查撤销

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
_number = click.argument("number", type=int, metavar="NUMBER")
_files = click.option(
    "--file",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="依据的照片或 PDF，可以写几次",
)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=EPILOG, short_help=_("一票否决"))
def veto() -> None:
    """一票否决：提出、复核、解除。"""


@veto.command("kinds", short_help=_("列出否决项"))
def kinds() -> None:
    """列出评分表里的否决项。"""
    acting_now()
    from ronghe.domain.appraisal.selectors.vetoes import veto_kinds

    for kind in veto_kinds().values():
        click.echo(f"{kind.id}  {kind.here}")


@veto.command("list", short_help=_("列出一票否决"))
@click.option("--state", default="", metavar="STATE", help="raised、in_force、refused 或 lifted。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def list_(*, state: str, as_json: bool) -> None:
    """列出能看到的一票否决，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.vetoes import list_vetoes

    listed = list_vetoes(actor, now, state=state, size=200)
    if as_json:
        rows = [
            {"id": case.pk, "veto": case.veto, "body": case.body_id, "state": case.state,
             "happened_on": case.happened_on.isoformat(), "until_on": case.until_on.isoformat()}
            for case in listed
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for case in listed:
        _tell(case)


@veto.command("raise", short_help=_("提出一票否决"))
@click.argument("kind", metavar="VETO")
@click.argument("body")
@click.option("--on", "happened_on", type=_DAY, required=True, help="哪天发生。")
@click.option("--until", "until_on", type=_DAY, required=True, help="期限的最后一天。")
@click.option("--evidence", required=True, metavar="TEXT", help="依据。")
@click.option("--person", default="", metavar="WHO", help="对党员本人提出；BODY 是所在党支部。")
@_files
def raise_(
    *, kind: str, body: str, happened_on: datetime, until_on: datetime, evidence: str, person: str,
    files: tuple[Path, ...],
) -> None:  # fmt: skip
    """对党组织或党员提出一票否决，等另一人复核。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.vetoes import bodies_to_veto
    from ronghe.domain.appraisal.services.vetoes import raise_veto
    from ronghe.domain.org.selectors.people import people_seen_by
    from ronghe.domain.work.services.files import arrived_file

    with opened_files(files) as uploads:
        case = raise_veto(
            body=body_called(body, bodies_to_veto(actor, now)), veto=kind, evidence=evidence,
            happened_on=happened_on.date(), until_on=until_on.date(), actor=actor, at=now,
            person=person_called(person, people_seen_by(actor, now)) if person else None,
            files=[arrived_file(one) for one in uploads],
        )  # fmt: skip
    _tell(case)


@veto.command("attach", short_help=_("附材料"))
@_number
@_files
def attach(*, number: int, files: tuple[Path, ...]) -> None:
    """复核以前附照片或 PDF。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.vetoes import veto_seen_by
    from ronghe.domain.appraisal.services.vetoes import add_veto_files
    from ronghe.domain.work.services.files import arrived_file

    case = veto_seen_by(actor, number, now)
    with opened_files(files) as uploads:
        add_veto_files(case=case, files=[arrived_file(one) for one in uploads], actor=actor, at=now)
    _tell(case)


@veto.command("review", short_help=_("复核"))
@_number
@click.option("--holds/--refused", "holds", required=True, help="成立，或不成立。")
@click.option("--text", "remark", required=True, metavar="TEXT", help="理由。")
def review(*, number: int, holds: bool, remark: str) -> None:
    """复核别人提出的一票否决。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.vetoes import veto_seen_by
    from ronghe.domain.appraisal.services.vetoes import review_veto

    _tell(review_veto(case=veto_seen_by(actor, number, now), holds=holds, remark=remark, actor=actor, at=now))


@veto.command("lift", short_help=_("解除"))
@_number
@click.option("--text", "reason", required=True, metavar="TEXT", help="理由。")
@click.option("--from", "from_on", type=_DAY, help="从哪天起不再有效；不写是今天。")
def lift(*, number: int, reason: str, from_on: datetime | None) -> None:
    """解除生效的一票否决。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.vetoes import veto_seen_by
    from ronghe.domain.appraisal.services.vetoes import lift_veto

    day = from_on.date() if from_on else None
    _tell(lift_veto(case=veto_seen_by(actor, number, now), reason=reason, from_on=day, actor=actor, at=now))


def _tell(case: VetoCase) -> None:
    whose = case.person.name if case.person else case.body.name
    click.echo(
        f"{case.pk:>5}  {case.title_zh}  {whose}  {case.happened_on}—{case.until_on}  {case.get_state_display()}"
    )
