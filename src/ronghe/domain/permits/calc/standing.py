"""What a permit still lacks for its next step, each with its rule's number, a sentence, and who can see to it.

`active` is reached only where `lacking(picture, Stage.ACTIVATE, at)` is empty; the same look stops work that goes on
(`Stage.RUN`): guardian, gas, wind, alarm, clash, hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Any

from ronghe.domain.permits.calc.gas import Test, covers, is_fresh, is_overdue, may_resume, minutes_of
from ronghe.domain.permits.calc.grading import longest_h, parties_of, wanted_links
from ronghe.domain.permits.calc.known import KnownRisk
from ronghe.domain.permits.calc.profiles import Operation, Profile
from ronghe.kernel.words import N_, _, listed


class Stage(StrEnum):
    """The steps that ask for something. Each asks for all that the ones before it asked for."""

    ANALYSE = "analyse"
    SUBMIT = "submit"
    COSIGN = "cosign"
    VERIFY = "verify"
    APPROVE = "approve"
    BRIEF = "brief"
    ACTIVATE = "activate"
    RESUME = "resume"
    RUN = "run"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Lack:
    """One condition that does not hold. `who` is the role or office that can see to it."""

    code: str
    rule: str
    sentence: str
    who: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.sentence) % self.details if self.details else _(self.sentence)


@dataclass(frozen=True, slots=True)
class Link:
    """A permit that this one hangs together with."""

    operation: str
    ends_at: datetime
    is_valid: bool
    """Issued and not over."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict with another work that is issued, as words."""

    rule: str
    words: str
    other: str
    blocks: bool


@dataclass(frozen=True)
class Picture:
    """All that is known of a permit at a moment, as plain values; services draw it, `calc` judges it."""

    profile: Profile
    operation: Operation
    grade: str
    facts: Mapping[str, Any]
    starts_at: datetime
    ends_at: datetime
    """With an extension."""
    graded_for: frozenset[str] = frozenset()
    """The circumstances under which the grade was worked out (PW-29)."""
    circumstances: frozenset[str] = frozenset()
    """Those of the moment that is asked about."""
    hazards: int = 0
    hazards_open: int = 0
    """Lines of the analysis without a measure."""
    measures_open: tuple[str, ...] = ()
    isolations: int = 0
    isolations_open: tuple[str, ...] = ()
    isolations_left: tuple[str, ...] = ()
    """Still in place after the work."""
    links: tuple[Link, ...] = ()
    has_parent: bool = False
    is_parent_active: bool = False
    people: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Person ids by part: job_leader, worker, guardian, gas_tester, briefer; `approver` once signed."""
    guardian_card: str = ""
    guardian_card_until: datetime | None = None
    is_guardian_here: bool = True
    unknown: tuple[KnownRisk, ...] = ()
    """What is known of the area and does not stand in the analysis."""
    stops: tuple[str, ...] = ()
    """Major hazards of the area that are not put right (IN-04)."""
    unfit: tuple[tuple[str, str], ...] = ()
    """(rule, sentence) of people and units who may not."""
    signed: frozenset[str] = frozenset()
    """Roles whose signature stands under the digest as it is now."""
    voided: frozenset[str] = frozenset()
    """Roles whose signature stood under it, was voided, and was not given again."""
    test: Test | None = None
    suspended_at: datetime | None = None
    is_gas_stop: bool = False
    wind_level: int | None = None
    alarms: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()
    has_coordinator: bool = False
    verifiers: tuple[str, ...] = ()
    """Names of those who answer for the site, one of whom checks there."""
    has_plan: bool = False
    has_film: bool = False
    space: str = ""
    pipe: str = ""
    extended_until: datetime | None = None


RISK_SIGNERS = (("risk_builder", N_("作业方")), ("risk_host", N_("属地方")))
_APART = (
    ("worker", N_("作业人")),
    ("guardian", N_("监护人")),
    ("approver", N_("审批人")),
    ("gas_tester", N_("气体分析人")),
)
_ORDER = (Stage.ANALYSE, Stage.SUBMIT, Stage.COSIGN, Stage.VERIFY, Stage.APPROVE, Stage.BRIEF, Stage.ACTIVATE)


def lacking(picture: Picture, stage: Stage, at: datetime) -> list[Lack]:
    """Return what lacks for a step, in the order in which one would see to it; nothing where the step may be taken."""
    if stage == Stage.ACCEPT:
        return _left_behind(picture)
    if stage in (Stage.RUN, Stage.RESUME):
        again = _measures(picture, "PW-24") if stage == Stage.RESUME and picture.operation.reconfirms else []
        return [*_window(picture, at), *again, *_voided(picture), *_live(picture, stage, at)]
    wanted = _ORDER[: _ORDER.index(stage) + 1]
    found: list[Lack] = []
    if Stage.ANALYSE in wanted:
        found += [*_analysis(picture), *_known(picture, stage)]
    if Stage.SUBMIT in wanted:
        found += [*_risk_signatures(picture), *_content(picture), *_people(picture), *_length(picture)]
    if Stage.VERIFY in wanted:
        found += _co_signatures(picture)
    if Stage.APPROVE in wanted:
        found += [*_verified(picture), *_clashes(picture), *_stops(picture), *_over(picture, at)]
    if Stage.BRIEF in wanted:
        found += _approved(picture)
    if Stage.ACTIVATE in wanted:
        found += [*_briefed(picture), *_done(picture), *_window(picture, at)]
        found += [one for one in _live(picture, Stage.ACTIVATE, at) if one.code not in {"clash", "coordinator"}]
    return list({(one.code, str(one)): one for one in found}.values())


def awaited(picture: Picture, stage: Stage, at: datetime) -> list[Lack]:
    """Return what a permit waits for on its way to a step: what lacks, and at last the signature that is the step itself.

    The step may be taken where `lacking` is empty; a permit of which nothing lacks still waits for somebody to come (PW-07).
    """
    found = lacking(picture, stage, at)
    if stage == Stage.VERIFY and not _co_signatures(picture):
        return [*found, *_verified(picture)]
    return [*found, *_approved(picture)] if stage == Stage.APPROVE else found


def _analysis(picture: Picture) -> list[Lack]:
    if not picture.hazards:
        return [Lack("analysis", "PW-02", N_("还没有作业危害分析，请列出危害和措施。"), "applicant")]
    if picture.hazards_open:
        return [Lack("analysis_measure", "PW-02", N_("危害分析里有 %(count)s 条没有写措施。"), "applicant",
                     {"count": picture.hazards_open})]  # fmt: skip
    return []


def _known(picture: Picture, stage: Stage) -> list[Lack]:
    """What came up in the area since the analysis: all of it before submitting, what is red up to the start (PW-02)."""
    missed = [one for one in picture.unknown if one.is_red or stage in (Stage.ANALYSE, Stage.SUBMIT)]
    return [
        Lack("analysis_known", "PW-02",
             N_("区域里新登记的“%(text)s”没有写进危害分析。请更改后重签，已经签发的请重新办票。"), "applicant", {"text": one.hazard})
        for one in missed
    ]  # fmt: skip


def _risk_signatures(picture: Picture) -> list[Lack]:
    return [
        Lack(f"sign_{role}", "PC-03", N_("危害分析还没有%(side)s签字，双方要一起做。"), role, {"side": _(side)})
        for role, side in RISK_SIGNERS if role not in picture.signed
    ]  # fmt: skip


def _voided(picture: Picture) -> list[Lack]:
    """Signed again by whoever may; everything before the start asks for the signature itself."""
    return [
        Lack("sign_void", "PM-15", N_("有签字因手机报失作废（PM-15），请本人重签。"), role)
        for role in sorted(picture.voided)
    ]


def _content(picture: Picture) -> list[Lack]:
    operation, found = picture.operation, []
    if operation.needs_isolation and not picture.isolations:
        found.append(Lack("isolation", "PW-02", N_("还没有写能量隔离点，请写明隔离哪里、怎样隔离。"), "applicant"))
    if operation.needs_space and not picture.space:
        found.append(Lack("space", "PW-22", N_("请写明是哪个受限空间（设备位号）。"), "applicant"))
    if operation.needs_pipe and not picture.pipe:
        found.append(Lack("pipe", "PW-23", N_("请写明是哪条管道（管线号）。"), "applicant"))
    if picture.grade in operation.needs_plan and not picture.has_plan:
        found.append(Lack("plan", "PW-25", N_("一、二级吊装要有吊装方案，请写明方案编号。"), "applicant"))
    share = picture.facts.get("tandem_share_percent")
    if share is not None and Decimal(str(share)) > (most := picture.profile.number("lifting.tandem_percent")):
        found.append(Lack("tandem", "PW-25", N_("双机抬吊单机负荷 %(share)s%%，不能超过 %(most)s%%。"), "applicant",
                          {"share": share, "most": most}))  # fmt: skip
    linked = {link.operation for link in picture.links}
    for wanted in wanted_links(picture.profile, operation, picture.facts):
        if wanted not in linked:
            title = picture.profile.operation(wanted).title
            found.append(
                Lack("link", "PW-27", N_("坑深超过限值，要同时办%(title)s票并关联。"), "applicant", {"title": title})
            )
    if operation.is_special and picture.profile.needs_main and not picture.has_parent:
        found.append(Lack("parent", "PC-02", N_("专项票要挂在施工作业许可证下，请选主证。"), "applicant"))
    if operation.kind == "start" and not picture.has_parent:
        found.append(Lack("parent", "PC-02", N_("开工单要挂在施工作业许可证下，请选主证。"), "applicant"))
    for link in picture.links:
        if link.operation in operation.ends_with and picture.ends_at > link.ends_at:
            title = picture.profile.operation(link.operation).title
            found.append(Lack("ends_with", "PW-26", N_("临时用电不能晚于关联的%(title)s结束，请改结束时间。"), "applicant",
                              {"title": title}))  # fmt: skip
    return found


def _people(picture: Picture) -> list[Lack]:
    found = [
        Lack(f"no_{part}", rule, sentence, "applicant")
        for part, rule, sentence in _wanted_parts(picture.operation) if not picture.people.get(part)
    ]  # fmt: skip
    if picture.people.get("guardian") and not picture.guardian_card:
        found.append(Lack("guardian_card", "PW-06", N_("监护人没有写监护证书编号，请补上。"), "applicant"))
    if picture.guardian_card_until is not None and picture.guardian_card_until < picture.ends_at:
        found.append(
            Lack("guardian_card_over", "PW-06", N_("监护人的证书在作业结束前到期，请换人或换证。"), "applicant")
        )
    for (one, mine), (other, theirs) in combinations(_APART, 2):
        if set(picture.people.get(one, ())) & set(picture.people.get(other, ())):
            found.append(Lack("roles_apart", "PW-12", N_("%(one)s和%(other)s不能是同一个人。"), "applicant",
                              {"one": _(mine), "other": _(theirs)}))  # fmt: skip
    leaders = set(picture.people.get("job_leader", ()))
    for part, word in (("guardian", N_("监护人")), ("approver", N_("审批人"))):
        if leaders & set(picture.people.get(part, ())):
            found.append(Lack("roles_apart", "PW-12", N_("%(one)s和%(other)s不能是同一个人。"), "applicant",
                              {"one": _(N_("作业负责人")), "other": _(word)}))  # fmt: skip
    return [*found, *_unfit(picture)]


def _unfit(picture: Picture) -> list[Lack]:
    return [Lack("unfit", rule, N_("%(text)s"), "applicant", {"text": text}) for rule, text in picture.unfit]


def _wanted_parts(operation: Operation) -> list[tuple[str, str, str]]:
    wanted = [
        ("job_leader", "PW-03", N_("还没有作业负责人。")),
        ("briefer", "PW-03", N_("还没有交底人。")),
    ]
    if operation.is_special:
        wanted += [
            ("worker", "PW-11", N_("还没有作业人。")),
            ("guardian", "PW-06", N_("还没有监护人。")),
        ]
    if operation.gas is not None:
        wanted.append(("gas_tester", "PW-12", N_("还没有气体分析人。")))
    return wanted


def _length(picture: Picture) -> list[Lack]:
    most = longest_h(picture.profile, picture.operation, picture.grade, picture.facts)
    if picture.extended_until is None and picture.ends_at - picture.starts_at > minutes_of(most * 60):
        key = picture.operation.valid_h[picture.grade]
        return [Lack("too_long", picture.profile.rule_of(key), N_("%(title)s票最长 %(hours)s 小时，请改结束时间。"),
                     "applicant", {"title": picture.operation.title, "hours": f"{most.normalize():f}"})]  # fmt: skip
    return []


def _co_signatures(picture: Picture) -> list[Lack]:
    return [
        Lack(f"sign_{office}", "PW-44" if office == "power_supplier" else "PW-45" if office == "involved_units" else "PW-46",
             N_("等%(office)s会签。"), f"co_signer:{office}", {"office": picture.profile.offices[office]})
        for office in picture.operation.co_signers if f"co_signer:{office}" not in picture.signed
    ]  # fmt: skip


def _verified(picture: Picture) -> list[Lack]:
    if "verifier" in picture.signed:
        return []
    if picture.verifiers:
        return [Lack("verify", "PW-07", N_("还没有现场核查，请属地负责人（%(names)s）到现场扫码签字。"), "verifier",
                     {"names": listed(picture.verifiers)})]  # fmt: skip
    return [Lack("verify", "PW-07", N_("还没有现场核查，请属地负责人到现场扫码签字。"), "verifier")]


def _approved(picture: Picture) -> list[Lack]:
    if "approver" in picture.signed:
        return []
    office = parties_of(picture.operation, picture.grade).approver
    return [Lack("approve", "PW-07", N_("等%(office)s到现场审批。"), "approver",
                 {"office": picture.profile.offices[office]})]  # fmt: skip


def _briefed(picture: Picture) -> list[Lack]:
    found = []
    if "briefer" not in picture.signed:
        found.append(Lack("sign_briefer", "PW-03", N_("交底人还没有签字。"), "briefer"))
    if "briefed" not in picture.signed:
        found.append(Lack("sign_briefed", "PW-03", N_("接受交底人还没有签字。"), "briefed"))
    if picture.operation.is_special and "guardian" not in picture.signed:
        found.append(Lack("sign_guardian", "PW-06", N_("监护人还没有到场签字。"), "guardian"))
    if picture.operation.checker and "checker" not in picture.signed:
        found.append(Lack("check", "PW-47", N_("当班班长还没有验票。"), "checker"))
    return found


def _measures(picture: Picture, rule: str) -> list[Lack]:
    return [
        Lack("measure", rule, N_("措施没有落实：%(text)s"), "measures", {"text": text}) for text in picture.measures_open
    ]  # fmt: skip


def _done(picture: Picture) -> list[Lack]:
    found = _measures(picture, "PW-02")
    found += [
        Lack("isolation_open", "PW-02", N_("隔离没有落实：%(text)s"), "measures", {"text": text})
        for text in picture.isolations_open
    ]
    if picture.grade in picture.operation.needs_film and not picture.has_film:
        found.append(Lack("film", "PW-20", N_("特级动火要连续监测、全程摄录，请先确认摄录设备。"), "guardian"))
    return found


def _over(picture: Picture, at: datetime) -> list[Lack]:
    if at >= picture.ends_at:
        return [Lack("over", "PW-08", N_("票已过期，请重新办票。"), "applicant")]
    return []


def _window(picture: Picture, at: datetime) -> list[Lack]:
    if at < picture.starts_at:
        return [Lack("early", "PW-08", N_("还没有到票上的开始时间。"), "")]
    return _over(picture, at)


def _clashes(picture: Picture) -> list[Lack]:
    found = [
        Lack("clash", one.rule, N_("与“%(other)s”冲突：%(words)s。请错开时间、地点，或停掉一方。"), "coordinator",
             {"other": one.other, "words": _(one.words)})
        for one in picture.clashes if one.blocks
    ]  # fmt: skip
    soft = [one for one in picture.clashes if not one.blocks]
    if soft and not picture.has_coordinator:
        found.append(Lack("coordinator", "PW-05", N_("与“%(other)s”交叉：%(words)s。请指定协调人。"), "coordinator",
                          {"other": soft[0].other, "words": _(soft[0].words)}))  # fmt: skip
    return found


def _stops(picture: Picture) -> list[Lack]:
    return [
        Lack("hazard_major", "IN-04", N_("区域里有没整改完的重大隐患：%(text)s"), "host", {"text": text}) for text in picture.stops
    ]  # fmt: skip


def _live(picture: Picture, stage: Stage, at: datetime) -> list[Lack]:
    """What may change from hour to hour."""
    operation, profile = picture.operation, picture.profile
    found: list[Lack] = []
    if operation.is_special and not picture.is_guardian_here:
        found.append(Lack("guardian_away", "PW-06", N_("监护人不在现场，不能作业。"), "guardian"))
    found += _gas(picture, stage, at)
    wind = operation.wind
    if wind is not None and picture.wind_level is not None and (not wind.when or picture.facts.get(wind.when) is True):
        limit = profile.number(wind.level)
        if picture.wind_level >= limit and not (wind.unless and picture.facts.get(wind.unless) is True):
            found.append(Lack("wind", profile.rule_of(wind.level), N_("风力 %(level)s 级，到 %(limit)s 级就要停。"), "",
                              {"level": picture.wind_level, "limit": f"{limit.normalize():f}"}))  # fmt: skip
    found += _stops(picture)
    found += [Lack("alarm", "PW-08", N_("有报警没有解除：%(text)s"), "host", {"text": text}) for text in picture.alarms]
    missed = (picture.circumstances & set(operation.grading.upgrades)) - picture.graded_for
    if missed:
        found.append(Lack("upgrade", "PW-29", N_("夜间、节假日动火要升级，这张票没有升级，请重新办票。"), "applicant"))
    if picture.has_parent and not picture.is_parent_active:
        found.append(Lack("parent_off", "PC-02", N_("施工作业许可证不在作业状态。"), "job_leader"))
    found += [
        Lack("link_off", "PW-04", N_("关联的%(title)s票无效或已过期。"), "applicant",
             {"title": profile.operation(link.operation).title})
        for link in picture.links if not link.is_valid
    ]  # fmt: skip
    return [*found, *_clashes(picture), *_unfit(picture)]


def _gas(picture: Picture, stage: Stage, at: datetime) -> list[Lack]:
    rule, profile, grade = picture.operation.gas, picture.profile, picture.grade
    if rule is None:
        return []
    number = "PW-22" if picture.operation.id == "confined_space" else "PW-20"
    test = picture.test
    if test is None:
        return [Lack("gas_none", number, N_("还没有气体检测。"), "gas_tester")]
    if not test.is_fit:
        return [Lack("gas_unfit", "PW-22" if number == "PW-22" else "PW-21", N_("气体检测不合格。"), "gas_tester")]
    if not covers(rule, test.substances):
        return [Lack("gas_part", number, N_("气体检测不全，请按票面测齐。"), "gas_tester")]
    if stage == Stage.ACTIVATE and not is_fresh(profile, test, at):
        return [Lack("gas_old", number, N_("气体取样到开工超过 %(minutes)s 分钟，请重测。"), "gas_tester",
                     {"minutes": f"{profile.number('gas.fresh_min').normalize():f}"})]  # fmt: skip
    if (
        stage == Stage.RESUME and picture.suspended_at is not None
        and not may_resume(profile, rule, grade, test=test, suspended_at=picture.suspended_at, at=at,
                           must_test=picture.is_gas_stop)
    ):  # fmt: skip
        return [Lack("gas_break", number, N_("中断时间超过规定，请在恢复前 30 分钟内重测气体。"), "gas_tester")]
    if is_overdue(profile, rule, grade, test, at):
        return [Lack("gas_due", "PW-22", N_("气体检测超过 2 小时没有记录，请停下补测。"), "gas_tester")]
    return []


def _left_behind(picture: Picture) -> list[Lack]:
    return [
        Lack("isolation_left", "PW-10", N_("隔离没有恢复：%(text)s"), "job_leader", {"text": text})
        for text in picture.isolations_left
    ]


def next_gas_at(picture: Picture) -> datetime | None:
    """Return until when the next reading is wanted while the work goes on; nothing where none is."""
    rule = picture.operation.gas
    if rule is None or picture.test is None or picture.grade not in rule.every_min:
        return None
    return picture.test.taken_at + minutes_of(picture.profile.number(rule.every_min[picture.grade]))


def span_h(starts_at: datetime, ends_at: datetime) -> Decimal:
    """Return how many hours lie between two moments, to a hundredth."""
    return (Decimal(int((ends_at - starts_at) / timedelta(seconds=1))) / 3600).quantize(Decimal("0.01"))
