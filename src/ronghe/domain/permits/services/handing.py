"""A change of shift: guardian or job leader is handed over by one and taken over by another; and an extension (PC-04)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.permits.calc.gas import minutes_of
from ronghe.domain.permits.calc.standing import Stage, lacking
from ronghe.domain.permits.enums import HANDED, ISSUED, PartRole
from ronghe.domain.permits.facts import EXTENDED, HANDED_OVER
from ronghe.domain.permits.models import Handover, Permit, SiteOffice
from ronghe.domain.permits.rules import LEAD_PERMIT, SIGN_PERMIT
from ronghe.domain.permits.selectors.permits import picture_of
from ronghe.domain.permits.services.codes import require_here
from ronghe.domain.permits.services.naming import card_of, cards_of, require_admitted, until_of
from ronghe.domain.permits.services.telling import hold_site, locked, note_step, require_nothing, tell
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.words import N_

_TAKER = frozenset({"roles_apart", "unfit", "guardian_card", "guardian_card_over"})


class NotToHand(DomainError):
    code = "permit_not_to_hand"
    sentence = N_("只有作业负责人和监护人要交接，票签发后才交接，由本人交给另一个人。")


class HandNoteMissing(DomainError):
    code = "permit_hand_note"
    sentence = N_("请写明交接了什么：做到哪一步、隔离和气体情况、要注意什么。")
    status = 422


class OfferOpen(DomainError):
    code = "permit_offer_open"
    sentence = N_("已经在等%(name)s接班，请先撤回。")


class OfferGone(DomainError):
    code = "permit_offer_gone"
    sentence = N_("这次交接已经办完或撤回。")


class NoExtension(DomainError):
    code = "permit_no_extension"
    sentence = N_("%(standard)s 没有延期，超期要重新办票（PW-08）。")


class ExtensionOver(DomainError):
    code = "permit_extension_over"
    sentence = N_("最多延期 %(times)s 次、每次不超过 %(hours)s 小时，要在票到期前办（PC-04）。")


@transaction.atomic
def offer_handover(
    *, permit: Permit, role: PartRole, to: Person, note: str, actor: Person, at: datetime, card: str = "",
    card_until: date | None = None,
) -> Handover:  # fmt: skip
    """Hand one's part over to somebody; one stays in it until the other has taken over.

    :raises NotAllowed: the actor neither leads nor guards the job
    :raises NotToHand: it is not one's own, not issued, or to oneself
    :raises HandNoteMissing: no words
    :raises NotAdmitted: the other has nothing to do with this site
    :raises OfferOpen: it was offered to somebody already
    """
    LEAD_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    mine = fresh.parts.filter(role=role, person=actor).exists()
    if role not in HANDED or fresh.state not in ISSUED or not mine or to.pk == actor.pk:
        raise NotToHand
    if not note.strip():
        raise HandNoteMissing
    require_admitted(fresh.site, [to], at)
    cards = cards_of([to.pk], at) if role == PartRole.GUARDIAN else {}
    known = fresh.handovers.filter(role=role, taken_at=None, dropped_at=None).select_related("taker").first()
    if known is not None:
        raise OfferOpen(name=known.taker.name)
    try:
        with transaction.atomic():
            made = Handover.objects.create(
                permit=fresh, role=role, giver=actor, taker=to, card=card_of(card, to, cards),
                card_until=until_of(card_until, to, cards), note=note.strip()[:200], offered_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise OfferOpen(name=to.name) from error
    note_step(fresh, "offer", actor, at)
    tell(fresh, HANDED_OVER, actor, at, about=actor, source=made, part=f"{role}_offered")
    return made


@transaction.atomic
def take_handover(*, handover: Handover, actor: Person, at: datetime, code: str) -> Permit:
    """Take over, on site; the taker is held against everything that the giver was (PW-06, PW-11, PW-12).

    :raises NotFound: it was offered to somebody else
    :raises OfferGone: taken over or withdrawn
    :raises NotOnSite: no code of the site was read
    :raises Lacking: the taker may not
    """
    if handover.taker_id != actor.pk:
        raise NotFound
    fresh = locked(handover.permit)
    row = Handover.objects.select_related("giver").get(pk=handover.pk)
    if row.taken_at is not None or row.dropped_at is not None or fresh.state not in ISSUED:
        raise OfferGone
    require_here(fresh, code, actor=actor, at=at)
    part = fresh.parts.get(role=row.role)
    part.person, part.card, part.card_until = actor, row.card, row.card_until
    part.save()
    require_nothing([one for one in lacking(picture_of(fresh, at), Stage.SUBMIT, at) if one.code in _TAKER])
    row.taken_at = at
    row.save(update_fields=["taken_at"])
    if row.role == PartRole.GUARDIAN:
        fresh.is_guardian_here, fresh.guardian_seen_at = True, at
        fresh.save(update_fields=["is_guardian_here", "guardian_seen_at"])
    note_step(fresh, "hand_over", actor, at, waited_for=str(row.role))
    tell(fresh, HANDED_OVER, actor, at, about=actor, source=row, part=row.role)
    return fresh


@transaction.atomic
def drop_handover(*, handover: Handover, actor: Person, at: datetime) -> Handover:
    """Take an offer back, or say that one cannot take over.

    :raises NotAllowed: the actor is neither of the two
    :raises OfferGone: taken over or withdrawn
    """
    if actor.pk not in (handover.giver_id, handover.taker_id):
        raise NotAllowed(permission=LEAD_PERMIT.name)
    fresh = locked(handover.permit)
    row = Handover.objects.get(pk=handover.pk)
    if row.taken_at is not None or row.dropped_at is not None:
        raise OfferGone
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    tell(fresh, HANDED_OVER, actor, at, source=row, part=f"{row.role}_dropped")
    return row


@transaction.atomic
def extend_permit(*, permit: Permit, until: datetime, code: str, actor: Person, at: datetime, note: str = "") -> Permit:
    """Let a permit run on, where its profile knows that: approved by the host on site after another look (PC-04).

    :raises NotAllowed: the actor is not the host of the site
    :raises NoExtension: its profile knows none (PW-08)
    :raises ExtensionOver: too often, too long, too late, or its state
    :raises NotOnSite: no code of the site was read
    :raises Lacking: what lacks or clashes in the longer time
    """
    SIGN_PERMIT.require(actor, permit, at=at)
    hold_site(permit.site_id)
    fresh = locked(permit)
    held = SiteOffice.objects.filter(site=fresh.site_id, person=actor, office="host", valid_until=None)
    if not held.exists():
        raise NotAllowed(permission=SIGN_PERMIT.name)
    profile = picture_of(fresh, at).profile
    if not profile.may_extend:
        raise NoExtension(standard=profile.standard)
    times, hours = int(profile.number("extension.times")), profile.number("extension.most_h")
    longest = minutes_of(hours * 60)
    late = at >= fresh.valid_until or not timedelta(0) < until - fresh.valid_until <= longest
    if fresh.state not in ISSUED or fresh.extensions >= times or late:
        raise ExtensionOver(times=times, hours=f"{hours.normalize():f}")
    require_here(fresh, code, actor=actor, at=at)
    fresh.extended_until, fresh.extensions = until, fresh.extensions + 1
    fresh.save(update_fields=["extended_until", "extensions"])
    picture = picture_of(fresh, at)
    wanted = {"ends_with", "guardian_card_over", "unfit"}
    found = [one for one in lacking(picture, Stage.SUBMIT, at) if one.code in wanted]
    found += [one for one in lacking(picture, Stage.RUN, at) if one.code in {"clash", "coordinator", "alarm"}]
    require_nothing(found)
    note_step(fresh, "extend", actor, at, waited_for="host", note=note)
    whole = int((until - (permit.extended_until or permit.ends_at)).total_seconds() // 3600)
    tell(fresh, EXTENDED, actor, at, hours=whole)
    return fresh
