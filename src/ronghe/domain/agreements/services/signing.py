"""Each side's authorized person signs the digest of the text; when all have, the agreement is in force."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.calc.content import digest_of, read
from ronghe.domain.agreements.calc.months import next_review
from ronghe.domain.agreements.enums import AGREEMENT_FLOW, AgreementState, SigningRole
from ronghe.domain.agreements.facts import (
    CAME_INTO_FORCE,
    EXTENDED,
    SIGNED,
    SIGNER_AUTHORIZED,
    SIGNER_WITHDRAWN,
    SIGNING_REFUSED,
)
from ronghe.domain.agreements.models import (
    Agreement,
    AgreementGoal,
    AgreementParty,
    AgreementRefusal,
    AgreementSignature,
    AgreementVersion,
    SigningAuthorization,
)
from ronghe.domain.agreements.rules import NAME_SIGNER, OPEN, SIGN_BY_POST, SIGN_FOR_SIDE
from ronghe.domain.agreements.selectors.sides import people_of_side
from ronghe.domain.agreements.services.acting import (
    current_version,
    held,
    record,
    record_many,
    refuse_other_side,
    typed,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

LONGEST_REASON, LONGEST_DOCUMENT = 400, 120


class NotSigning(DomainError):
    code = "not_signing"
    sentence = N_("“%(title)s”现在的状态是“%(state)s”，不在签字环节。")


class DigestStale(DomainError):
    code = "digest_stale"
    sentence = N_("您看到的文本不是待签的第 %(number)s 稿，没有签。请刷新后看过新稿再签。")


class TextAltered(DomainError):
    code = "text_altered"
    sentence = N_("第 %(number)s 稿的文本与摘要不符，不能签。请联系平台管理员核验记录。")


class SideSigned(DomainError):
    code = "side_signed"
    sentence = N_("“%(side)s”已经签过字。")


class SignedForOther(DomainError):
    code = "signed_for_other"
    sentence = N_("您已代表另一方签字，一人不能代表两方。请由本方书记或另行授权的人签。")


class TermOver(DomainError):
    code = "term_over"
    sentence = N_("意向书的最后一天 %(day)s 已经过去，签了也不能生效。请先拒签，改期限后再签。")


class ReasonMissing(DomainError):
    code = "agreement_reason_missing"
    sentence = N_("请写明原因，好让对方知道怎么办。")
    status = 422


class AuthorizationUnwritten(DomainError):
    code = "authorization_unwritten"
    sentence = N_("请写明授权书的名称或文号，授权要有书面依据。")
    status = 422


class SignerOutside(DomainError):
    code = "signer_outside"
    sentence = N_("%(name)s不是“%(side)s”的人，不能代表该方签字。")
    status = 422


class SigningOver(DomainError):
    code = "signing_over"
    sentence = N_("“%(title)s”已不在协商和签字环节，不用再授权。")


@transaction.atomic
def authorize_signer(
    *, party: AgreementParty, person: Person, document: str, actor: Person, at: datetime
) -> SigningAuthorization:
    """Name somebody of the side in writing who signs for it beside the secretary; an earlier naming ends.

    :raises SigningOver: nothing is left to sign
    :raises AuthorizationUnwritten: by no paper
    :raises SignerOutside: the person belongs neither to the body nor to its unit
    """
    NAME_SIGNER.require(actor, party, at=at)
    agreement = held(party.agreement)
    if agreement.state not in OPEN:
        raise SigningOver(title=agreement.title)
    document = typed(document, LONGEST_DOCUMENT)
    if not document:
        raise AuthorizationUnwritten
    if not people_of_side(party, local_day(at)).filter(pk=person.pk).exists():
        raise SignerOutside(name=person.name, side=party.name)
    SigningAuthorization.objects.filter(party=party, withdrawn_at=None).update(withdrawn_at=at)
    given = SigningAuthorization.objects.create(
        party=party, person=person, document=document, given_by=actor, given_at=at
    )
    record(SIGNER_AUTHORIZED, agreement, party, actor, at)
    return given


@transaction.atomic
def withdraw_authorization(*, authorization: SigningAuthorization, actor: Person, at: datetime) -> None:
    """Take a naming back; what was signed by it stays signed.

    :raises Stale: it has ended already
    """
    NAME_SIGNER.require(actor, authorization.party, at=at)
    rows = SigningAuthorization.objects.filter(pk=authorization.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=at):
        raise Stale
    authorization.withdrawn_at = at
    record(SIGNER_WITHDRAWN, authorization.party.agreement, authorization.party, actor, at)


@transaction.atomic
def sign(
    *, agreement: Agreement, party: AgreementParty, digest: str, actor: Person, at: datetime
) -> AgreementSignature:
    """Sign the version on the table for a side. `digest` is of the text that the person saw.

    With the last signature the agreement comes into force, from the first day of its term or today, the later one.

    :raises NotSigning: not all agreed yet, or it is over
    :raises TermOver: its last day has passed
    :raises DigestStale: the person saw another text
    :raises TextAltered: the stored text does not have the stored digest
    :raises SideSigned: the side has signed
    :raises SignedForOther: the same person signed for another side
    """
    SIGN_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = held(agreement)
    version = _signable(agreement, digest, at)
    if version.signatures.filter(party=party).exists():
        raise SideSigned(side=party.name)
    by_post = SIGN_BY_POST.allows(actor, party, at=at)
    paper = None if by_post else party.authorizations.get(person=actor, withdrawn_at=None)
    try:
        with transaction.atomic():
            signature = AgreementSignature.objects.create(
                version=version, party=party, signer=actor, digest=digest, authorization=paper, signed_at=at,
                role=SigningRole.SECRETARY if by_post else SigningRole.AUTHORIZED,
            )  # fmt: skip
    except IntegrityError as error:
        raise SignedForOther from error
    record(SIGNED, agreement, party, actor, at, number=version.number, role=signature.role)
    if version.signatures.count() == agreement.parties.count():
        _come_into_force(agreement, version, actor, at)
    return signature


@transaction.atomic
def refuse_to_sign(
    *, agreement: Agreement, party: AgreementParty, reason: str, actor: Person, at: datetime
) -> AgreementRefusal:
    """Say why a side does not sign; the sides negotiate again, and all consents to this version are gone.

    :raises NotSigning: it is not to be signed
    :raises ReasonMissing: no reason
    :raises SideSigned: the side has signed already
    """
    SIGN_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = held(agreement)
    if agreement.state != AgreementState.SIGNING:
        raise NotSigning(title=agreement.title, state=agreement.get_state_display())
    reason = typed(reason, LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    version = current_version(agreement)
    if version.signatures.filter(party=party).exists():
        raise SideSigned(side=party.name)
    refusal = AgreementRefusal.objects.create(
        version=version, party=party, refused_by=actor, reason=reason, refused_at=at
    )
    version.consents.all().delete()
    AGREEMENT_FLOW.advance(agreement, "reopen")
    record(SIGNING_REFUSED, agreement, party, actor, at, number=version.number)
    return refusal


def _signable(agreement: Agreement, digest: str, at: datetime) -> AgreementVersion:
    if agreement.state != AgreementState.SIGNING:
        raise NotSigning(title=agreement.title, state=agreement.get_state_display())
    version = current_version(agreement)
    if digest != version.digest:
        raise DigestStale(number=version.number)
    if digest_of(version.content) != version.digest:
        raise TextAltered(number=version.number)
    if agreement.ends_on < local_day(at):
        raise TermOver(day=agreement.ends_on)
    return version


def _come_into_force(agreement: Agreement, version: AgreementVersion, actor: Person, at: datetime) -> None:
    first, last = max(agreement.starts_on, local_day(at)), agreement.ends_on
    AGREEMENT_FLOW.advance(
        agreement, "come_into_force", valid_from=first, valid_until=last + timedelta(days=1),
        review_on=next_review(first, months=agreement.review_months, last_day=last),
    )  # fmt: skip
    AgreementGoal.objects.bulk_create(
        AgreementGoal(
            agreement=agreement, key=goal.id, position=number, head=goal.head, title=goal.title, unit=goal.unit,
            better=goal.better, baseline=goal.baseline, target=goal.target, due_on=goal.due_on,
        )
        for number, goal in enumerate(read(version.content).goals, 1)
    )  # fmt: skip
    record_many(CAME_INTO_FORCE, agreement, actor, at, kind=agreement.kind, from_on=first, until_on=last)
    if agreement.supplements_id is not None:
        _extend(agreement.supplements_id, last, actor, at)


def _extend(main_id: int, last: date, actor: Person, at: datetime) -> None:
    """Let the main agreement last as long as its supplement says, where that is longer."""
    until = last + timedelta(days=1)
    rows = Agreement.objects.filter(pk=main_id, state=AgreementState.IN_FORCE, valid_until__lt=until)
    if rows.update(valid_until=until):
        record_many(EXTENDED, Agreement.objects.get(pk=main_id), actor, at, until_on=last)
