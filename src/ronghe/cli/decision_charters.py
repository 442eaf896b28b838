"""The part of `ronghe decision` that is about the charter's Party-building clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, row_called
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.decisions.models import Charter, CharterClause
    from ronghe.domain.org.models import Person


@click.command("charters", short_help=_("列出章程党建条款"))
@JSON
def charters(as_json: bool) -> None:
    """列出您能看到的各版章程党建条款。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.selectors.rulebooks import charters_seen_by

    rows = list(charters_seen_by(actor, now)[:200])
    lines = [f"{row.pk:>6}  {row.title}  v{row.number}  {row.get_state_display()}" for row in rows]
    tell([_charter(row) for row in rows], "\n".join(lines), as_json=as_json)


@click.command("charter", short_help=_("看一版条款各管着什么"))
@NUMBER
@JSON
def charter(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的章程条款，每条管着哪些事项和制度，哪些还没有着落。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.selectors.rulebooks import coverage_of

    found = _seen(actor, number)
    covered = coverage_of(found, now)
    clauses, said = [], []
    for line in covered.lines:
        governed = [{"id": one.pk, "governs": one.governs, "title": one.title} for one in line.governed]
        clauses.append({"id": line.clause.pk, "label": line.clause.label, "governed": governed})
        said.append(f"{line.clause.pk:>6}  {line.clause.label}  {line.clause.text}")
        said += [f"      {one.pk:>6}  {one.title}" for one in line.governed]
    baseless = [row.title for row in covered.baseless]
    said += [_("没有依据：%(title)s") % {"title": title} for title in baseless]
    tell(_charter(found) | {"clauses": clauses, "baseless": baseless}, "\n".join(said), as_json=as_json)


@click.command("draft-charter", short_help=_("起草下一版章程条款"))
@click.argument("body")
@click.option("--title", default="", help="章程名称，不写就沿用现行版的")
@JSON
def draft_charter_(body: str, title: str, as_json: bool) -> None:
    """照现行的一版起草 BODY（名称或编号）的下一版章程党建条款。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep
    from ronghe.domain.decisions.services.charters import draft_charter

    made = draft_charter(body=body_called(body, bodies_to_keep(actor, now)), title=title, actor=actor, at=now)
    tell(_charter(made), _("已起草，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("set-clause", short_help=_("在草稿里加或改一条条款"))
@NUMBER
@click.option("--clause", type=int, help="改哪一条的编号；不写就是加一条")
@click.option("--label", required=True, help="条号，如 第三十一条")
@click.option("--text", required=True, help="条文")
@JSON
def set_clause_(number: int, clause: int | None, label: str, text: str, as_json: bool) -> None:
    """在编号 NUMBER 的章程草稿里加一条，或改一条。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.charters import set_clause

    found = _seen(actor, number)
    changed = _clause(found, clause) if clause is not None else None
    made = set_clause(charter=found, clause=changed, label=label, text=text, actor=actor, at=now)
    tell(
        {"id": made.pk, "label": made.label}, _("条款已记下，编号 %(number)s。") % {"number": made.pk}, as_json=as_json
    )


@click.command("drop-clause", short_help=_("从草稿里去掉一条条款"))
@NUMBER
@click.argument("clause", type=int)
@JSON
def drop_clause_(number: int, clause: int, as_json: bool) -> None:
    """从编号 NUMBER 的章程草稿里去掉编号 CLAUSE 的一条。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.charters import drop_clause

    found = _seen(actor, number)
    drop_clause(clause=_clause(found, clause), actor=actor, at=now)
    tell(_charter(found), _("已去掉。"), as_json=as_json)


@click.command("link-clause", short_help=_("连上条款管着的事"))
@NUMBER
@click.argument("clause", type=int)
@click.argument("governs", type=click.Choice(["matter", "mechanism", "rules"]))
@click.option("--reference", default="", help="清单事项的号或制度的编号；议事规则不写")
@JSON
def link_clause_(number: int, clause: int, governs: str, reference: str, as_json: bool) -> None:
    """把编号 NUMBER 的章程里编号 CLAUSE 的一条，连到它管着的事项、制度或议事规则。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.enums import Governs
    from ronghe.domain.decisions.services.charters import link_clause

    found = _clause(_seen(actor, number), clause)
    made = link_clause(clause=found, governs=Governs(governs), reference=reference, actor=actor, at=now)
    tell({"id": made.pk, "governs": made.governs, "reference": made.reference}, _("已连上。"), as_json=as_json)


@click.command("unlink-clause", short_help=_("断开条款管着的事"))
@NUMBER
@click.argument("link", type=int)
@JSON
def unlink_clause_(number: int, link: int, as_json: bool) -> None:
    """断开编号 NUMBER 的章程里编号 LINK 的一处连接。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.models import ClauseLink
    from ronghe.domain.decisions.services.charters import unlink_clause

    found = _seen(actor, number)
    rows = ClauseLink.objects.select_related("clause__charter__body").filter(clause__charter=found)
    unlink_clause(link=row_called(link, rows), actor=actor, at=now)
    tell(_charter(found), _("已断开。"), as_json=as_json)


@click.command("adopt-charter", short_help=_("章程条款生效"))
@NUMBER
@click.option("--document", required=True, help="由哪次会议或文件通过")
@JSON
def adopt_charter_(number: int, document: str, as_json: bool) -> None:
    """让编号 NUMBER 的章程草稿生效；原来的一版留着可查。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.charters import adopt_charter

    made = adopt_charter(charter=_seen(actor, number), document=document, actor=actor, at=now)
    tell(_charter(made), _("条款已生效，原来的一版留着可查。"), as_json=as_json)


def _seen(actor: Person, number: int) -> Charter:
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.rulebooks import charters_seen_by

    return row_called(number, charters_seen_by(actor, timezone.now()))


def _clause(of_charter: Charter, clause: int) -> CharterClause:
    from ronghe.domain.decisions.models import CharterClause

    return row_called(clause, CharterClause.objects.select_related("charter__body").filter(charter=of_charter))


def _charter(row: Charter) -> dict[str, Any]:
    return {
        "id": row.pk, "body": row.body.name, "title": row.title, "number": row.number, "state": row.state,
        "document": row.document,
    }  # fmt: skip


CHARTERS = (
    charters,
    charter,
    draft_charter_,
    set_clause_,
    drop_clause_,
    link_clause_,
    unlink_clause_,
    adopt_charter_,
)
"""Commands that `ronghe decision` takes in."""
