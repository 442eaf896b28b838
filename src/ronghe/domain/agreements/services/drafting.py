"""An agreement is drafted from a form, or to supplement one in force; and called off before it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.agreements.calc.checks import problems
from ronghe.domain.agreements.calc.content import Content, canonical, digest_of
from ronghe.domain.agreements.calc.forms import NEUTRAL, SUPPLEMENT, Form, filled
from ronghe.domain.agreements.enums import AGREEMENT_FLOW, AgreementKind, AgreementState
from ronghe.domain.agreements.facts import AGREEMENT_DRAFTED, CALLED_OFF
from ronghe.domain.agreements.models import Agreement, AgreementParty, AgreementVersion
from ronghe.domain.agreements.rules import ACT_FOR_SIDE, DRAFT_AGREEMENT
from ronghe.domain.agreements.selectors.sides import SIDE_KINDS
from ronghe.domain.agreements.services.acting import held, record, refuse_other_side
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

REVIEW_MONTHS = 3
"""How often the sides look back unless the form says otherwise (D)."""


class TooFewSides(DomainError):
    code = "too_few_sides"
    sentence = N_("意向书至少要有两方，请再选一个党支部。")
    status = 422


class SideUnfit(DomainError):
    code = "side_unfit"
    sentence = N_("“%(body)s”不是在册的党支部、党总支或党委，不能作为一方。请另选。")
    status = 422


class SideWithoutUnit(DomainError):
    code = "side_without_unit"
    sentence = N_("“%(body)s”没有对应的行政单位，不能签安全管理协议（PC-08）。请先在组织架构里对应单位。")


class ProjectOver(DomainError):
    code = "project_over"
    sentence = N_("项目“%(project)s”%(state)s，不能再订意向书。")


class NothingToSupplement(DomainError):
    code = "nothing_to_supplement"
    sentence = N_("“%(title)s”现在的状态是“%(state)s”，生效中的才能订补充协议。")


class TextUnsound(DomainError):
    code = "text_unsound"
    sentence = N_("“%(part)s”：%(problem)s")
    status = 422


@transaction.atomic
def draft_agreement(
    *, project: Project, bodies: Sequence[PartyOrg], kind: AgreementKind, starts_on: date, ends_on: date, actor: Person,
    at: datetime, form: Form | None = None, review_months: int = REVIEW_MONTHS, safety_officer: Person | None = None,
) -> Agreement:  # fmt: skip
    """Draft an agreement of `bodies` on a project; the first one drafts. The text is `form`, or the room's own, filled in.

    :raises TooFewSides: fewer than two different bodies
    :raises SideUnfit: a group, a closed body, one of union or league
    :raises SideWithoutUnit: a safety agreement is between units, and a body has none (PC-08)
    :raises ProjectOver: completed or called off
    :raises TextUnsound: the filled text would not do, such as a term that ends before it begins
    """
    sides = list({body.pk: body for body in bodies}.values())
    if sides:
        DRAFT_AGREEMENT.require(actor, sides[0], at=at)
    SEE_PROJECT.require(actor, project, at=at)
    _refuse_sides(sides, kind)
    _refuse_project(project)
    names = [side.unit.name if kind == AgreementKind.SAFETY and side.unit else side.name for side in sides]
    form = form or NEUTRAL[kind]
    content = filled(
        form, kind=kind, project=project.name, sides=names, starts_on=starts_on, ends_on=ends_on,
        review_months=review_months,
    )  # fmt: skip
    content = replace(content, safety_officer=safety_officer.name if safety_officer is not None else "")
    return _create(project, sides, content, actor, at, playbook=form.reference, officer=safety_officer)


@transaction.atomic
def draft_supplement(
    *, agreement: Agreement, party: AgreementParty, starts_on: date, ends_on: date, actor: Person, at: datetime
) -> Agreement:
    """Draft a supplementary agreement of the same sides; its text says what changes.

    :raises NothingToSupplement: the agreement is not in force, or is a supplement itself
    :raises TextUnsound: the term ends before it begins
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    if agreement.state != AgreementState.IN_FORCE or agreement.supplements_id is not None:
        raise NothingToSupplement(title=agreement.title, state=agreement.get_state_display())
    sides = list(agreement.parties.select_related("body__unit", "unit"))
    sides.sort(key=lambda side: (side.pk != party.pk, side.position))
    content = filled(
        SUPPLEMENT, kind=agreement.kind, project=agreement.project.name, sides=[side.name for side in sides],
        starts_on=starts_on, ends_on=ends_on, review_months=agreement.review_months, agreement=agreement.title,
    )  # fmt: skip
    officer = agreement.safety_officer
    content = replace(content, safety_officer=officer.name if officer is not None else "")
    return _create(
        agreement.project, [side.body for side in sides], content, actor, at, supplements=agreement, officer=officer
    )


@transaction.atomic
def call_off(*, agreement: Agreement, party: AgreementParty, actor: Person, at: datetime) -> Agreement:
    """Give up an agreement that is not signed by all."""
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = held(agreement)
    AGREEMENT_FLOW.advance(agreement, "call_off")
    record(CALLED_OFF, agreement, party, actor, at)
    return agreement


def refuse_unsound(content: Content) -> None:
    """Return where the text may stand.

    :raises TextUnsound: naming the first part that is wrong
    """
    for part, problem in problems(content):
        raise TextUnsound(part=part, problem=_(problem))


def _refuse_sides(sides: Sequence[PartyOrg], kind: AgreementKind) -> None:
    if len(sides) < 2:
        raise TooFewSides
    for side in sides:
        if side.kind not in SIDE_KINDS or side.valid_until is not None:
            raise SideUnfit(body=side.name)
        if kind == AgreementKind.SAFETY and side.unit is None:
            raise SideWithoutUnit(body=side.name)


def _refuse_project(project: Project) -> None:
    if project.state in (ProjectState.COMPLETED, ProjectState.CALLED_OFF):
        raise ProjectOver(project=project.name, state=project.get_state_display())


def _create(
    project: Project, sides: Sequence[PartyOrg], content: Content, actor: Person, at: datetime, *, playbook: str = "",
    supplements: Agreement | None = None, officer: Person | None = None,
) -> Agreement:  # fmt: skip
    refuse_unsound(content)
    agreement = Agreement.objects.create(
        kind=content.kind, title=content.title, project=project, supplements=supplements, starts_on=content.starts_on,
        ends_on=content.ends_on, review_months=content.review_months, playbook=playbook, safety_officer=officer,
        drafted_by=actor, drafted_at=at,
    )  # fmt: skip
    parties = AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement, body=side, position=number,
            unit=side.unit if content.kind == AgreementKind.SAFETY else None,
        )
        for number, side in enumerate(sides, 1)
    )  # fmt: skip
    text = canonical(content)
    AgreementVersion.objects.create(
        agreement=agreement, number=1, content=text, digest=digest_of(text), party=parties[0], made_by=actor, made_at=at
    )
    record(
        AGREEMENT_DRAFTED, agreement, parties[0], actor, at, kind=content.kind, parties=len(parties),
        is_supplement=supplements is not None,
    )  # fmt: skip
    return agreement
