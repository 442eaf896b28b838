"""The catalogue of titles: taken over from what is shipped, added to, changed, retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.honours.calc.shipped import SHIPPED
from ronghe.domain.honours.enums import FOUR_TESTS, Aspect, HolderKind, HonourLevel
from ronghe.domain.honours.facts import TITLE_KEPT, TITLE_RETIRED
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.honours.rules import CHANGE_TITLE, KEEP_CATALOGUE
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

USUAL = (Aspect.ORGANIZATION, Aspect.DISCIPLINE, Aspect.SAFETY)
LONGEST_TERM = 240


class TitleKnown(DomainError):
    code = "title_known"
    sentence = N_("荣誉“%(name)s”（%(level)s）已经在目录里，请直接使用或恢复。")


class TitleUnfit(DomainError):
    code = "title_unfit"
    sentence = N_("请写明荣誉名称；有期限的写 1 至 %(most)s 个月。")
    status = 422


@dataclass(frozen=True, slots=True)
class TitleText:
    """What is told of a title. Without `aspects` the three usual opinions are vetted."""

    name: str
    level: HonourLevel
    goes_to: HolderKind
    term_months: int | None = None
    aspects: Sequence[str] = tuple(aspect.value for aspect in USUAL)


@transaction.atomic
def keep_title(
    *, body: PartyOrg, text: TitleText, actor: Person, at: datetime, title: HonourTitle | None = None
) -> HonourTitle:
    """Add a title to the catalogue of `body`, or change `title`; for whom it is stays as it was once it is there.

    :raises TitleUnfit: no name, or a term out of reach
    :raises TitleKnown: another title of this name on this level
    """
    if title is None:
        KEEP_CATALOGUE.require(actor, body, at=at)
    else:
        CHANGE_TITLE.require(actor, title, at=at)
    name = " ".join(text.name.split())
    if not name or (text.term_months is not None and not 1 <= text.term_months <= LONGEST_TERM):
        raise TitleUnfit(most=LONGEST_TERM)
    row = title or HonourTitle(body=body, goes_to=text.goes_to)
    row.name, row.level, row.term_months = name, text.level, text.term_months
    row.aspects = [aspect.value for aspect in Aspect if aspect.value in set(text.aspects)]
    row.kept_by, row.kept_at = actor, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise TitleKnown(name=name, level=HonourLevel(text.level).label) from error
    record(Draft(TITLE_KEPT, at, actor, body=row.body_id, attributes={"title": row.pk, "level": row.level}, source=row))
    return row


@transaction.atomic
def take_over_shipped(*, body: PartyOrg, actor: Person, at: datetime) -> int:
    """Add the shipped titles that are not in the catalogue yet, and return how many."""
    KEEP_CATALOGUE.require(actor, body, at=at)
    known = set(HonourTitle.objects.order_by().values_list("name", "level"))
    new = [one for one in SHIPPED if (one.name, one.level) not in known]
    for one in new:
        aspects = USUAL + FOUR_TESTS if one.is_pioneer else USUAL
        text = TitleText(one.name, HonourLevel(one.level), HolderKind(one.goes_to), one.months, aspects)
        keep_title(body=body, text=text, actor=actor, at=at)
    return len(new)


@transaction.atomic
def retire_title(*, title: HonourTitle, is_retired: bool, actor: Person, at: datetime) -> HonourTitle:
    """Retire a title, so that it is no longer given, or bring it back; what was given stays."""
    CHANGE_TITLE.require(actor, title, at=at)
    if title.is_retired != is_retired:
        title.is_retired = is_retired
        title.save(update_fields=["is_retired"])
        record(Draft(TITLE_RETIRED, at, actor, body=title.body_id, attributes={"title": title.pk}, source=title))
    return title
