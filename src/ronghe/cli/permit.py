"""`ronghe permit`: 作业许可; `ronghe permit site`: 作业现场."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.permit_site import site
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.permits.models import Permit, PermitSite
    from ronghe.domain.permits.services.requesting import IsolationGiven, PartGiven, PermitText, RiskGiven

EPILOG = """\b
举例：
  ronghe --as shigong permit request --file 动火.json
  ronghe --as fuze permit sign 12 risk_builder
  ronghe --as shudi permit sign 12 verifier --code 7f3a…
  ronghe --as fenxi permit gas 12 --place 管口 --read methane=0.1 --read oxygen=20.9
  ronghe --as fuze permit act 12 activate
  ronghe --as shudi permit site wind 3 5
"""
ACTS = ("submit", "activate", "resume", "film")
ROLES = ("risk_builder", "risk_host", "co_signer", "verifier", "approver", "briefer", "briefed", "guardian", "checker", "acceptor")  # fmt: skip
REASONS = ("guardian", "gas", "wind", "alarm", "conflict", "shift", "night", "danger")
HANDED = ("job_leader", "guardian")
CODE = click.option("--code", default="", help="现场的作业码，或作业负责人屏幕上的签字码")
CARD = click.option("--card", default="", help="监护证书编号")
CARD_UNTIL = click.option("--card-until", type=DAY, default=None, help="证书到期日")


class PermitFileUnfit(DomainError):
    code = "permit_file_unfit"
    sentence = N_("文件读不懂：%(why)s。写法见 docs/subjects/permits.md。")
    status = 422


class ReadingUnreadable(DomainError):
    code = "permit_reading_unreadable"
    sentence = N_("看不懂读数“%(text)s”。请写成 methane=0.1 或 methane=5:%%LEL。")
    status = 422


@click.group("permit", epilog=EPILOG, short_help=_("作业许可"))
def permit() -> None:
    """作业许可：施工作业许可证、开工单、专项作业票；作业现场在 site 下面。"""


permit.add_command(site)


@permit.command("list", short_help=_("列出作业票"))
@click.option("--state", default="", help="只看这个状态，例如 active")
@click.option("--operation", default="", help="只看这种作业，例如 hot_work")
@click.option("--search", default="", help="内容、地点、区域或票号里的字")
@click.option("--mine", is_flag=True, help="只看我申请的、我在上面的")
@click.option("--live", is_flag=True, help="只看没有结束的")
@JSON
def list_(state: str, operation: str, search: str, mine: bool, live: bool, as_json: bool) -> None:
    """列出您能看到的作业票，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.permits.selectors.permits import list_permits, permits_filtered

    rows = permits_filtered(actor, words=search, state=state, operation=operation, mine=mine, live=live)
    found = list_permits(actor, now, rows, size=500)
    lines = [f"{one.pk:>6}  {one.number}  {one.what}  {one.place}  {one.get_state_display()}" for one in found]
    lines.append(_("共 %(count)s 张。") % {"count": found.count})
    tell([_row(one) for one in found], "\n".join(lines), as_json=as_json)


@permit.command("show", short_help=_("看一张作业票"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的作业票：还差什么、等谁、签字、措施、隔离、气体。"""
    actor, now = acting_now()
    found = _seen(actor, number, now)
    whole = _whole(found, actor, now)
    lines = [f"{found.number}  {found.what}  {found.get_state_display()}"]
    lines += [f"  {one['rule']}  {one['text']}" for one in whole["lacks"]]
    lines += [f"{one['id']:>6}  {one['text']}  {one['state']}" for one in whole["measures"]]
    lines += [f"{one['id']:>6}  {one['point']}  {one['lock_no']}" for one in whole["isolations"]]
    lines += [f"  {one['role']}  {one['person']}" for one in whole["signatures"] if one["stands"]]
    tell(whole, "\n".join(lines), as_json=as_json)


@permit.command("conflicts", short_help=_("与哪些作业冲突"))
@NUMBER
@JSON
def conflicts(number: int, as_json: bool) -> None:
    """看作业票 NUMBER 与哪些作业冲突，没有签发的也算。"""
    actor, now = acting_now()
    from ronghe.domain.permits.selectors.permits import conflicts_asked

    rows = [
        {"rule": one.rule, "other": one.other, "words": _(one.words), "blocks": one.blocks, "is_issued": is_issued}
        for one, is_issued in conflicts_asked(_seen(actor, number, now), now)
    ]
    tell(rows, "\n".join(f"{row['rule']}  {row['other']}  {row['words']}" for row in rows), as_json=as_json)


@permit.command("request", short_help=_("申请作业票"))
@click.option("--file", "file", type=IN_FILE, required=True, help="JSON 文件，字段与 API 相同，人写姓名或员工号")
@JSON
def request(file: Path, as_json: bool) -> None:
    """按文件申请一张作业票；级别、审批人、措施由填的内容算出。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.selectors.sites import sites_to_request_at
    from ronghe.domain.permits.services.requesting import request_permit

    given = _read(file)
    place = row_called(int(given.get("site") or 0), sites_to_request_at(actor, now))
    made = request_permit(
        site=place, operation=str(given.get("operation")), text=_text(actor, now, given), actor=actor, at=now,
        parts=_parts(place, now, given.get("parts", [])), risks=_risks(given.get("risks", [])),
        isolations=_isolations(given.get("isolations", [])),
        links=[_seen(actor, int(one), now) for one in given.get("links", [])],
    )  # fmt: skip
    tell(_whole(made, actor, now), _("已申请，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@permit.command("change", short_help=_("更改作业票"))
@NUMBER
@click.option(
    "--file", "file", type=IN_FILE, required=True, help="JSON 文件：text、parts、risks、isolations、links 里要改的"
)
@JSON
def change(number: int, file: Path, as_json: bool) -> None:
    """更改没有签发的作业票 NUMBER；改了内容，签字作废。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services.requesting import change_permit

    found, given = _seen(actor, number, now), _read(file)
    done = change_permit(
        permit=found, text=_text(actor, now, given["text"]) if "text" in given else None,
        parts=_parts(found.site, now, given["parts"]) if "parts" in given else None,
        risks=_risks(given["risks"]) if "risks" in given else None,
        isolations=_isolations(given["isolations"]) if "isolations" in given else None,
        links=[_seen(actor, int(one), now) for one in given["links"]] if "links" in given else None, actor=actor, at=now,
    )  # fmt: skip
    _said(done, actor, now, as_json=as_json)


@permit.command("sign", short_help=_("签字"))
@NUMBER
@click.argument("role", type=click.Choice(ROLES), metavar="ROLE")
@click.option("--office", default="", help="会签的签字岗位，例如 power_supplier")
@CODE
@JSON
def sign(number: int, role: str, office: str, code: str, as_json: bool) -> None:
    """以 ROLE 签作业票 NUMBER 现在的内容；核查、审批、监护、验票、验收要扫现场的码。"""
    actor, now = acting_now()
    from ronghe.domain.permits.enums import SignRole
    from ronghe.domain.permits.services.signing import sign_permit

    found = _seen(actor, number, now)
    sign_permit(permit=found, role=SignRole(role), office=office, code=code, digest=found.digest, actor=actor, at=now)
    _said(_seen(actor, number, now), actor, now, as_json=as_json)


@permit.command("act", short_help=_("提交、开工、恢复、确认摄录"))
@NUMBER
@click.argument("which", type=click.Choice(ACTS), metavar="ACT")
@JSON
def act(number: int, which: str, as_json: bool) -> None:
    """对作业票 NUMBER 做 ACT：submit、activate、resume、film。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services import requesting, securing, working

    acts = {"submit": requesting.submit_permit, "activate": working.activate_permit, "resume": working.resume_permit,
            "film": securing.confirm_film}  # fmt: skip
    _said(acts[which](permit=_seen(actor, number, now), actor=actor, at=now), actor, now, as_json=as_json)


@permit.command("close", short_help=_("取消、不同意、完工"))
@NUMBER
@click.argument("which", type=click.Choice(("cancel", "reject", "complete")), metavar="ACT")
@click.option("--note", required=True, help="原因，或完工情况")
@JSON
def close(number: int, which: str, note: str, as_json: bool) -> None:
    """对作业票 NUMBER 做 ACT：cancel、reject、complete。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services import requesting, working

    found = _seen(actor, number, now)
    if which == "complete":
        done = working.complete_permit(permit=found, note=note, actor=actor, at=now)
    elif which == "cancel":
        done = requesting.cancel_permit(permit=found, reason=note, actor=actor, at=now)
    else:
        done = requesting.reject_permit(permit=found, reason=note, actor=actor, at=now)
    _said(done, actor, now, as_json=as_json)


@permit.command("reissue", short_help=_("重新办票"))
@NUMBER
@click.argument("starts", metavar="FROM")
@click.argument("ends", metavar="UNTIL")
@click.option("--reason", default="", help="为什么重新办")
@JSON
def reissue(number: int, starts: str, ends: str, reason: str, as_json: bool) -> None:
    """照作业票 NUMBER 重新办一张，从 FROM 到 UNTIL；老票作废。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.permits.services.requesting import reissue_permit

    made = reissue_permit(
        permit=_seen(actor, number, now), starts_at=moment_said(starts), ends_at=moment_said(ends), reason=reason,
        actor=actor, at=now,
    )  # fmt: skip
    tell(_whole(made, actor, now), _("已申请，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@permit.command("stop", short_help=_("叫停"))
@NUMBER
@click.argument("reason", type=click.Choice(REASONS), metavar="REASON")
@click.option("--note", default="", help="为什么")
@JSON
def stop(number: int, reason: str, note: str, as_json: bool) -> None:
    """叫停作业票 NUMBER 的作业；谁看见危险谁叫停。"""
    actor, now = acting_now()
    from ronghe.domain.permits.enums import StopReason
    from ronghe.domain.permits.services.working import suspend_permit

    found = _seen(actor, number, now)
    done = suspend_permit(permit=found, reason=StopReason(reason), note=note, actor=actor, at=now)
    _said(done, actor, now, as_json=as_json)


@permit.command("guardian", short_help=_("监护人到场、离场"))
@NUMBER
@click.argument("where", type=click.Choice(("here", "away")), metavar="here|away")
@CODE
@JSON
def guardian(number: int, where: str, code: str, as_json: bool) -> None:
    """监护人本人报到场（要扫码）或离场；离场就中止。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services.working import note_guardian

    found = _seen(actor, number, now)
    _said(
        note_guardian(permit=found, is_here=where == "here", code=code, actor=actor, at=now),
        actor,
        now,
        as_json=as_json,
    )


@permit.command("coordinator", short_help=_("指定协调人"))
@NUMBER
@click.argument("who", metavar="WHO")
@JSON
def coordinator(number: int, who: str, as_json: bool) -> None:
    """给交叉作业的票 NUMBER 指定协调人 WHO。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services.working import name_coordinator

    found = _seen(actor, number, now)
    person = _person(found.site, who, now)
    _said(name_coordinator(permit=found, person=person, actor=actor, at=now), actor, now, as_json=as_json)


@permit.command("gas", short_help=_("记气体检测"))
@NUMBER
@click.option("--read", "readings", multiple=True, required=True, help="读数，例如 methane=0.1，可写多个")
@click.option("--place", required=True, help="取样点")
@click.option("--taken", default="", help="取样时间，不写就是现在")
@click.option("--instrument", default="", help="仪器编号")
@JSON
def gas(number: int, readings: tuple[str, ...], place: str, taken: str, instrument: str, as_json: bool) -> None:
    """记作业票 NUMBER 的一次气体检测；不合格就中止。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.permits.services.securing import record_gas_test

    found = _seen(actor, number, now)
    test = record_gas_test(
        permit=found, readings=[_reading(one) for one in readings], place=place, instrument=instrument,
        taken_at=moment_said(taken) if taken else None, actor=actor, at=now,
    )  # fmt: skip
    said = _("合格。") if test.is_fit else _("不合格，作业中止。")
    tell({"id": test.pk, "is_fit": test.is_fit, "readings": test.readings}, said, as_json=as_json)


@permit.command("measure", short_help=_("确认措施"))
@NUMBER
@click.argument("measure_id", metavar="MEASURE", type=int)
@click.argument("state", type=click.Choice(("done", "not_needed", "open")), metavar="STATE")
@click.option("--note", default="", help="不涉及的写一句为什么")
@JSON
def measure(number: int, measure_id: int, state: str, note: str, as_json: bool) -> None:
    """把作业票 NUMBER 的措施 MEASURE 记成 STATE。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.enums import MeasureState
    from ronghe.domain.permits.services.securing import check_measure

    found = _seen(actor, number, now)
    row = row_called(measure_id, found.measures.select_related("permit__site"))
    check_measure(measure=row, state=MeasureState(state), note=note, actor=actor, at=now)
    _said(found, actor, now, as_json=as_json)


@permit.command("isolation", short_help=_("隔离、恢复"))
@NUMBER
@click.argument("isolation_id", metavar="ISOLATION", type=int)
@click.argument("which", type=click.Choice(("place", "remove")), metavar="place|remove")
@click.option("--lock", default="", help="锁具或挂牌编号")
@JSON
def isolation(number: int, isolation_id: int, which: str, lock: str, as_json: bool) -> None:
    """记作业票 NUMBER 的隔离点 ISOLATION 已隔离或已恢复。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.services.securing import place_isolation, remove_isolation

    found = _seen(actor, number, now)
    row = row_called(isolation_id, found.isolations.select_related("permit__site"))
    if which == "place":
        place_isolation(isolation=row, lock_no=lock, actor=actor, at=now)
    else:
        remove_isolation(isolation=row, actor=actor, at=now)
    _said(found, actor, now, as_json=as_json)


@permit.command("hand", short_help=_("交班"))
@NUMBER
@click.argument("role", type=click.Choice(HANDED), metavar="ROLE")
@click.argument("who", metavar="WHO")
@click.option("--note", required=True, help="交接了什么")
@CARD
@CARD_UNTIL
@JSON
def hand(number: int, role: str, who: str, note: str, card: str, card_until: datetime | None, as_json: bool) -> None:
    """把作业票 NUMBER 上的 ROLE 交给 WHO；对方接了才算。"""
    actor, now = acting_now()
    from ronghe.domain.permits.enums import PartRole
    from ronghe.domain.permits.services.handing import offer_handover

    found = _seen(actor, number, now)
    made = offer_handover(
        permit=found, role=PartRole(role), to=_person(found.site, who, now), note=note, card=card,
        card_until=card_until.date() if card_until else None, actor=actor, at=now,
    )  # fmt: skip
    tell({"id": made.pk}, _("已交出，等对方接班，交接编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@permit.command("take", short_help=_("接班、撤回交班"))
@NUMBER
@click.argument("handover_id", metavar="HANDOVER", type=int)
@click.option("--drop", is_flag=True, help="不接，或撤回")
@CODE
@JSON
def take(number: int, handover_id: int, drop: bool, code: str, as_json: bool) -> None:
    """在现场接作业票 NUMBER 的班（交接编号 HANDOVER）。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.services.handing import drop_handover, take_handover

    found = _seen(actor, number, now)
    row = row_called(handover_id, found.handovers.select_related("permit__site"))
    if drop:
        drop_handover(handover=row, actor=actor, at=now)
    else:
        found = take_handover(handover=row, code=code, actor=actor, at=now)
    _said(found, actor, now, as_json=as_json)


@permit.command("extend", short_help=_("延期"))
@NUMBER
@click.argument("until", metavar="UNTIL")
@CODE
@click.option("--note", default="", help="为什么延期")
@JSON
def extend(number: int, until: str, code: str, note: str, as_json: bool) -> None:
    """属地负责人在现场核查后，把作业票 NUMBER 延到 UNTIL；规则允许延期的才行。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.permits.services.handing import extend_permit

    found = _seen(actor, number, now)
    done = extend_permit(permit=found, until=moment_said(until), code=code, note=note, actor=actor, at=now)
    _said(done, actor, now, as_json=as_json)


@permit.command("print", short_help=_("作业票存成 Word 或 PDF"))
@NUMBER
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
def print_(number: int, file: Path) -> None:
    """把作业票 NUMBER 存成 FILE（.docx 或 .pdf）。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.permits.documents import permit_document
    from ronghe.domain.permits.selectors.permits import view_of
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    found = _seen(actor, number, now)
    form = PaperForm.DOCX if file.suffix.lower() == ".docx" else PaperForm.PDF
    document = permit_document(view_of(found, now), printed_on=local_day(now))
    file.write_bytes(issued(document, form, at=now, source=found))
    click.echo(_("已存到 %(file)s。") % {"file": file})


def _seen(actor: Person, number: int, now: datetime) -> Permit:
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.selectors.permits import permits_seen_by

    return row_called(number, permits_seen_by(actor, now))


def _person(place: PermitSite, who: str, now: datetime) -> Person:
    from ronghe.cli.finding import person_called
    from ronghe.domain.permits.selectors.sites import people_offered

    return person_called(who, people_offered(place, now))


def _read(file: Path) -> dict[str, Any]:
    try:
        given = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise PermitFileUnfit(why=str(error)[:80]) from error
    if not isinstance(given, dict):
        raise PermitFileUnfit(why="{}")
    return given


def _text(actor: Person, now: datetime, given: dict[str, Any]) -> PermitText:
    from ronghe.cli.finding import moment_said
    from ronghe.domain.org.models import AdminUnit
    from ronghe.domain.permits.services.requesting import PermitText

    contractor = AdminUnit.objects.filter(name=given.get("contractor"), valid_until=None).order_by("pk").first()
    if given.get("contractor") and contractor is None:
        raise NotFound
    try:
        x_m, y_m, reach_m = (
            Decimal(str(given[name])) if given.get(name) not in (None, "") else None
            for name in ("x_m", "y_m", "reach_m")
        )
    except ArithmeticError as error:
        raise PermitFileUnfit(why="x_m, y_m, reach_m") from error

    def words(name: str) -> str:
        return str(given.get(name) or "")

    return PermitText(
        what=words("what"), place=words("place"), area=words("area"), space=words("space"), pipe=words("pipe"),
        bund=words("bund"), plan_ref=words("plan_ref"), x_m=x_m, y_m=y_m, reach_m=reach_m or Decimal(0),
        starts_at=moment_said(words("starts_at")), ends_at=moment_said(words("ends_at")),
        values=given.get("values") or {}, contractor=contractor,
        parent=_seen(actor, int(given["parent"]), now) if given.get("parent") else None,
    )  # fmt: skip


def _parts(place: PermitSite, now: datetime, given: list[dict[str, Any]]) -> list[PartGiven]:
    from datetime import date

    from ronghe.domain.permits.enums import PartRole
    from ronghe.domain.permits.services.requesting import PartGiven

    try:
        return [
            PartGiven(PartRole(one["role"]), _person(place, str(one["person"]), now), one.get("card", ""),
                      date.fromisoformat(one["card_until"]) if one.get("card_until") else None)
            for one in given
        ]  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise PermitFileUnfit(why=f"parts: {error}") from error


def _risks(given: list[dict[str, Any]]) -> list[RiskGiven]:
    from ronghe.domain.permits.services.requesting import RiskGiven

    return [
        RiskGiven(str(one.get("hazard", "")), str(one.get("measure", "")), str(one.get("step", ""))) for one in given
    ]


def _isolations(given: list[dict[str, Any]]) -> list[IsolationGiven]:
    from ronghe.domain.permits.services.requesting import IsolationGiven

    return [
        IsolationGiven(str(one.get("point", "")), str(one.get("method", "")), str(one.get("lock_no", "")))
        for one in given
    ]


def _reading(text: str) -> dict[str, str]:
    substance, _equals, said = text.partition("=")
    value, _colon, unit = said.partition(":")
    if not substance or not value:
        raise ReadingUnreadable(text=text)
    return {"substance": substance, "value": value, "unit": unit}


def _row(one: Permit) -> dict[str, Any]:
    return {
        "id": one.pk, "number": one.number, "kind": one.kind, "operation": one.operation, "grade": one.grade, "what": one.what,
        "place": one.place, "state": one.state, "starts_at": one.starts_at, "ends_at": one.valid_until,
        "site": one.site.name,
    }  # fmt: skip


def _whole(found: Permit, actor: Person, now: datetime) -> dict[str, Any]:
    from ronghe.domain.permits.selectors.permits import may_sign_as, view_of
    from ronghe.domain.permits.selectors.sites import offices_of

    view = view_of(found, now)
    operation = view.picture.operation
    held = {row.office for row in offices_of(found.site, now) if row.person_id == actor.pk}
    return {
        **_row(found), "digest": found.digest, "stop_reason": found.stop_reason,
        "lacks": [{"code": one.code, "rule": one.rule, "text": str(one), "who": one.who} for one in view.lacks],
        "may_sign_as": may_sign_as(found, view.parts, held, actor, view.picture.voided),
        "parts": [{"role": row.role, "person": row.person.name} for row in view.parts],
        "measures": [{"id": row.pk, "text": operation.measure(row.text), "state": row.state} for row in view.measures],
        "isolations": [
            {"id": row.pk, "point": row.point, "lock_no": row.lock_no, "placed_at": row.placed_at, "removed_at": row.removed_at}
            for row in view.isolations
        ],
        "signatures": [
            {"role": row.role, "office": row.office, "person": row.person.name, "way": row.way,
             "stands": row.digest == found.digest and not row.is_void}
            for row in view.signatures
        ],
        "handovers": [{"id": row.pk, "role": row.role, "taker": row.taker.name} for row in view.handovers],
    }  # fmt: skip


def _said(found: Permit, actor: Person, now: datetime, *, as_json: bool) -> None:
    fresh = _seen(actor, found.pk, now)
    said = _("%(number)s：%(state)s。") % {"number": fresh.number, "state": fresh.get_state_display()}
    tell(_whole(fresh, actor, now), said, as_json=as_json)
