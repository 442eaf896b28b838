"""Templates of processes: written once by a body, used in every project below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.control.calc.plan import MOST_NOTICE_HOURS, NOTICE_HOURS
from ronghe.domain.control.enums import Point
from ronghe.domain.control.facts import TEMPLATE_CHANGED
from ronghe.domain.control.models import ProcessTemplate, TemplateLine
from ronghe.domain.control.rules import KEEP_TEMPLATE
from ronghe.domain.control.services.structure import NAME_LENGTH, STANDARD_LENGTH
from ronghe.domain.control.services.telling import tell_of_body
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

MOST_LINES = 60


class TemplateUnfit(DomainError):
    code = "control_template_unfit"
    sentence = N_("模板要有名称和 1 到 %(most)s 道工序，工序名称不能重复；通知时间在 1 到 %(hours)s 小时之间。")
    status = 422


class TemplateThere(DomainError):
    code = "control_template_there"
    sentence = N_("“%(body)s”已有模板“%(name)s”。")


@dataclass(frozen=True, slots=True)
class LineIn:
    name: str
    point: str = Point.ORDINARY.value
    standard: str = ""
    notice_hours: int = NOTICE_HOURS


@transaction.atomic
def save_template(
    *, body: PartyOrg, name: str, lines: Sequence[LineIn], actor: Person, at: datetime,
    template: ProcessTemplate | None = None,
) -> ProcessTemplate:  # fmt: skip
    """Write a template, or write `template` anew; processes that were made from it stay as they are.

    :raises TemplateUnfit: without name or processes, or with one twice
    :raises TemplateThere: the body has one of that name
    """
    KEEP_TEMPLATE.require(actor, body if template is None else template.body, at=at)
    name = name.strip()
    names = [line.name.strip() for line in lines]
    if (
        not 1 <= len(name) <= NAME_LENGTH or not 1 <= len(lines) <= MOST_LINES or len(set(names)) != len(names)
        or not all(_fits(line) for line in lines)
    ):  # fmt: skip
        raise TemplateUnfit(most=MOST_LINES, hours=MOST_NOTICE_HOURS)
    try:
        with transaction.atomic():
            if template is None:
                template = ProcessTemplate.objects.create(body=body, name=name, made_by=actor, made_at=at)
            elif not ProcessTemplate.objects.filter(pk=template.pk, withdrawn_at=None).update(name=name):
                raise Stale
    except IntegrityError as error:
        raise TemplateThere(body=body.name, name=name) from error
    template.name = name
    template.lines.all().delete()
    TemplateLine.objects.bulk_create(
        TemplateLine(
            template=template, number=number, name=line.name.strip(), point=line.point, standard=line.standard.strip(),
            notice_hours=line.notice_hours,
        )
        for number, line in enumerate(lines, start=1)
    )  # fmt: skip
    tell_of_body(TEMPLATE_CHANGED, template.body, actor, at, template, act="save", processes=len(lines))
    return template


@transaction.atomic
def withdraw_template(*, template: ProcessTemplate, actor: Person, at: datetime) -> None:
    """Offer a template no more."""
    KEEP_TEMPLATE.require(actor, template.body, at=at)
    if not ProcessTemplate.objects.filter(pk=template.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise Stale
    tell_of_body(TEMPLATE_CHANGED, template.body, actor, at, template, act="withdraw", processes=0)


def _fits(line: LineIn) -> bool:
    return (
        1 <= len(line.name.strip()) <= NAME_LENGTH
        and line.point in Point.values
        and len(line.standard) <= STANDARD_LENGTH
        and 1 <= line.notice_hours <= MOST_NOTICE_HOURS
    )
