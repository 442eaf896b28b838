"""`ronghe playbook …` with the database: drafts, adopting for many, what adopting would change, governing documents."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import PartyOrg, Person
    from ronghe.domain.playbooks.models import PlaybookDraft
    from ronghe.domain.playbooks.selectors.books import Shelved

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
_number = click.argument("number", type=click.IntRange(1, 2**62), metavar="NUMBER")
_since = click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="从哪天起，不写为今天。")
_bodies = click.option("--body", "names", multiple=True, required=True, help="党组织的全称或编号，可写多个。")


@click.command("adoptions", short_help=_("谁在执行哪份范本"))
@_json
def adoptions(*, as_json: bool) -> None:
    """列出您能看到的采用记录。"""
    actor, now = _now()
    from ronghe.domain.playbooks.selectors import adoptions_seen_by

    rows = list(adoptions_seen_by(actor, now).filter(valid_until=None))
    if as_json:
        _print([{"id": row.pk, **_adopted(row)} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.version}  {row.valid_from}  {row.body.name}")
    click.echo(_("共 %(count)s 条。") % {"count": len(rows)})


@click.command("end", short_help=_("停用范本"))
@_number
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="从哪天起停用。")
@_json
def end(number: int, *, until: datetime, as_json: bool) -> None:
    """停用一条采用记录 NUMBER。"""
    actor, now = _now()
    from ronghe.domain.playbooks.selectors import adoptions_seen_by
    from ronghe.domain.playbooks.services import end_adoption

    row = adoptions_seen_by(actor, now).filter(pk=number).first()
    if row is None:
        raise NotFound
    row = end_adoption(adoption=row, until=until.date(), actor=actor, at=now)
    _tell({"id": row.pk, **_adopted(row)}, _("已停用。"), as_json=as_json)


@click.command("foresee", short_help=_("采用以后会怎样"))
@click.argument("reference", metavar="ID")
@_bodies
@_since
@_json
def foresee_(reference: str, *, names: tuple[str, ...], since: datetime | None, as_json: bool) -> None:
    """算出这些组织采用范本 ID 以后，一个季度的应办事项增减多少；什么都不写入。"""
    actor, now = _now()
    from ronghe.domain.rollouts.selectors.foresight import foresee

    rows = foresee(_chosen(names, actor, now), _shelved(reference, actor, now).playbook, _day(since, now))
    told = [
        {
            "body": row.body.name, "added": len(row.added), "gone": len(row.gone), "moved": len(row.moved),
            "kept": row.kept, "kept_met": row.kept_met, "conflict": row.conflict,
        }
        for row in rows
    ]  # fmt: skip
    if as_json:
        _print(told)
        return
    for line in told:
        click.echo(
            _("%(body)s：新增 %(added)s 件，不再要求 %(gone)s 件，改期 %(moved)s 件，照旧 %(kept)s 件 %(conflict)s")
            % line
        )


@click.command("adopt-many", short_help=_("给多个组织采用"))
@click.argument("reference", metavar="ID")
@_bodies
@_since
@_json
def adopt_many(reference: str, *, names: tuple[str, ...], since: datetime | None, as_json: bool) -> None:
    """让多个党组织采用范本 ID，逐个办理，采用不了的跳过并说明。"""
    actor, now = _now()
    from ronghe.domain.playbooks.services.batches import carry_on, start_batch

    playbook = _shelved(reference, actor, now).playbook
    batch = start_batch(
        bodies=_chosen(names, actor, now), playbook=playbook, since=_day(since, now), actor=actor, at=now
    )
    batch = carry_on(batch=batch, at=now)
    told = {"count": batch.count, "adopted": batch.done - len(batch.refused), "refused": batch.refused}
    _tell(told, _("%(adopted)s / %(count)s 个已采用。") % told, as_json=as_json)


@click.command("drafts", short_help=_("范本草稿"))
@_json
def drafts(*, as_json: bool) -> None:
    """列出您可以写的草稿。"""
    actor, now = _now()
    from ronghe.domain.playbooks.selectors.drafts import drafts_seen_by

    rows = list(drafts_seen_by(actor, now).filter(state="open").defer("text"))
    if as_json:
        _print([_draft(row) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.title}  {row.body.name}  {row.saved_by.name}")
    click.echo(_("共 %(count)s 份。") % {"count": len(rows)})


@click.command("draft", short_help=_("起草范本"))
@click.option("--body", required=True, help="哪个组织的范本：全称或编号。")
@click.option("--base", default="", help="以哪份范本为底，例 daqing_zone。")
@click.option("--file", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="用这份文件的文字。")
@click.option("--practice", is_flag=True, help="由近 90 天的实际做法整理。")
@_json
def draft(*, body: str, base: str, file: Path | None, practice: bool, as_json: bool) -> None:
    """起草本单位的范本：以现成的为底，或用文件，或由实际做法整理。"""
    actor, now = _now()
    from ronghe.domain.playbooks.calc.loading import read_text
    from ronghe.domain.playbooks.services.drafting import begin_draft
    from ronghe.domain.rollouts.selectors.practice import practice_of, text_of_practice

    [chosen] = _chosen((body,), actor, now)
    text = read_text(file) if file else None
    below = _shelved(base, actor, now) if base else None
    if practice:
        found = practice_of(chosen, now)
        if found is None:
            raise NotFound
        text, below = text_of_practice(found), _shelved(str(found.adoption.version), actor, now)
    made = begin_draft(body=chosen, base=below, text=text, actor=actor, at=now)
    _tell(_draft(made), _("已起草，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("draft-show", short_help=_("草稿的文字"))
@_number
def draft_show(number: int) -> None:
    """把草稿 NUMBER 的文字写到标准输出。"""
    actor, now = _now()
    click.echo(_own(number, actor, now).text, nl=False)


@click.command("draft-save", short_help=_("存草稿"))
@_number
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--revision", type=int, help="读到的第几次，不写为现在的。")
@_json
def draft_save(number: int, file: Path, *, revision: int | None, as_json: bool) -> None:
    """用文件 FILE 的文字存草稿 NUMBER。"""
    actor, now = _now()
    from ronghe.domain.playbooks.calc.loading import read_text
    from ronghe.domain.playbooks.services.drafting import save_draft

    row = _own(number, actor, now)
    row = save_draft(draft=row, text=read_text(file), revision=revision or row.revision, actor=actor, at=now)
    _tell(_draft(row), _("已存下。"), as_json=as_json)


@click.command("draft-restore", short_help=_("草稿回到旧稿"))
@_number
@click.argument("text", type=int, metavar="TEXT")
@_json
def draft_restore(number: int, text: int, *, as_json: bool) -> None:
    """让草稿 NUMBER 回到第 TEXT 稿；现在的也留着。"""
    actor, now = _now()
    from ronghe.domain.playbooks.services.drafting import go_back_to

    row = _own(number, actor, now)
    kept = row.revisions.filter(number=text).first()
    if kept is None:
        raise NotFound
    row = go_back_to(draft=row, kept=kept, revision=row.revision, actor=actor, at=now)
    _tell(_draft(row), _("已回到第 %(number)s 稿。") % {"number": text}, as_json=as_json)


@click.command("draft-put-forward", short_help=_("草稿定为版本"))
@_number
@click.option("--note", default="", help="这一版新在哪里。")
@_json
def draft_put_forward(number: int, *, note: str, as_json: bool) -> None:
    """把没有错误的草稿 NUMBER 定为版本；定了就不再改。"""
    actor, now = _now()
    from ronghe.domain.playbooks.services.drafting import put_forward

    row = _own(number, actor, now)
    version = put_forward(draft=row, revision=row.revision, note=note, actor=actor, at=now)
    _tell({"playbook": str(version)}, _("已定为 %(version)s。") % {"version": version}, as_json=as_json)


@click.command("draft-discard", short_help=_("丢弃草稿"))
@_number
@click.option("--take-back", is_flag=True, help="取回丢弃的草稿。")
@_json
def draft_discard(number: int, *, take_back: bool, as_json: bool) -> None:
    """丢弃草稿 NUMBER，或取回。"""
    actor, now = _now()
    from ronghe.domain.playbooks.services.drafting import discard_draft, take_back_draft

    act = take_back_draft if take_back else discard_draft
    row = act(draft=_own(number, actor, now), actor=actor, at=now)
    _tell(_draft(row), _("已取回。") if take_back else _("已丢弃。"), as_json=as_json)


@click.command("documents", short_help=_("范本引用的文件"))
@_json
def documents(*, as_json: bool) -> None:
    """列出范本引用的文件，和登记过的新版还有几项没有核对。"""
    actor, now = _now()
    from ronghe.domain.playbooks.selectors.documents import cited_documents, documents_seen_by

    cited = cited_documents()
    registered = list(documents_seen_by(actor, now))
    if as_json:
        _print(
            {
                "cited": [
                    {"document": one.document.id, "title": one.document.title.here, "mechanisms": len(one.mechanisms)}
                    for one in cited
                ],
                "registered": [
                    {"id": row.pk, "document": row.document, "version": row.version, "waiting": row.waiting}
                    for row in registered
                ],
            }
        )
        return
    for one in cited:
        counts = {"title": one.document.title.here, "id": one.document.id, "count": len(one.mechanisms)}
        click.echo(_("%(id)s  %(title)s：制度 %(count)s 项") % counts)
    for row in registered:
        left = {"number": row.pk, "title": row.title, "version": row.version, "count": row.waiting}
        click.echo(_("%(number)s  %(title)s %(version)s：还有 %(count)s 项没有核对完") % left)


@click.command("document-register", short_help=_("登记文件新版"))
@click.argument("document", metavar="DOCUMENT")
@click.option("--body", required=True, help="哪个党委登记：全称或编号。")
@click.option("--version", "version", required=True, help="新版本，例 2026 年修订。")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="从哪天起施行，不写为今天。")
@click.option("--note", default="", help="改了什么。")
@_json
def document_register(
    document: str, *, body: str, version: str, since: datetime | None, note: str, as_json: bool
) -> None:
    """登记文件 DOCUMENT（范本里的编号）的新版，列出要核对的制度。"""
    actor, now = _now()
    from ronghe.domain.playbooks.services.governing import register_document

    [chosen] = _chosen((body,), actor, now)
    row = register_document(
        body=chosen, document=document, version=version, effective_from=_day(since, now), note=note, actor=actor,
        at=now,
    )  # fmt: skip
    told = {"id": row.pk, "checks": row.checks.count()}
    _tell(told, _("已登记，编号 %(id)s，%(checks)s 项制度要核对。") % told, as_json=as_json)


@click.command("document-checks", short_help=_("要核对的制度"))
@_number
@_json
def document_checks(number: int, *, as_json: bool) -> None:
    """列出文件新版 NUMBER 要核对的制度。"""
    actor, now = _now()
    from ronghe.domain.playbooks.selectors.documents import checks_of, documents_seen_by

    row = documents_seen_by(actor, now).filter(pk=number).first()
    if row is None:
        raise NotFound
    rows = [
        {"id": one.pk, "playbook": one.playbook, "mechanism": one.mechanism, "state": one.state, "note": one.note}
        for one in checks_of(row)
    ]
    if as_json:
        _print(rows)
        return
    for one in rows:
        click.echo(f"{one['id']:>6}  {one['playbook']}  {one['mechanism']}  {one['state']}  {one['note']}")


@click.command("document-check", short_help=_("核对一项制度"))
@_number
@click.argument("outcome", type=click.Choice(["checked", "to_change", "open"]))
@click.option("--note", default="", help="需改的写改什么。")
@_json
def document_check(number: int, outcome: str, *, note: str, as_json: bool) -> None:
    """给核对项 NUMBER 记结果：checked 核对过，to_change 需改，open 重看。"""
    actor, now = _now()
    from ronghe.domain.playbooks.enums import CheckState
    from ronghe.domain.playbooks.models import DocumentCheck
    from ronghe.domain.playbooks.rules import CHECK_MECHANISM
    from ronghe.domain.playbooks.services.governing import settle_check

    rows = CHECK_MECHANISM.narrow(actor, DocumentCheck.objects.select_related("document"), at=now)
    check = rows.filter(pk=number).first()
    if check is None:
        raise NotFound
    check = settle_check(check=check, outcome=CheckState(outcome), note=note, actor=actor, at=now)
    _tell({"id": check.pk, "state": check.state}, _("已记下。"), as_json=as_json)


ACTS = (
    adoptions, end, foresee_, adopt_many, drafts, draft, draft_show, draft_save, draft_restore, draft_put_forward, draft_discard,
    documents, document_register, document_checks, document_check,
)  # fmt: skip


def _now() -> tuple[Person, datetime]:
    actor = acting_person()
    from django.utils import timezone

    return actor, timezone.now()


def _day(since: datetime | None, now: datetime) -> date:
    from ronghe.domain.org.rules.reaches import local_day

    return since.date() if since else local_day(now)


def _chosen(names: tuple[str, ...], actor: Person, at: datetime) -> list[PartyOrg]:
    from ronghe.cli.finding import body_called
    from ronghe.domain.org.selectors.people import bodies_seen_by

    return [body_called(name, bodies_seen_by(actor, at)) for name in names]


def _shelved(reference: str, actor: Person, at: datetime) -> Shelved:
    from ronghe.domain.playbooks.selectors.books import find_shelved

    found = find_shelved(actor, reference, at)
    if found is None:
        raise NotFound
    return found


def _own(number: int, actor: Person, at: datetime) -> PlaybookDraft:
    from ronghe.domain.playbooks.selectors.drafts import drafts_seen_by

    row = drafts_seen_by(actor, at).filter(pk=number).first()
    if row is None:
        raise NotFound
    return row


def _draft(row: PlaybookDraft) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "body": row.body.name, "base": row.base, "state": row.state,
        "revision": row.revision,
    }  # fmt: skip


def _adopted(row: Any) -> dict[str, Any]:
    until = row.valid_until.isoformat() if row.valid_until else None
    return {"body": row.body.name, "playbook": str(row.version), "from": row.valid_from.isoformat(), "until": until}


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        _print(data)
    else:
        click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))
