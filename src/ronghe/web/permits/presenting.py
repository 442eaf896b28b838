"""What the page of one permit shows and offers, and how its states look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.offline.selectors import acts_of_permit
from ronghe.domain.permits.calc.grading import parties_of
from ronghe.domain.permits.calc.profiles import Profile
from ronghe.domain.permits.calc.standing import next_gas_at
from ronghe.domain.permits.documents import grade_words
from ronghe.domain.permits.enums import (
    ISSUED,
    ON_SITE,
    OPEN_TO_CHANGE,
    OVER,
    PERMIT_FLOW,
    PartRole,
    PermitState,
    SignRole,
    StopReason,
)
from ronghe.domain.permits.models import GasTest, Permit
from ronghe.domain.permits.rules import EDIT_PERMIT, LEAD_PERMIT, REJECT_PERMIT, SIGN_PERMIT, STOP_PERMIT, TEST_GAS
from ronghe.domain.permits.selectors.permits import PermitView, conflicts_asked, may_sign_as, view_of
from ronghe.domain.permits.selectors.sites import offices_of, people_offered
from ronghe.domain.permits.services.securing import WORKABLE
from ronghe.kernel.words import N_, _
from ronghe.web.permits.forms import ExtendForm, GasForm, HandForm, NoteForm, PersonForm, StopForm, WindowForm
from ronghe.web.requests import actor_of

SHAPES: Mapping[str, str] = {
    PermitState.DRAFT: "due", PermitState.ANALYSED: "due", PermitState.SUBMITTED: "attention",
    PermitState.COSIGNED: "attention", PermitState.VERIFIED: "attention", PermitState.APPROVED: "attention",
    PermitState.BRIEFED: "attention", PermitState.ACTIVE: "running", PermitState.SUSPENDED: "failed",
    PermitState.COMPLETED: "attention", PermitState.ACCEPTED: "done", PermitState.ARCHIVED: "done",
    PermitState.REJECTED: "failed", PermitState.CANCELLED: "waived", PermitState.EXPIRED: "failed",
}  # fmt: skip
WORTH = timedelta(minutes=30)


def here_code(request: HttpRequest) -> str:
    """Return the code that this phone read on site within the last half hour."""
    code, given = request.session.get("permit_here", ("", 0))
    return code if timezone.now().timestamp() - given <= WORTH.total_seconds() else ""


WAITED = {
    "applicant": N_("申请人"), "job_leader": N_("作业负责人"), "coordinator": N_("交叉作业协调人"), "guardian": N_("监护人"),
}  # fmt: skip


def waited_for(name: str, profile: Profile) -> str:
    """Return in words for whom a permit waited: an office, a part, or as what somebody signs."""
    office = profile.offices.get(name.rpartition(":")[2])
    if office:
        return office
    return _(WAITED[name]) if name in WAITED else role_words(name, profile.offices)


def role_words(key: str, offices: Mapping[str, str]) -> str:
    role, _colon, office = key.partition(":")
    word = str(SignRole(role).label)
    return _("%(role)s：%(office)s") % {"role": word, "office": offices.get(office, office)} if office else word


def grade_shown(permit: Permit) -> str:
    return grade_words(permit.grade, permit.operation)


def permit_context(request: HttpRequest, permit: Permit, *, failed: Any = None) -> dict[str, Any]:
    """Return the page of a permit; `failed` is the form whose act was refused, shown again with what was typed."""
    actor, now = actor_of(request), timezone.now()
    view = view_of(permit, now)
    operation, profile = view.picture.operation, view.picture.profile
    held = {row.office for row in offices_of(permit.site, now) if row.person_id == actor.pk}
    may_sign = may_sign_as(permit, view.parts, held, actor, view.picture.voided)
    standing = {row.key for row in view.standing}
    can = _acts(request, permit, view, now)
    context = {
        "permit": permit, "view": view, "operation": operation, "profile": profile, "shape": SHAPES[permit.state],
        "grade": grade_shown(permit), "upgraded": _upgrades(permit, view),
        "approver": profile.offices[parties_of(operation, permit.grade).approver],
        "measures": [(row, operation.measure(row.text)) for row in view.measures],
        "tests": [(row, _readings(row, profile)) for row in view.tests],
        "facts": _facts(view), "lacks": view.lacks,
        "signing": [
            {"key": key, "words": role_words(key, profile.offices), "role": key.partition(":")[0],
             "office": key.partition(":")[2], "on_site": key.partition(":")[0] in ON_SITE}
            for key in may_sign if key not in standing
        ],
        "signatures": [
            (row, role_words(row.key, profile.offices), row.digest == permit.digest) for row in view.signatures
        ],
        "phone_acts": list(acts_of_permit(permit)),
        "conflicts": conflicts_asked(permit, now) if permit.state not in OVER and operation.is_special else [],
        "next_gas": next_gas_at(view.picture) if permit.state == PermitState.ACTIVE else None,
        "here": bool(here_code(request)), "failed": type(failed).__name__ if failed is not None else "",
        "offers": [row for row in view.handovers if row.taken_at is None and row.dropped_at is None],
        "actor": actor, **can,
    }  # fmt: skip
    forms = _forms(permit, view, can, now)
    if failed is not None:
        forms[NAMES[type(failed)]] = failed
    return context | forms


NAMES: dict[type, str] = {
    NoteForm: "note_form", StopForm: "stop_form", WindowForm: "window_form", ExtendForm: "extend_form", GasForm: "gas_form",
    HandForm: "hand_form", PersonForm: "person_form",
}  # fmt: skip


def _facts(view: PermitView) -> list[tuple[str, str]]:
    found = []
    for field in view.picture.operation.facts:
        value = view.permit.values.get(field.id)
        if value not in (None, "", False):
            said = dict(field.choices).get(str(value)) or (
                _("是") if value is True else f"{value} {field.unit}".strip()
            )
            found.append((field.title, said))
    return found


def _readings(row: GasTest, profile: Profile) -> list[dict[str, Any]]:
    """Return what was read with the names of the gases as the reader reads them; one that the profile lost as it was kept."""
    known = profile.substances
    return [
        {**one, "title": known[one["substance"]].title if one["substance"] in known else one["title"]}
        for one in row.readings
    ]


def _upgrades(permit: Permit, view: PermitView) -> bool:
    return bool(permit.graded_for) and permit.grade in view.picture.operation.grades[:-1]


def _acts(request: HttpRequest, permit: Permit, view: PermitView, now: datetime) -> dict[str, bool]:
    actor, allows = actor_of(request), PERMIT_FLOW.allows
    edits, leads = EDIT_PERMIT.allows(actor, permit, at=now), LEAD_PERMIT.allows(actor, permit, at=now)
    is_guardian = any(row.role == PartRole.GUARDIAN and row.person_id == actor.pk for row in view.parts)
    return {
        "can_edit": edits and permit.state in OPEN_TO_CHANGE,
        "can_submit": edits and allows(permit, "submit"),
        "can_cancel": edits and allows(permit, "cancel"),
        "can_reissue": edits and (permit.state in ISSUED or permit.state in OVER) and not hasattr(permit, "replaced_by"),
        "can_reject": allows(permit, "reject") and REJECT_PERMIT.allows(actor, permit, at=now),
        "can_coordinate": permit.state in PERMIT_FLOW.steps["expire"].sources and REJECT_PERMIT.allows(actor, permit, at=now),
        "can_activate": leads and allows(permit, "activate"),
        "can_resume": leads and allows(permit, "resume"),
        "can_complete": leads and allows(permit, "complete"),
        "can_stop": allows(permit, "suspend") and STOP_PERMIT.allows(actor, permit, at=now),
        "can_secure": permit.state in WORKABLE and SIGN_PERMIT.allows(actor, permit, at=now),
        "can_restore": permit.state == PermitState.COMPLETED and SIGN_PERMIT.allows(actor, permit, at=now),
        "can_film": leads and permit.grade in view.picture.operation.needs_film and not permit.has_film,
        "can_test": permit.state in WORKABLE and view.picture.operation.gas is not None
        and TEST_GAS.allows(actor, permit, at=now),
        "can_guard": is_guardian and permit.state in ISSUED,
        "can_hand": leads and permit.state in ISSUED,
        "can_extend": view.picture.profile.may_extend and permit.state in ISSUED
        and SIGN_PERMIT.allows(actor, permit, at=now),
        "can_show_code": leads or edits,
    }  # fmt: skip


def _forms(permit: Permit, view: PermitView, can: Mapping[str, bool], now: datetime) -> dict[str, Any]:
    """Only the forms that the reader may use: each that chooses people costs a read."""
    found: dict[str, Any] = {"note_form": NoteForm()}
    if can["can_stop"]:
        found["stop_form"] = StopForm(initial={"reason": StopReason.DANGER})
    if can["can_reissue"]:
        found["window_form"] = WindowForm(
            initial={"starts_at": now, "ends_at": now + (permit.ends_at - permit.starts_at)}
        )
    if can["can_extend"]:
        found["extend_form"] = ExtendForm()
    if can["can_test"] and (gas := view.picture.operation.gas) is not None:
        wanted = [*gas.all_of, *gas.any_of[:1]]
        found["gas_form"] = GasForm(profile=view.picture.profile, wanted=wanted)
    if can["can_hand"]:
        found["hand_form"] = HandForm(people=people_offered(permit.site, now))
    if can["can_coordinate"]:
        holders = offices_of(permit.site, now).filter(office="coordinator").order_by().values("person_id")
        found["person_form"] = PersonForm(people=people_offered(permit.site, now).filter(pk__in=holders))
    return found
