"""`ronghe obligation`: what is owed, and letting a body off."""

from __future__ import annotations

import json
from typing import Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

EPILOG = """\b
举例：
  ronghe --as xiequ obligation list
  ronghe --as xiequ obligation list --state missed --json
  ronghe --as dangqun obligation waive 12 --reason 现场停产检修
"""


@click.group(epilog=EPILOG, short_help=_("应办事项：待办、漏办、免办"))
def obligation() -> None:
    """应办事项：每项制度何时该办、办了没有。"""


@obligation.command("list", short_help=_("列出应办事项"))
@click.option(
    "--state", type=click.Choice(["open", "missed", "met", "waived", "all"]), default="open", show_default=True
)
@click.option("--page", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def list_(state: str, page: int, as_json: bool) -> None:
    """列出您能看到的应办事项，先到期的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.selectors import list_obligations

    listed = list_obligations(actor, timezone.now(), choice=state, page=page, size=50)
    if as_json:
        click.echo(json.dumps({"count": listed.count, "items": [_row(row) for row in listed]}, ensure_ascii=False))
        return
    for row in listed:
        said = _row(row)
        click.echo(f"{said['id']:>7}  {said['due_on']}  {said['state_label']}  {said['title']}  {said['body']}")
    click.echo(_("共 %(count)s 件，第 %(page)s 页，共 %(pages)s 页。")
               % {"count": f"{listed.count}", "page": listed.page, "pages": listed.pages})  # fmt: skip


@obligation.command("waive", short_help=_("免办一件应办事项"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=_("为什么可以不办"))
def waive_(number: int, reason: str) -> None:
    """让一个组织不用办这一件，写明理由；由上级党组织办理。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.selectors import obligations_seen_by
    from ronghe.domain.obligations.services.waiving import waive

    now = timezone.now()
    found = obligations_seen_by(actor, now).filter(pk=number).first()
    if found is None:
        raise NotFound
    waive(obligation=found, reason=reason, actor=actor, at=now)
    click.echo(_("已免办：%(title)s") % {"title": found.title})


def _row(row: Any) -> dict[str, Any]:
    from ronghe.domain.obligations.enums import ObligationState

    return {
        "id": row.pk,
        "title": row.title,
        "mechanism": row.mechanism,
        "body": row.body.name,
        "window_from": row.window_from.isoformat(),
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "state_label": str(ObligationState(row.state).label),
    }
