"""`ronghe body figures`: the figures of rules that an uppermost committee sets."""

from __future__ import annotations

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.telling import JSON, tell
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.words import _


@click.command("figures", short_help=_("看规则里的数值"))
@JSON
def figures(as_json: bool) -> None:
    """看现在用的规则数值；由最上级党委的办公室看和定。"""
    actor, now = acting_now()
    from ronghe.domain.structure.selectors.figures import figures_in_force
    from ronghe.domain.structure.services.figures import may_set_figures

    if not may_set_figures(actor, now):
        raise NotAllowed
    rows = [
        {"code": row.code, "rule": row.rule, "title": _(row.title), "figure": row.figure, "most": row.most}
        for row in figures_in_force().rows()
    ]
    lines = [f"{row['code']}  {row['rule']}  {row['figure']}  {row['title']}" for row in rows]
    tell(rows, "\n".join(lines), as_json=as_json)


@click.command("set-figure", short_help=_("定规则里的一个数值"))
@click.argument("code")
@click.argument("figure", type=int)
@click.option("--grounds", required=True, help="依据")
@JSON
def set_figure_(code: str, figure: int, grounds: str, as_json: bool) -> None:
    """把规则数值 CODE 定为 FIGURE，从现在起按新数值。"""
    actor, now = acting_now()
    from ronghe.domain.structure.services.figures import set_figure

    made = set_figure(code=code, figure=figure, grounds=grounds, actor=actor, at=now)
    tell({"code": made.code, "figure": made.figure}, _("已改，从现在起按新数值。"), as_json=as_json)
