"""The permits that a phone takes along: those in which its person has a part or an office today, as they are to be read and signed.

Names only of parts and of who signed; who else may sign is said by number, so that another key on the same phone finds its
own roles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.gas import units_of
from ronghe.domain.permits.calc.grading import parties_of
from ronghe.domain.permits.calc.standing import Picture, Stage, awaited
from ronghe.domain.permits.documents import grade_words
from ronghe.domain.permits.enums import (
    ON_SITE,
    OVER,
    SIGNED_IN,
    PartRole,
    PermitState,
    SignRole,
)
from ronghe.domain.permits.models import (
    Isolation,
    Measure,
    Permit,
    PermitPart,
    PermitSignature,
    RiskLine,
    SiteOffice,
)
from ronghe.domain.permits.selectors.permits import JOINED, NEXT_STAGE, pictures_of
from ronghe.domain.permits.services.securing import WORKABLE
from ronghe.kernel.db.tree import on_day

MOST_PERMITS = 12
AHEAD = timedelta(hours=36)
_PART_OF = {
    SignRole.RISK_BUILDER: PartRole.JOB_LEADER, SignRole.BRIEFER: PartRole.BRIEFER, SignRole.BRIEFED: PartRole.JOB_LEADER,
    SignRole.GUARDIAN: PartRole.GUARDIAN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CarriedRole:
    """One line of the sheet of signatures: who signed it, or the numbers of those who may."""

    role: SignRole
    office: str
    office_title: str
    is_on_site: bool
    is_open: bool
    """Whether its turn has come."""
    signed_by: str
    may: list[int]


@dataclass(frozen=True, slots=True)
class CarriedGas:
    substance: str
    title: str
    units: tuple[str, ...]
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class CarriedPermit:
    """A permit as it is read, signed and worked on without signal."""

    permit: Permit
    operation: str
    grade: str
    lacks: list[str]
    parts: list[PermitPart]
    risks: list[RiskLine]
    measures: list[tuple[Measure, str]]
    """Each with its words in the language of the reader."""
    isolations: list[Isolation]
    roles: list[CarriedRole]
    gas: list[CarriedGas]
    gas_by: list[int]
    guardian: int | None
    can_check: bool


def permits_carried(person: Person, at: datetime) -> list[CarriedPermit]:
    """Return the person's permits of today, the soonest first; the same number of statements for one and for twelve."""
    today = local_day(at)
    named = PermitPart.objects.filter(permit=OuterRef("pk"), person=person)
    held = SiteOffice.objects.filter(on_day(today), site=OuterRef("site_id"), person=person)
    rows = Permit.objects.filter(Q(Exists(named)) | Q(Exists(held)) | Q(applicant=person))
    rows = rows.exclude(state__in=sorted(OVER)).filter(starts_at__lte=at + AHEAD)
    over = Q(ends_at__lte=at, extended_until=None) | Q(extended_until__lte=at)
    rows = rows.exclude(over & ~Q(state=PermitState.COMPLETED)).select_related(*JOINED)
    permits = list(rows.order_by("starts_at", "pk")[:MOST_PERMITS])
    if not permits:
        return []
    pictures = pictures_of(permits, at)
    keys = [permit.pk for permit in permits]
    parts: dict[int, list[PermitPart]] = defaultdict(list)
    for part in PermitPart.objects.filter(permit__in=keys).select_related("person").order_by("role", "pk"):
        parts[part.permit_id].append(part)
    offices: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in SiteOffice.objects.filter(on_day(today), site__in={one.site_id for one in permits}).order_by("pk"):
        offices[row.site_id][row.office].append(row.person_id)
    signed = _signed(permits)
    lines = [_lines(model, keys) for model in (RiskLine, Measure, Isolation)]
    found = []
    for permit in permits:
        picture, people = pictures[permit.pk], parts[permit.pk]
        stage = NEXT_STAGE.get(PermitState(permit.state))
        guardian = next((one.person_id for one in people if one.role == PartRole.GUARDIAN), None)
        testers = [one.person_id for one in people if one.role == PartRole.GAS_TESTER]
        found.append(
            CarriedPermit(
                permit=permit, operation=picture.operation.title, grade=grade_words(permit.grade, permit.operation),
                lacks=_sentences(picture, stage, at), parts=people, risks=lines[0][permit.pk],
                measures=[(row, picture.operation.measure(row.text)) for row in lines[1][permit.pk]],
                isolations=lines[2][permit.pk],
                roles=_roles(permit, picture, people, offices[permit.site_id], signed[permit.pk]), gas=_gas(picture),
                gas_by=[*testers, *offices[permit.site_id]["gas_tester"]] if picture.operation.gas is not None else [],
                guardian=guardian, can_check=permit.state in WORKABLE,
            )
        )  # fmt: skip
    return found


def _sentences(picture: Picture, stage: Stage | None, at: datetime) -> list[str]:
    return [] if stage is None else [str(one) for one in awaited(picture, stage, at)]


def _signed(permits: Sequence[Permit]) -> dict[int, dict[str, str]]:
    digests = {permit.pk: permit.digest for permit in permits}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = PermitSignature.objects.filter(permit__in=digests, voiding=None).select_related("person").order_by("pk")
    for row in rows:
        if row.digest == digests[row.permit_id]:
            found[row.permit_id][row.key] = row.person.name
    return found


def _lines(model: type, keys: Collection[int]) -> dict[int, list]:  # type: ignore[type-arg]
    found = defaultdict(list)
    for row in model.objects.filter(permit__in=keys).order_by("place"):  # type: ignore[attr-defined]
        found[row.permit_id].append(row)
    return found


def _roles(
    permit: Permit, picture: Picture, people: Sequence[PermitPart], offices: dict[str, list[int]], signed: dict[str, str]
) -> list[CarriedRole]:  # fmt: skip
    """Return every line of the sheet in its order, whether its turn has come or not: on one phone they sign one after another."""
    operation = picture.operation
    matrix = parties_of(operation, permit.grade)
    wanted: list[tuple[SignRole, str, str]] = [
        (SignRole.RISK_BUILDER, "", ""), (SignRole.RISK_HOST, "", "host"),
        *[(SignRole.CO_SIGNER, office, office) for office in matrix.co_signers], (SignRole.VERIFIER, "", "host"),
        (SignRole.APPROVER, "", matrix.approver), (SignRole.BRIEFER, "", ""), (SignRole.BRIEFED, "", ""),
    ]  # fmt: skip
    if operation.is_special:
        wanted.append((SignRole.GUARDIAN, "", ""))
    if matrix.checker:
        wanted.append((SignRole.CHECKER, "", matrix.checker))
    if permit.state == PermitState.COMPLETED:
        wanted.append((SignRole.ACCEPTOR, "", "host"))
    found = []
    for role, office, held in wanted:
        key = f"{role}:{office}" if office else str(role)
        may = offices[held] if held else [one.person_id for one in people if one.role == _PART_OF[role]]
        title = picture.profile.offices.get(held, "") if role in (SignRole.CO_SIGNER, SignRole.APPROVER) else ""
        is_open = key not in signed and (permit.state == SIGNED_IN[role] or key in picture.voided)
        found.append(
            CarriedRole(
                role, office, title, role in ON_SITE, is_open, signed.get(key, ""), [] if key in signed else may
            )
        )
    return found


def _gas(picture: Picture) -> list[CarriedGas]:
    rule = picture.operation.gas
    if rule is None:
        return []
    wanted = {*rule.all_of, *rule.any_of[:1]}
    substances = picture.profile.substances
    return [CarriedGas(key, substances[key].title, units_of(substances[key]), key in wanted)
            for key in dict.fromkeys([*rule.all_of, *rule.any_of])]  # fmt: skip
