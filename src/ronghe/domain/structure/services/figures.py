"""Setting a figure of a rule for the whole platform."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.structure.facts import FIGURE_SET
from ronghe.domain.structure.models import RuleFigure
from ronghe.domain.structure.rules import SET_FIGURE
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.services.deciding import NoReason
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class NoSuchFigure(DomainError):
    code = "no_such_figure"
    sentence = N_("没有“%(code)s”这项数值。")
    status = 404


class FigureTooLarge(DomainError):
    code = "figure_too_large"
    sentence = N_("这项数值只能在 0 到 %(most)s 之间（%(rule)s）。")
    status = 422


@transaction.atomic
def set_figure(*, code: str, figure: int, grounds: str, actor: Person, at: datetime) -> RuleFigure:
    """Set a figure of a rule from now on; only the office of an uppermost committee does so.

    :raises NotAllowed: the actor is not in such an office
    :raises NoSuchFigure: the code is unknown
    :raises FigureTooLarge: it lies outside what can be meant
    :raises NoReason: nothing says why
    """
    if not may_set_figures(actor, at):
        raise NotAllowed
    known = figures_in_force().get(code)
    if known is None:
        raise NoSuchFigure(code=code)
    if not 0 <= figure <= known.most:
        raise FigureTooLarge(most=known.most, rule=known.rule)
    if not grounds.strip():
        raise NoReason
    row, _made = RuleFigure.objects.update_or_create(
        code=code, defaults={"figure": figure, "grounds": grounds.strip(), "set_by": actor, "set_at": at}
    )
    record(Draft(FIGURE_SET, at, actor, attributes={"code": code, "figure": figure}, source=row))
    return row


def may_set_figures(actor: Person, at: datetime) -> bool:
    """Tell whether the actor is in the office of a committee that has nothing above it."""
    return SET_FIGURE.narrow(actor, PartyOrg.objects.filter(parent=None, valid_until=None), at=at).exists()
