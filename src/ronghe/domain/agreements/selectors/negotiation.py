"""The text on the table: its versions, what each changed, remarks on it, who agreed and who signed."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from ronghe.domain.agreements.calc.content import Content, digest_of, read
from ronghe.domain.agreements.enums import BINDING
from ronghe.domain.agreements.models import (
    Agreement,
    AgreementComment,
    AgreementConsent,
    AgreementParty,
    AgreementRefusal,
    AgreementSignature,
    AgreementVersion,
    SigningAuthorization,
)

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class SideState:
    """Where one side stands with the version on the table."""

    party: AgreementParty
    consent: AgreementConsent | None = None
    signature: AgreementSignature | None = None
    refusal: AgreementRefusal | None = None
    authorization: SigningAuthorization | None = None


@dataclass(slots=True)
class Thread:
    """A remark and its replies, oldest first."""

    head: AgreementComment
    replies: list[AgreementComment] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return self.head.settled_at is not None


def version_on_table(agreement: Agreement) -> AgreementVersion:
    rows = AgreementVersion.objects.select_related("party__body", "party__unit", "made_by", "refusal__refused_by")
    return rows.get(agreement=agreement, number=agreement.current)


def versions_of(agreement: Agreement) -> list[AgreementVersion]:
    """Return every version, the latest first."""
    rows = AgreementVersion.objects.filter(agreement=agreement)
    rows = rows.select_related("party__body", "party__unit", "made_by", "refusal__party__body", "refusal__party__unit")
    return list(rows.order_by("-number"))


def content_of(version: AgreementVersion) -> Content:
    return read(version.content)


def side_states(agreement: Agreement, version: AgreementVersion) -> list[SideState]:
    """Return where each side stands with `version`, in the order of the sides; four statements."""
    states = {side.pk: SideState(side) for side in agreement.sides}
    for consent in version.consents.select_related("given_by"):
        states[consent.party_id].consent = consent
    for signature in version.signatures.select_related("signer", "authorization"):
        states[signature.party_id].signature = signature
    refusal = AgreementRefusal.objects.filter(version=version).select_related("refused_by").first()
    if refusal is not None:
        states[refusal.party_id].refusal = refusal
    named = SigningAuthorization.objects.filter(party__in=states, withdrawn_at=None).select_related(
        "person", "given_by"
    )
    for authorization in named:
        states[authorization.party_id].authorization = authorization
    return list(states.values())


def threads_of(agreement: Agreement) -> list[Thread]:
    """Return the remarks with their replies, open ones first, oldest first; one statement."""
    rows = AgreementComment.objects.filter(agreement=agreement)
    rows = rows.select_related("party__body", "party__unit", "made_by", "settled_by").order_by("made_at", "pk")
    heads: dict[int, Thread] = {}
    replies: dict[int, list[AgreementComment]] = defaultdict(list)
    for row in rows:
        if row.reply_to_id is None:
            heads[row.pk] = Thread(row)
        else:
            replies[row.reply_to_id].append(row)
    for pk, thread in heads.items():
        thread.replies = replies[pk]
    return sorted(heads.values(), key=lambda thread: thread.is_settled)


@dataclass(frozen=True, slots=True)
class Verified:
    """What is stored against what was signed."""

    version: AgreementVersion
    computed: str
    signatures: list[AgreementSignature]

    @property
    def text_matches(self) -> bool:
        return self.computed == self.version.digest

    @property
    def signatures_match(self) -> bool:
        return all(signature.digest == self.version.digest for signature in self.signatures)

    @property
    def is_sound(self) -> bool:
        return self.text_matches and self.signatures_match


def signed_version(digest: str) -> AgreementVersion | None:
    """Return the version of this digest that all sides signed, as typed: spaces and capitals do not matter."""
    plain = "".join(digest.lower().split())
    if not DIGEST.fullmatch(plain):
        return None
    rows = AgreementVersion.objects.filter(digest=plain, agreement__state__in=sorted(BINDING))
    return rows.filter(signatures__isnull=False).select_related("agreement__project").distinct().first()


def verified(version: AgreementVersion) -> Verified:
    """Compute the digest of the stored text anew and put it beside what the sides signed."""
    rows = AgreementSignature.objects.filter(version=version).select_related("party__body", "party__unit", "signer")
    return Verified(version, digest_of(version.content), list(rows.order_by("party__position")))
