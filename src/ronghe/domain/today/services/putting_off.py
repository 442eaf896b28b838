"""稍后再办: out of sight until a moment, and back by itself; nothing is lost and nobody else sees it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings

from ronghe.domain.org.models import Person
from ronghe.domain.today.calc.until import moment_of
from ronghe.domain.today.enums import Until
from ronghe.domain.today.models import PutOff
from ronghe.domain.today.selectors.day import line_of
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_

KEPT = timedelta(days=1)
"""What has come back is thrown away after this."""


class CannotWait(DomainError):
    code = "today_cannot_wait"
    sentence = N_("“%(title)s”正在进行，不能推后。")


def put_off(*, inbox: str, record: int, until: Until, person: Person, at: datetime) -> PutOff:
    """Take a line of `person` out of sight; said again it is the later word that holds.

    :raises NotFound: no such line waits for the person
    :raises CannotWait: it is going on now
    """
    line = line_of(person, at, inbox, record)
    if line is None:
        raise NotFound
    if line.is_now:
        raise CannotWait(title=line.title)
    moment = moment_of(until, at, time.fromisoformat(settings.WORKING_DAY_ENDS))
    row, _made = PutOff.objects.update_or_create(
        person=person, inbox=inbox, record=record, defaults={"put_off_at": at, "until": moment}
    )
    return row


def bring_back(*, inbox: str, record: int, person: Person) -> None:
    """Put a line back among the others; one that was not put off stays where it is."""
    PutOff.objects.filter(person=person, inbox=inbox, record=record).delete()


def forget_put_off(*, at: datetime) -> int:
    """Throw away what came back a day ago, and return how many rows that were."""
    deleted, _by_model = PutOff.objects.filter(until__lt=at - KEPT).delete()
    return deleted
