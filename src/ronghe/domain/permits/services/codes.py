"""Being there (PW-07): the code that stands at the site, or the one on the screen of whoever leads the permit.

The one on the screen changes with the slot of time, so a photograph of it is worth nothing in the office. Nobody is located.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.core.signing import BadSignature, Signer

from ronghe.domain.org.models import Person
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.rules import SEE_PERMIT
from ronghe.domain.rhythm.calc.slots import is_good, slot_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

_CODES = Signer(salt="ronghe.permits.code")
_PASSES = Signer(salt="ronghe.permits.pass")
GOOD_FOR = timedelta(minutes=30)


class NotOnSite(DomainError):
    code = "permit_not_on_site"
    sentence = N_("这一步要在作业现场签（PW-07）：请扫现场的作业码，或作业负责人屏幕上的签字码。")
    status = 422


class PermitCodeRefused(DomainError):
    code = "permit_code_refused"
    sentence = N_("这不是作业票的签字码（PW-07），或者已经换了，请再扫一次。")
    status = 422


def permit_code(permit: Permit, *, at: datetime) -> str:
    """Return the code that the leader's screen shows at `at`."""
    return _CODES.sign(f"{permit.pk}.{slot_of(at, seconds=settings.SIGN_IN_CODE_SECONDS)}")


def permit_of_code(code: str, *, actor: Person, at: datetime) -> Permit:
    """Return the permit whose code this is, as far as the actor may see it.

    :raises PermitCodeRefused: not signed here, no longer good, or nothing the actor may see
    """
    key = _key(code, at)
    permit = Permit.objects.select_related("site__body").filter(pk=key).first() if key is not None else None
    if permit is None or not SEE_PERMIT.allows(actor, permit, at=at):
        raise PermitCodeRefused
    return permit


def pass_for(permit: Permit, person: Person, *, at: datetime) -> str:
    """Return the pass of somebody who has just read the code on the screen: time to read before signing."""
    return _PASSES.sign(f"{permit.pk}.{person.token}.{int(at.timestamp())}")


def require_here(permit: Permit, code: str, *, actor: Person, at: datetime) -> None:
    """Return where the code shows that its reader is at the work.

    :raises NotOnSite: it is neither the site's, nor the permit's own, nor a pass that this person got from reading it
    """
    said = code.strip()
    if said and (
        compare_digest(said.encode(), permit.site.code.encode())
        or _key(said, at) == permit.pk
        or _is_pass(said, permit, actor, at)
    ):
        return
    raise NotOnSite


def _is_pass(text: str, permit: Permit, person: Person, at: datetime) -> bool:
    try:
        key, token, given = _PASSES.unsign(text).split(".")
        age = at.timestamp() - int(given)
    except (BadSignature, ValueError):
        return False
    return key == str(permit.pk) and token == str(person.token) and 0 <= age <= GOOD_FOR.total_seconds()


def _key(code: str, at: datetime) -> int | None:
    try:
        key, _dot, slot = _CODES.unsign(code.strip()).partition(".")
        return int(key) if is_good(int(slot), at, seconds=settings.SIGN_IN_CODE_SECONDS) else None
    except (BadSignature, ValueError):
        return None
