"""The code on the leader's screen, and the pass that reading it gives: time to read what is signed before signing it.

The code changes with the slot of time, so a photograph of it is worth nothing in the canteen; the pass is one person's,
for one chain, for half an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.calc.slots import is_good, slot_of
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

_CODES = Signer(salt="ronghe.sitemeetings.code")
_PASSES = Signer(salt="ronghe.sitemeetings.pass")
GOOD_FOR = timedelta(minutes=30)


class ChainCodeRefused(DomainError):
    code = "chain_code_refused"
    sentence = N_("这不是现场三会的签字码，请对准负责人屏幕上的二维码再扫。")
    status = 422


class ChainCodeExpired(DomainError):
    code = "chain_code_expired"
    sentence = N_("签字码已经换了，请再扫一次负责人屏幕上的二维码。")


def chain_code(chain: SiteChain, *, at: datetime) -> str:
    """Return the code that the leader's screen shows at `at`."""
    return _CODES.sign(f"{chain.pk}.{slot_of(at, seconds=settings.SIGN_IN_CODE_SECONDS)}")


def chain_of_code(code: str, *, at: datetime) -> SiteChain:
    """Return the chain whose code this is.

    :raises ChainCodeRefused: not signed here
    :raises ChainCodeExpired: signed here, but no longer good, or not yet
    """
    try:
        chain_id, _dot, slot = _CODES.unsign(code.strip()).partition(".")
    except BadSignature as error:
        raise ChainCodeRefused from error
    if not is_good(int(slot), at, seconds=settings.SIGN_IN_CODE_SECONDS):
        raise ChainCodeExpired
    chain = SiteChain.objects.filter(pk=int(chain_id)).select_related("body", "leader").first()
    if chain is None:
        raise ChainCodeRefused
    return chain


def pass_for(chain: SiteChain, person: Person, *, at: datetime) -> str:
    """Return the pass of somebody who has just read the code."""
    return _PASSES.sign(f"{chain.pk}.{person.token}.{int(at.timestamp())}")


def is_pass(text: str, chain: SiteChain, person: Person, *, at: datetime) -> bool:
    """Tell whether `text` is the person's pass to this chain and not older than `GOOD_FOR`."""
    try:
        chain_id, token, given = _PASSES.unsign(text.strip()).split(".")
    except (BadSignature, ValueError):
        return False
    age = at.timestamp() - int(given)
    return chain_id == str(chain.pk) and token == str(person.token) and 0 <= age <= GOOD_FOR.total_seconds()
