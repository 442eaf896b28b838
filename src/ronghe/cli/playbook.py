"""`ronghe playbook`: check, list, show and adopt playbooks. Only adopting needs the database."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.playbook_acts import ACTS
from ronghe.kernel.errors import DomainError, Unreadable
from ronghe.kernel.words import N_, _, listed

if TYPE_CHECKING:
    from ronghe.domain.org.models import PartyOrg, Person
    from ronghe.domain.playbooks.calc.loading import Loaded
    from ronghe.domain.playbooks.calc.model import Mechanism, Playbook

CLEAN, PROBLEMS, UNREADABLE = 0, 1, 2

CHECK_EPILOG = """\b
举例：
  ronghe playbook check 我的范本.yaml
  ronghe playbook check playbooks/*.yaml --json

\b
退出码：0 没有错误（可以有提醒）；1 有错误；2 文件读不出来。
"""

LIST_EPILOG = """\b
举例：
  ronghe playbook list
  ronghe playbook list --json
"""

SHOW_EPILOG = """\b
举例：
  ronghe playbook show daqing_zone
  ronghe playbook show yilong_4plus1 --only site_chain
  ronghe playbook show 我的范本.yaml --json
"""

COMPARE_EPILOG = """\b
举例：
  ronghe playbook compare daqing_zone yilong_4plus1
  ronghe playbook compare 旧版.yaml 新版.yaml --json
"""

ADOPT_EPILOG = """\b
举例：
  ronghe --as liu playbook adopt daqing_zone --body 南I-1联合站协作区共建党支部 --from 2026-07-01
  ronghe --as liu playbook adopt 我的范本.yaml --body 12 --from 2026-07-01 --json
"""


class NoSuchPlaybook(DomainError):
    """An id that is neither shipped nor a file."""

    code = "no_such_playbook"
    sentence = N_("没有范本“%(name)s”。现有：%(known)s。")
    status = 404


class NoSuchMechanism(DomainError):
    """An id that no mechanism of the playbook has."""

    code = "no_such_mechanism"
    sentence = N_("范本“%(playbook)s”没有制度“%(name)s”。")
    status = 404


class NoSuchBody(DomainError):
    """No Party body of that name or number that the person may see."""

    code = "no_such_body"
    sentence = N_("没有找到党组织“%(name)s”，或者您不能查看。请写全称或编号。")
    status = 404


class SeveralBodies(DomainError):
    """A name that several bodies bear."""

    code = "several_bodies"
    sentence = N_("有 %(count)s 个党组织叫“%(name)s”，请改用编号：%(numbers)s。")


@click.group()
def playbook() -> None:
    """范本：检查、查看、采用。"""


@playbook.command("check", epilog=CHECK_EPILOG)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def check(files: tuple[Path, ...], *, as_json: bool) -> None:
    """逐份检查范本文件，指出每个错误的行、列和位置。"""
    from ronghe.domain.playbooks.calc.loading import load_playbook

    reports: list[dict[str, Any]] = []
    code = CLEAN
    for path in files:
        try:
            loaded = load_playbook(path)
        except Unreadable as error:
            code = UNREADABLE
            reports.append({"file": str(path), "ok": False, "code": error.code, "detail": str(error), "problems": []})
            if not as_json:
                click.echo(str(error), err=True)
            continue
        code = code if loaded.is_usable else max(code, PROBLEMS)
        reports.append(_report(path, loaded))
        if not as_json:
            _tell(path, loaded)
    if as_json:
        _print_json({"ok": code == CLEAN, "files": reports})
    raise click.exceptions.Exit(code)


@playbook.command("list", epilog=LIST_EPILOG)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def list_playbooks(*, as_json: bool) -> None:
    """列出随程序提供的范本。"""
    from ronghe.domain.playbooks.calc.library import shipped_files

    found = [_usable(path) for path in shipped_files()]
    if as_json:
        _print_json({"playbooks": [_summary(book) for book in found]})
        return
    for book in found:
        counts = _("制度 %(mechanisms)s 项，评分表 %(sheets)s 张") % {
            "mechanisms": len(book.mechanisms),
            "sheets": len(book.sheets),
        }
        click.echo(f"{book.id:<16} {_('第 %(version)s 版') % {'version': book.version}}  {book.title.here}  {counts}")


@playbook.command("show", epilog=SHOW_EPILOG)
@click.argument("name", metavar="ID")
@click.option("--only", metavar="ID", help="只看一项制度，逐项列出。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，基础范本已并入。")
def show(name: str, *, only: str | None, as_json: bool) -> None:
    """显示一个范本：制度、频次、谁负责、依据、协议、专项活动、参数。ID 也可以是文件。"""
    from ronghe.cli.playbook_words import tell_mechanism_whole, tell_parts

    book = _find(name)
    if only is not None:
        if only not in {mechanism.id for mechanism in book.mechanisms}:
            raise NoSuchMechanism(playbook=book.title.here, name=only)
        if as_json:
            _print_json(next(one for one in book.content["mechanisms"] if one["id"] == only))
        else:
            tell_mechanism_whole(book, book.mechanism(only))
        return
    if as_json:
        from ronghe.domain.playbooks.calc.digest import canonical_text

        _print_json({**_summary(book), "content": json.loads(canonical_text(book.content))})
        return
    click.echo(f"{book.title.here}  {book.reference}")
    click.echo(_("内容摘要 %(digest)s") % {"digest": book.digest})
    for dimension in book.dimensions:
        mechanisms = [mechanism for mechanism in book.mechanisms if mechanism.dimension == dimension.id]
        if mechanisms:
            click.echo(f"\n{dimension.title.here}")
        for mechanism in mechanisms:
            _tell_mechanism(book, mechanism)
    tell_parts(book)
    for override in book.overrides:
        click.echo(
            "\n"
            + _("重写了 %(base)s 的“%(mechanism)s”：%(changed)s")
            % {"base": override.base, "mechanism": override.mechanism, "changed": listed(override.changed)}
        )


@playbook.command("compare", epilog=COMPARE_EPILOG)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def compare_playbooks(a: str, b: str, *, as_json: bool) -> None:
    """把两个范本或两版并排：谁有谁没有、哪里不同、每年多几件少几件。A、B 写 ID 或文件。"""
    from ronghe.cli.playbook_words import comparison_data, tell_comparison
    from ronghe.domain.playbooks.calc.comparing import compare

    found = compare(_find(a), _find(b))
    if as_json:
        _print_json(comparison_data(found))
    else:
        tell_comparison(found)


@playbook.command("adopt", epilog=ADOPT_EPILOG)
@click.argument("name", metavar="ID")
@click.option("--body", required=True, help="哪个党组织采用：全称或编号。")
@click.option("--from", "since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="从哪天起执行。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def adopt(name: str, *, body: str, since: datetime, as_json: bool) -> None:
    """让一个党组织采用范本，产生应办事项。要用 --as 写明以谁的身份办理。"""
    from ronghe.cli.acting import acting_person

    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.models import Obligation
    from ronghe.domain.playbooks.selectors.books import shelved_as
    from ronghe.domain.playbooks.services import adopt_playbook

    now = timezone.now()
    chosen = _body(body, actor, now)
    kept = None if Path(name).is_file() else shelved_as(name)
    book = kept.playbook if kept is not None else _find(name)
    adoption = adopt_playbook(body=chosen, playbook=book, since=since.date(), actor=actor, at=now)
    count = Obligation.objects.filter(body=chosen, version=adoption.version).count()
    if as_json:
        _print_json(
            {
                "body": {"id": chosen.pk, "name": chosen.name},
                "playbook": str(adoption.version),
                "from": since.date().isoformat(),
                "obligations": count,
            }
        )
        return
    click.echo(
        _("%(body)s自 %(since)s 起执行 %(playbook)s，应办事项 %(count)s 件。")
        % {"body": chosen.name, "since": since.date(), "playbook": adoption.version, "count": count}
    )


def _body(name: str, actor: Person, at: datetime) -> PartyOrg:
    from ronghe.domain.org.selectors.people import bodies_seen_by

    seen = bodies_seen_by(actor, at)
    found = list(seen.filter(pk=int(name)) if name.isdecimal() else seen.filter(name=name)[:10])
    if not found:
        raise NoSuchBody(name=name)
    if len(found) > 1:
        raise SeveralBodies(name=name, count=len(found), numbers=listed(body.pk for body in found))
    return found[0]


def _tell_mechanism(book: Playbook, mechanism: Mechanism) -> None:
    from ronghe.domain.playbooks.calc.wording import cadence_words

    roles = {role.id: role.title for role in book.roles}
    documents = {document.id: document.title for document in book.documents}
    cites = [
        _("《%(title)s》") % {"title": documents[cite.document].here} + (cite.clause.here if cite.clause else "")
        for cite in mechanism.cites
    ]
    titled = _("%(title)s（%(more)s）") % {"title": mechanism.title.here, "more": mechanism.id}
    click.echo(f"  {titled}")
    click.echo(f"    {cadence_words(mechanism)}　{roles[mechanism.answers].here}　{listed(cites)}")


def _find(name: str) -> Playbook:
    from ronghe.domain.playbooks.calc.library import shipped_files

    shipped = {path.stem: path for path in shipped_files()}
    if name in shipped:
        return _usable(shipped[name])
    if Path(name).is_file():
        return _usable(Path(name))
    raise NoSuchPlaybook(name=name, known=listed(shipped))


def _usable(path: Path) -> Playbook:
    from ronghe.domain.playbooks.calc.loading import load_playbook

    loaded = load_playbook(path)
    if loaded.playbook is None:
        _tell(path, loaded)
        raise click.exceptions.Exit(PROBLEMS)
    return loaded.playbook


def _summary(book: Playbook) -> dict[str, Any]:
    return {
        "id": book.id,
        "version": book.version,
        "title": {"zh": book.title.zh, "en": book.title.en},
        "extends": list(book.extends),
        "digest": book.digest,
        "mechanisms": [mechanism.id for mechanism in book.mechanisms],
        "agreement": book.agreement is not None,
        "campaign": book.campaign is not None,
        "keys": sorted(book.keys),
        "sheets": [sheet["id"] for sheet in book.sheets],
        "overrides": [
            {"mechanism": override.mechanism, "base": override.base, "changed": list(override.changed)}
            for override in book.overrides
        ],
    }


def _report(path: Path, loaded: Loaded) -> dict[str, Any]:
    report: dict[str, Any] = {"file": str(path), "ok": loaded.is_usable}
    if loaded.playbook is not None:
        report["playbook"] = _summary(loaded.playbook)
    report["problems"] = [problem.as_data() for problem in loaded.problems]
    return report


def _tell(path: Path, loaded: Loaded) -> None:
    for problem in loaded.problems:
        mark = _("错误") if problem.severity == "error" else _("提醒")
        place = f"{path}:{problem.place.line}:{problem.place.column}"
        said = _("%(title)s（%(more)s）") % {"title": problem.message, "more": problem.code}
        click.echo(f"{place} {mark} {problem.path_text}\n    {said}")
    if loaded.playbook is not None:
        counts = {"file": path, "reference": loaded.playbook.reference, "count": len(loaded.playbook.mechanisms)}
        click.echo(_("%(file)s：可以采用，%(reference)s，制度 %(count)s 项。") % counts)
        for override in loaded.playbook.overrides:
            click.echo(
                _("    重写了 %(base)s 的“%(mechanism)s”：%(changed)s")
                % {"base": override.base, "mechanism": override.mechanism, "changed": listed(override.changed)}
            )
    else:
        click.echo(_("%(file)s：有错误，不能采用。") % {"file": path})


def _print_json(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


for _act in ACTS:
    playbook.add_command(_act)
