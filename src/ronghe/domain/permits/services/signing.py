"""All sides sign one text: each signature names the digest that it stands under, and the step follows from the last of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.standing import Picture, Stage, lacking, span_h
from ronghe.domain.permits.enums import ON_SITE, PERMIT_FLOW, SIGNED_IN, PermitState, SignRole, SignWay
from ronghe.domain.permits.facts import ISSUED_FACT, MOVED, SIGNED
from ronghe.domain.permits.models import Permit, PermitSignature, SiteOffice
from ronghe.domain.permits.rules import SIGN_PERMIT
from ronghe.domain.permits.selectors.permits import may_sign_as, picture_of
from ronghe.domain.permits.services.codes import require_here
from ronghe.domain.permits.services.telling import hold_site, locked, note_step, require_nothing, tell
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

_BRIEFING = ("briefer", "briefed")


class TextChanged(DomainError):
    code = "permit_text_changed"
    sentence = N_("票的内容在您看过之后改了（PW-08），请看过新的内容再签。")


class NotYourSignature(DomainError):
    code = "permit_not_your_signature"
    sentence = N_("现在（%(state)s）不是由您签“%(role)s”。")


class SignedAlready(DomainError):
    code = "permit_signed_already"
    sentence = N_("“%(role)s”已由%(name)s签过，不用再签。")


@transaction.atomic
def sign_permit(
    *, permit: Permit, role: SignRole, actor: Person, at: datetime, digest: str, office: str = "", code: str = "",
    place: str = "", way: SignWay = SignWay.OWN_PHONE, proof: str = "", signing_key: str = "",
    received_at: datetime | None = None,
) -> PermitSignature:  # fmt: skip
    """Sign a permit as `role` under the digest that the actor read; the same signature a second time is the first one.

    `at` is when it was signed: the office, the part and the code on site are those of that moment. What the step lacks is
    looked at when it is received, and the step is taken then: nobody issues in the past.

    The last signature of a step takes the step: both sides' analysis, the co-signers, the verification and the approval
    on site (PW-07), the briefing of both (PW-03), the acceptance (PW-10).

    :raises NotAllowed: the actor is neither named on it nor holds an office at the site
    :raises TextChanged: it says something else by now
    :raises NotYourSignature: another role, another state, another office
    :raises SignedAlready: somebody else signed for this
    :raises NotOnSite: this is signed at the work, and no code of it was read
    :raises Lacking: what the step lacks
    """
    SIGN_PERMIT.require(actor, permit, at=at)
    now = received_at or at
    if role == SignRole.APPROVER:
        hold_site(permit.site_id)
    fresh = locked(permit)
    key = f"{role}:{office}" if office else str(role)
    known = PermitSignature.objects.filter(permit=fresh, role=role, office=office, digest=fresh.digest)
    first = known.filter(voiding=None).select_related("person").first()
    if first is not None:
        if first.person_id == actor.pk:
            return first
        raise SignedAlready(role=first.get_role_display(), name=first.person.name)
    if digest != fresh.digest:
        raise TextChanged
    held = SiteOffice.objects.filter(on_day(local_day(at)), site=fresh.site_id, person=actor)
    voided = known.count()
    offices = set(held.values_list("office", flat=True))
    if key not in may_sign_as(fresh, fresh.parts.order_by("pk"), offices, actor, {key} if voided else ()):
        raise NotYourSignature(state=fresh.get_state_display(), role=_(str(SignRole(role).label)))
    if role in ON_SITE:
        require_here(fresh, code, actor=actor, at=at)
    picture = picture_of(fresh, now)
    _look(picture, role, actor, now)
    try:
        with transaction.atomic():
            signature = PermitSignature.objects.create(
                permit=fresh, role=role, office=office, person=actor, digest=fresh.digest, way=way,
                is_on_site=role in ON_SITE, place=place.strip()[:80], proof=proof[:128], signing_key=signing_key,
                round=voided, signed_at=at, received_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        first = known.select_related("person").get(round=voided)
        if first.person_id == actor.pk:
            return first
        raise SignedAlready(role=first.get_role_display(), name=first.person.name) from error
    tell(fresh, SIGNED, actor, at, about=actor, source=signature, role=role, way=way, on_site=role in ON_SITE)
    if role == SignRole.GUARDIAN and (fresh.guardian_seen_at is None or fresh.guardian_seen_at <= at):
        fresh.is_guardian_here, fresh.guardian_seen_at = True, at
        fresh.save(update_fields=["is_guardian_here", "guardian_seen_at"])
    _go_on(fresh, replace(picture, signed=picture.signed | {key}), role, actor, now)
    note_step(fresh, f"sign_{role}", actor, now, waited_for=key)
    return signature


def _look(picture: Picture, role: SignRole, actor: Person, at: datetime) -> None:
    """Refuse a signature under what is not fit to be signed."""
    if role in (SignRole.RISK_BUILDER, SignRole.RISK_HOST):
        require_nothing(lacking(picture, Stage.ANALYSE, at))
    elif role == SignRole.APPROVER:
        people = {**picture.people, "approver": (actor.pk,)}
        require_nothing(lacking(replace(picture, people=people), Stage.APPROVE, at))
    elif role == SignRole.ACCEPTOR:
        require_nothing(lacking(picture, Stage.ACCEPT, at))


def _go_on(permit: Permit, picture: Picture, role: SignRole, actor: Person, at: datetime) -> None:
    """Take the step that the signature completes, if it does; one that is given again completes none."""
    signed = picture.signed
    if permit.state != SIGNED_IN[role]:
        return
    if role in (SignRole.RISK_BUILDER, SignRole.RISK_HOST) and {"risk_builder", "risk_host"} <= signed:
        _step(permit, "analyse", actor, at)
    elif role == SignRole.CO_SIGNER and {f"co_signer:{one}" for one in picture.operation.co_signers} <= signed:
        _step(permit, "cosign", actor, at)
    elif role == SignRole.VERIFIER:
        _step(permit, "verify", actor, at)
    elif role == SignRole.APPROVER:
        PERMIT_FLOW.advance(permit, "approve", issued_at=at)
        tell(permit, ISSUED_FACT, actor, at, quantity=span_h(permit.requested_at, at))
    elif role == SignRole.ACCEPTOR:
        days = int(picture.profile.number("keep.permit_days"))
        PERMIT_FLOW.advance(permit, "accept", accepted_at=at, keep_until=local_day(at) + timedelta(days=days))
        tell(permit, MOVED, actor, at, step="accept")
    elif permit.state == PermitState.APPROVED:
        wanted = {*_BRIEFING}
        if picture.operation.is_special:
            wanted.add("guardian")
        if picture.operation.checker:
            wanted.add("checker")
        if wanted <= signed:
            _step(permit, "brief", actor, at)


def _step(permit: Permit, step: str, actor: Person, at: datetime) -> None:
    PERMIT_FLOW.advance(permit, step)
    tell(permit, MOVED, actor, at, step=step)
