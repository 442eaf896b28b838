"""Agreements that the demonstration's zones stand on, signed by the secretaries of their sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from ronghe.domain.agreements.calc.content import Goal, read
from ronghe.domain.agreements.enums import AgreementKind, Better, GoalHead
from ronghe.domain.agreements.models import Agreement, AgreementParty, AgreementVersion
from ronghe.domain.agreements.services.drafting import draft_agreement
from ronghe.domain.agreements.services.negotiating import consent, revise
from ronghe.domain.agreements.services.signing import sign
from ronghe.domain.org.enums import MembershipKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.projects.models import Project


def sign_agreement(
    project: Project, bodies: Sequence[PartyOrg], *, kind: AgreementKind, starts_on: date, at: datetime,
    officer: Person | None = None,
) -> Agreement:  # fmt: skip
    """Draft an agreement of `bodies`, agree to it and sign it: all by their secretaries, who are named where missing."""
    secretaries = [secretary_of(body, at) for body in bodies]
    agreement = draft_agreement(
        project=project, bodies=bodies, kind=kind, starts_on=starts_on, ends_on=project.ends_on, actor=secretaries[0],
        at=at, safety_officer=officer,
    )  # fmt: skip
    parties = list(
        AgreementParty.objects.filter(agreement=agreement)
        .select_related("body__unit", "unit", "agreement")
        .order_by("position")
    )
    if kind == AgreementKind.LETTER_OF_INTENT:
        version = AgreementVersion.objects.get(agreement=agreement, number=agreement.current)
        content = read(version.content)
        revise(
            agreement=agreement, party=parties[0], content=replace(content, goals=_goals(project)),
            base=agreement.current, actor=secretaries[0], at=at,
        )  # fmt: skip
        agreement.refresh_from_db()
    for party, secretary in zip(parties, secretaries, strict=True):
        consent(agreement=agreement, party=party, number=agreement.current, actor=secretary, at=at)
    agreement.refresh_from_db()
    digest = AgreementVersion.objects.get(agreement=agreement, number=agreement.current).digest
    for party, secretary in zip(parties, secretaries, strict=True):
        sign(agreement=agreement, party=party, digest=digest, actor=secretary, at=at)
    agreement.refresh_from_db()
    return agreement


def secretary_of(body: PartyOrg, at: datetime) -> Person:
    """Return the secretary of a branch; a full member at home there takes the post where nobody holds it."""
    held = PostHolding.objects.filter(body=body, role=PostRole.SECRETARY, valid_until=None).select_related("person")
    post = held.order_by("pk").first()
    if post is not None:
        return post.person
    home = Membership.objects.filter(
        body=body, kind=MembershipKind.HOME, valid_until=None,
        person__political_status=PoliticalStatus.FULL_MEMBER,
    )  # fmt: skip
    person = home.select_related("person").order_by("pk")[1].person
    take_post(person=person, role=PostRole.SECRETARY, body=body, since=at.date(), actor=None, at=at)
    return person


def _goals(project: Project) -> tuple[Goal, ...]:
    figures = (
        ("theme_days", GoalHead.PARTY_BUILDING, "协作区主题党日", "次", Better.UP, 0, 12),
        ("drawing_review", GoalHead.PROJECT, "审图用时", "天", Better.DOWN, 10, 2),
        ("start_order", GoalHead.PROJECT, "开工单签发用时", "天", Better.DOWN, 3, 1),
        ("trained", GoalHead.IDEOLOGY, "谈心谈话覆盖", "%", Better.UP, 0, 100),
    )
    return tuple(
        Goal(key, head, title, unit, better, Decimal(baseline), Decimal(target), project.ends_on)
        for key, head, title, unit, better, baseline, target in figures
    )
