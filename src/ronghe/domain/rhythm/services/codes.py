"""Codes that a camera reads: the sign-in code of an activity, a person's member card, the code on a station's wall.

All are signed with this installation's key, so a code of another one, or a made-up one, is refused. The sign-in code
changes with the slot of time and says nothing of who shows it. The card says who its bearer is and does not change: it
is scanned by a lead who sees name and face. The code of a station opens the form of a visit with the station filled in; what
its reader may do there is asked as ever.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.rhythm.calc.slots import is_good, slot_of
from ronghe.domain.rhythm.models import Activity
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

_CODES = Signer(salt="ronghe.rhythm.sign_in_code")
_CARDS = Signer(salt="ronghe.rhythm.member_card")
_STATIONS = Signer(salt="ronghe.rhythm.station_code")


class CodeRefused(DomainError):
    code = "code_refused"
    sentence = N_("这不是本系统的签到码，请对准负责人屏幕上的二维码再扫。")
    status = 422


class CodeExpired(DomainError):
    code = "code_expired"
    sentence = N_("签到码已经换了，请再扫一次负责人屏幕上的二维码。")


class CardRefused(DomainError):
    code = "card_refused"
    sentence = N_("这不是本单位的党员卡，请改为本人扫码。")
    status = 422


class StationCodeRefused(DomainError):
    code = "station_code_refused"
    sentence = N_("这不是本系统的站场码，请扫站场门口张贴的走访码，或从联系点里打开。")
    status = 422


def sign_in_code(activity: Activity, *, at: datetime) -> str:
    """Return the code that the lead's screen shows at `at`."""
    seconds = settings.SIGN_IN_CODE_SECONDS
    return _CODES.sign(f"{activity.pk}.{slot_of(at, seconds=seconds)}")


def activity_of_code(code: str, *, at: datetime) -> Activity:
    """Return the activity whose code this is.

    :raises CodeRefused: not signed here
    :raises CodeExpired: signed here, but no longer good, or not yet
    """
    activity = Activity.objects.filter(pk=read_code(code, at=at)).select_related("body", "chair").first()
    if activity is None:
        raise CodeRefused
    return activity


def read_code(code: str, *, at: datetime) -> int:
    """Return the id of the activity whose code this is, without asking the database.

    :raises CodeRefused: not signed here
    :raises CodeExpired: signed here, but no longer good, or not yet
    """
    try:
        activity_id, _dot, slot = _CODES.unsign(code.strip()).partition(".")
    except BadSignature as error:
        raise CodeRefused from error
    if not is_good(int(slot), at, seconds=settings.SIGN_IN_CODE_SECONDS):
        raise CodeExpired
    return int(activity_id)


def member_card(person: Person) -> str:
    """Return what the QR code on the person's card says."""
    return _CARDS.sign(str(person.token))


def person_of_card(card: str) -> Person:
    """Return whose card this is; the badge's code is the address of the card's page, which ends in the card.

    :raises CardRefused: not made here, or of somebody who has left
    """
    try:
        token = int(_CARDS.unsign(card.strip().rstrip("/").rpartition("/")[2]))
    except BadSignature as error:
        raise CardRefused from error
    person = Person.objects.filter(token=token, valid_until=None).first()
    if person is None:
        raise CardRefused
    return person


def station_code(unit: AdminUnit) -> str:
    """Return what the code on the wall of a station or unit says."""
    return _STATIONS.sign(str(unit.pk))


def station_of_code(code: str) -> AdminUnit:
    """Return the unit whose code this is.

    :raises StationCodeRefused: not made here, or of a unit that is no more
    """
    try:
        unit_id = int(_STATIONS.unsign(code.strip()))
    except BadSignature as error:
        raise StationCodeRefused from error
    unit = AdminUnit.objects.filter(pk=unit_id, valid_until=None).first()
    if unit is None:
        raise StationCodeRefused
    return unit
