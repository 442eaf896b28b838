"""A permit is asked for, filled in, changed, submitted; taken back, refused, or made out anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.grading import Graded, circumstances_of, clean_facts, grade_of
from ronghe.domain.permits.calc.known import KnownRisk
from ronghe.domain.permits.calc.profiles import Operation, Profile
from ronghe.domain.permits.calc.standing import Stage, lacking
from ronghe.domain.permits.enums import (
    ISSUED,
    OPEN_TO_CHANGE,
    OVER,
    PERMIT_FLOW,
    PartRole,
    PermitKind,
    PermitState,
)
from ronghe.domain.permits.facts import CHANGED, MOVED, REQUESTED
from ronghe.domain.permits.models import (
    Isolation,
    Measure,
    Permit,
    PermitLink,
    PermitPart,
    PermitSite,
    RiskLine,
)
from ronghe.domain.permits.rules import EDIT_PERMIT, REJECT_PERMIT, REQUEST_PERMIT
from ronghe.domain.permits.selectors.areas import area_named, known_in
from ronghe.domain.permits.selectors.permits import calendar, picture_of
from ronghe.domain.permits.selectors.sites import profile_of
from ronghe.domain.permits.services.naming import card_of, cards_of, require_admitted, until_of
from ronghe.domain.permits.services.telling import digest_of, locked, note_step, require_nothing, tell
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

MOST_LINES, LONGEST, FARTHEST_M = 60, timedelta(days=62), 500


class TextMissing(DomainError):
    code = "permit_text_missing"
    sentence = N_("请写明做什么、在哪里。")
    status = 422


class WindowWrong(DomainError):
    code = "permit_window_wrong"
    sentence = N_("作业时间不对：结束要晚于开始和现在，前后不超过 %(days)s 天。")
    status = 422


class PlaceWrong(DomainError):
    code = "permit_place_wrong"
    sentence = N_("坐标要同时填横、纵两个数，范围半径不超过 %(most)s 米；不知道就都不填，按同区域从严判断（PW-56）。")
    status = 422


class TooManyLines(DomainError):
    code = "permit_too_many_lines"
    sentence = N_("危害、隔离、人员各不超过 %(most)s 条。")
    status = 422


class LineEmpty(DomainError):
    code = "permit_line_empty"
    sentence = N_("危害要写明是什么；隔离要写明隔离哪里、怎样隔离（PW-02）。")
    status = 422


class PartTwice(DomainError):
    code = "permit_part_twice"
    sentence = N_("作业负责人、监护人、交底人各只有一名，同一个人同一角色只写一次。")
    status = 422


class ParentUnfit(DomainError):
    code = "permit_parent_unfit"
    sentence = N_("要挂的主证不在这个现场，或者已经结束，请另选一张施工作业许可证（PC-02）。")
    status = 422


class LinkUnfit(DomainError):
    code = "permit_link_unfit"
    sentence = N_("要关联的票不在这个现场，或者已经结束（PW-04）。")
    status = 422


class IssuedAlready(DomainError):
    code = "permit_issued"
    sentence = N_("票已签发，内容不能再改（PW-08）。内容、地点、时间要变，请重新办票。")


class RejectWhy(DomainError):
    code = "permit_reason_missing"
    sentence = N_("请写明原因。")
    status = 422


class NotToReplace(DomainError):
    code = "permit_not_to_replace"
    sentence = N_("这张票的状态是“%(state)s”，不用重新办票，直接改就行（PW-08）。")


class ReplacedAlready(DomainError):
    code = "permit_replaced"
    sentence = N_("这张票已经重新办过，新票是 %(number)s。")


@dataclass(frozen=True, slots=True)
class PermitText:
    """What is to be done, where and when. Coordinates are metres on the site's plan, to a tenth."""

    what: str
    place: str
    starts_at: datetime
    ends_at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    area: str = ""
    x_m: Decimal | None = None
    y_m: Decimal | None = None
    reach_m: Decimal = Decimal(0)
    space: str = ""
    pipe: str = ""
    bund: str = ""
    plan_ref: str = ""
    contractor: AdminUnit | None = None
    parent: Permit | None = None


@dataclass(frozen=True, slots=True)
class PartGiven:
    role: PartRole
    person: Person
    card: str = ""
    card_until: date | None = None


@dataclass(frozen=True, slots=True)
class RiskGiven:
    hazard: str
    measure: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class IsolationGiven:
    point: str
    method: str
    lock_no: str = ""


@transaction.atomic
def request_permit(
    *, site: PermitSite, operation: str, text: PermitText, actor: Person, at: datetime, parts: Sequence[PartGiven] = (),
    risks: Sequence[RiskGiven] = (), isolations: Sequence[IsolationGiven] = (), links: Sequence[Permit] = (),
) -> Permit:  # fmt: skip
    """Ask for a permit: its grade, approver and co-signers follow from what was entered, its checklist from the profile.

    Known risks and open hazards of the area are put into the analysis by themselves; whoever asks adds the job's own.
    A guardian's certificate is taken from the records.

    :raises NotAllowed: the actor does not work at the site
    :raises TextMissing, WindowWrong, PlaceWrong, FactMissing, FactUnfit, BelowScope: what was entered
    :raises ParentUnfit, LinkUnfit, PartTwice, LineEmpty, TooManyLines: what it hangs together with
    :raises NotAdmitted: somebody who has nothing to do with this site
    """
    REQUEST_PERMIT.require(actor, site, at=at)
    profile = profile_of(site)
    asked = profile.operation(operation)
    permit = Permit(
        site=site, kind=asked.kind, operation=asked.id, profile=profile.id, applicant=actor, requested_at=at, digest=""
    )
    _fill(permit, profile, asked, text, at)
    permit.save(force_insert=True)
    Measure.objects.bulk_create(
        Measure(permit=permit, place=place, text=words) for place, words in enumerate(asked.kept_measures, start=1)
    )
    _put_parts(permit, parts, at)
    _put_risks(permit, risks, known=_known(permit, at))
    _put_isolations(permit, isolations)
    _put_links(permit, links)
    _seal(permit)
    note_step(permit, "request", actor, at)
    tell(permit, REQUESTED, actor, at)
    return permit


@transaction.atomic
def change_permit(
    *, permit: Permit, actor: Person, at: datetime, text: PermitText | None = None, parts: Sequence[PartGiven] | None = None,
    risks: Sequence[RiskGiven] | None = None, isolations: Sequence[IsolationGiven] | None = None,
    links: Sequence[Permit] | None = None,
) -> Permit:  # fmt: skip
    """Change what is given of a permit that is not issued; it is filled in again, and signatures under what it said are void.

    Nothing is voided where nothing that is signed has changed.

    :raises NotAllowed: the actor neither asked for it nor leads the job
    :raises IssuedAlready: it is issued or over (PW-08)
    """
    EDIT_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    if fresh.state not in OPEN_TO_CHANGE:
        raise IssuedAlready
    before = fresh.digest
    if text is not None:
        profile = profile_of(fresh.site)
        _fill(fresh, profile, profile.operation(fresh.operation), text, at)
        fresh.save()
    if parts is not None:
        fresh.parts.all().delete()
        _put_parts(fresh, parts, at)
    if risks is not None or text is not None:
        kept = [
            RiskGiven(row.hazard, row.measure, row.step) for row in fresh.risks.filter(is_known=False).order_by("place")
        ]
        fresh.risks.all().delete()
        _put_risks(fresh, kept if risks is None else risks, known=_known(fresh, at))
    if isolations is not None:
        fresh.isolations.all().delete()
        _put_isolations(fresh, isolations)
    if links is not None:
        fresh.links_up.all().delete()
        fresh.links_down.all().delete()
        _put_links(fresh, links)
    _seal(fresh)
    if fresh.digest == before:
        return fresh
    voided = fresh.signatures.filter(digest=before).count()
    if fresh.state != PermitState.DRAFT:
        PERMIT_FLOW.advance(fresh, "change")
    note_step(fresh, "change", actor, at, waited_for="applicant")
    tell(fresh, CHANGED, actor, at, what="content", voided=voided)
    return fresh


@transaction.atomic
def submit_permit(*, permit: Permit, actor: Person, at: datetime) -> Permit:
    """Submit a permit whose analysis both sides have signed; without co-signers it goes straight to the site.

    :raises NotAllowed: the actor neither asked for it nor leads the job
    :raises Lacking: what it lacks
    :raises StepNotAllowed: it is not in a state for it
    """
    EDIT_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    picture = picture_of(fresh, at)
    if fresh.state in (PermitState.DRAFT, PermitState.ANALYSED):
        require_nothing(lacking(picture, Stage.SUBMIT, at))
    PERMIT_FLOW.advance(fresh, "submit")
    _moved(fresh, "submit", actor, at, waited_for="applicant")
    if not picture.operation.co_signers:
        PERMIT_FLOW.advance(fresh, "cosign")
    return fresh


@transaction.atomic
def cancel_permit(*, permit: Permit, reason: str, actor: Person, at: datetime) -> Permit:
    """Take a permit back that was not started.

    :raises NotAllowed: the actor neither asked for it nor leads the job
    :raises RejectWhy: no words
    :raises StepNotAllowed: work has begun, or it is over
    """
    EDIT_PERMIT.require(actor, permit, at=at)
    return _closed(permit, "cancel", reason, actor, at)


@transaction.atomic
def reject_permit(*, permit: Permit, reason: str, actor: Person, at: datetime) -> Permit:
    """Refuse a permit that waits for co-signers, verification or approval.

    :raises NotAllowed: the actor holds no office at the site
    :raises RejectWhy: no words
    :raises StepNotAllowed: it does not wait for that
    """
    REJECT_PERMIT.require(actor, permit, at=at)
    return _closed(permit, "reject", reason, actor, at)


@transaction.atomic
def reissue_permit(
    *, permit: Permit, starts_at: datetime, ends_at: datetime, actor: Person, at: datetime, reason: str = ""
) -> Permit:
    """Make a permit out anew: it is over, or what it says no longer fits (PW-08). The old one ends, nothing of it is taken as done.

    :raises NotAllowed: the actor neither asked for it nor leads the job
    :raises NotToReplace: it is still open to change
    :raises ReplacedAlready: it was made out anew
    :raises WindowWrong: the new hours
    """
    EDIT_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    known = Permit.objects.filter(replaces=fresh).first()
    if known is not None:
        raise ReplacedAlready(number=known.number)
    if fresh.state not in ISSUED | OVER:
        raise NotToReplace(state=fresh.get_state_display())
    if fresh.state in ISSUED:
        PERMIT_FLOW.advance(fresh, "replace", closing_note=reason.strip()[:400])
        _moved(fresh, "replace", actor, at)
    text = PermitText(
        what=fresh.what, place=fresh.place, starts_at=starts_at, ends_at=ends_at, values=fresh.values, area=fresh.area,
        x_m=_metres(fresh.x_dm), y_m=_metres(fresh.y_dm), reach_m=Decimal(fresh.reach_dm) / 10, space=fresh.space,
        pipe=fresh.pipe, bund=fresh.bund, plan_ref=fresh.plan_ref, contractor=fresh.contractor,
        parent=fresh.parent if fresh.parent is not None and fresh.parent.state not in OVER else None,
    )  # fmt: skip
    made = request_permit(
        site=fresh.site, operation=fresh.operation, text=text, actor=actor, at=at,
        parts=[PartGiven(PartRole(row.role), row.person, row.card, row.card_until)
               for row in fresh.parts.select_related("person").order_by("pk")],
        risks=[RiskGiven(row.hazard, row.measure, row.step) for row in fresh.risks.filter(is_known=False).order_by("place")],
        isolations=[IsolationGiven(row.point, row.method, row.lock_no) for row in fresh.isolations.order_by("place")],
    )  # fmt: skip
    Permit.objects.filter(pk=made.pk).update(replaces=fresh)
    made.replaces = fresh
    return made


def _closed(permit: Permit, step: str, reason: str, actor: Person, at: datetime) -> Permit:
    if not reason.strip():
        raise RejectWhy
    fresh = locked(permit)
    PERMIT_FLOW.advance(fresh, step, closing_note=reason.strip()[:400])
    _moved(fresh, step, actor, at, note=reason)
    return fresh


def _moved(permit: Permit, step: str, actor: Person, at: datetime, *, waited_for: str = "", note: str = "") -> None:
    note_step(permit, step, actor, at, waited_for=waited_for, note=note)
    tell(permit, MOVED, actor, at, step=step)


def _fill(permit: Permit, profile: Profile, operation: Operation, text: PermitText, at: datetime) -> None:
    if not text.what.strip() or not text.place.strip():
        raise TextMissing
    if (
        text.ends_at <= max(text.starts_at, at)
        or text.ends_at - text.starts_at > LONGEST
        or text.starts_at > at + LONGEST
    ):
        raise WindowWrong(days=LONGEST.days)
    if (text.x_m is None) != (text.y_m is None) or not 0 <= text.reach_m <= FARTHEST_M:
        raise PlaceWrong(most=FARTHEST_M)
    if text.parent is not None and (
        operation.kind == PermitKind.MAIN or text.parent.kind != PermitKind.MAIN or text.parent.site_id != permit.site_id
        or text.parent.state in OVER
    ):  # fmt: skip
        raise ParentUnfit
    values = clean_facts(operation, text.values)
    graded = grade_of(profile, operation, values, circumstances_of(profile, calendar(), text.starts_at, text.ends_at))
    permit.what, permit.place = text.what.strip()[:120], text.place.strip()[:120]
    permit.area, permit.risk_area = text.area.strip()[:60], area_named(permit.site, text.area)
    permit.space, permit.pipe = text.space.strip()[:32], text.pipe.strip()[:32]
    permit.bund, permit.plan_ref = text.bund.strip()[:32], text.plan_ref.strip()[:80]
    permit.x_dm, permit.y_dm, permit.reach_dm = _tenths(text.x_m), _tenths(text.y_m), int(text.reach_m * 10)
    if operation.id == "lifting" and not permit.reach_dm and values.get("radius_m"):
        permit.reach_dm = min(int(Decimal(values["radius_m"]) * 10), FARTHEST_M * 10)
    permit.starts_at, permit.ends_at, permit.values = text.starts_at, text.ends_at, values
    permit.contractor, permit.parent = text.contractor, text.parent
    permit.grade, permit.graded_for, permit.mark = graded.grade, ",".join(_covered(operation, graded)), profile.mark


def _covered(operation: Operation, graded: Graded) -> list[str]:
    """Return the reasons for an upgrade that need none any more: it was upgraded, or stands at the top (PW-29)."""
    is_top = bool(operation.grades) and graded.grade == operation.grades[0]
    return list(operation.grading.upgrades) if graded.upgraded_by or is_top else []


def _tenths(metres: Decimal | None) -> int | None:
    if metres is None:
        return None
    if not metres.is_finite() or abs(metres) > 100_000:
        raise PlaceWrong(most=FARTHEST_M)
    return int(metres * 10)


def _metres(tenths: int | None) -> Decimal | None:
    return None if tenths is None else Decimal(tenths) / 10


def _known(permit: Permit, at: datetime) -> list[KnownRisk]:
    if permit.risk_area_id is None:
        return []
    return known_in([permit.risk_area_id], local_day(at))[permit.risk_area_id][:MOST_LINES]


def _put_parts(permit: Permit, parts: Sequence[PartGiven], at: datetime) -> None:
    single = [one.role for one in parts if one.role in (PartRole.JOB_LEADER, PartRole.GUARDIAN, PartRole.BRIEFER)]
    pairs = [(one.role, one.person.pk) for one in parts]
    if len(set(single)) < len(single) or len(set(pairs)) < len(pairs):
        raise PartTwice
    if len(parts) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    require_admitted(permit.site, [one.person for one in parts], at)
    cards = cards_of([one.person.pk for one in parts if one.role == PartRole.GUARDIAN and not one.card.strip()], at)
    PermitPart.objects.bulk_create(
        PermitPart(permit=permit, role=one.role, person=one.person,
                   card=card_of(one.card, one.person, cards), card_until=until_of(one.card_until, one.person, cards))
        for one in parts
    )  # fmt: skip


def _put_risks(permit: Permit, risks: Sequence[RiskGiven], *, known: Sequence[KnownRisk]) -> None:
    """Write the analysis: what is known of the area first, each with the measure that was given for it, then the job's own."""
    given = {one.hazard.strip(): one for one in risks}
    if "" in given:
        raise LineEmpty
    if len(risks) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    lines = []
    for one in known:
        mine = given.get(one.hazard.strip())
        measure = mine.measure.strip() if mine is not None else ""
        lines.append(RiskLine(hazard=one.hazard[:200], measure=(measure or one.measure)[:200],
                              step=mine.step.strip()[:80] if mine is not None else "", is_known=True, known_as=one.key))  # fmt: skip
    taken = {one.hazard.strip() for one in known}
    lines += [
        RiskLine(hazard=one.hazard.strip()[:200], measure=one.measure.strip()[:200], step=one.step.strip()[:80])
        for one in risks if one.hazard.strip() not in taken
    ]  # fmt: skip
    for place, line in enumerate(lines, start=1):
        line.permit, line.place = permit, place
    RiskLine.objects.bulk_create(lines)


def _put_isolations(permit: Permit, isolations: Sequence[IsolationGiven]) -> None:
    if any(not one.point.strip() or not one.method.strip() for one in isolations):
        raise LineEmpty
    if len(isolations) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    Isolation.objects.bulk_create(
        Isolation(permit=permit, place=place, point=one.point.strip()[:80], method=one.method.strip()[:120],
                  lock_no=one.lock_no.strip()[:40])
        for place, one in enumerate(isolations, start=1)
    )  # fmt: skip


def _put_links(permit: Permit, links: Sequence[Permit]) -> None:
    keys = {one.pk for one in links}
    if permit.pk in keys or any(
        one.site_id != permit.site_id or one.state in OVER or one.kind != PermitKind.SPECIAL for one in links
    ):
        raise LinkUnfit
    PermitLink.objects.bulk_create(
        PermitLink(first_id=min(permit.pk, key), second_id=max(permit.pk, key)) for key in sorted(keys)
    )


def _seal(permit: Permit) -> None:
    permit.digest = digest_of(permit)
    permit.save(update_fields=["digest"])
