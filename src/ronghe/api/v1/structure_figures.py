"""建制: the figures of rules that an uppermost committee sets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from ronghe.api.acting import actor_of
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.services.figures import may_set_figures, set_figure
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.words import _

router = Router(tags=["structure"])


class RuleFigureRow(Schema):
    code: str
    rule: str
    title: str
    figure: int
    most: int


class RuleFigureRequest(Schema):
    figure: int
    grounds: str = Field(min_length=1, max_length=200, description="依据")


@router.get("/figures", response=list[RuleFigureRow], summary="规则里的数值", operation_id="structure_figures")
def figures(request: HttpRequest) -> Any:
    if not may_set_figures(actor_of(request), timezone.now()):
        raise NotAllowed
    return [_figure(row) for row in figures_in_force().rows()]


@router.put(
    "/figures/{code}", response=RuleFigureRow, summary="定规则里的一个数值", operation_id="structure_set_figure"
)
def figure_set(request: HttpRequest, code: str, wanted: RuleFigureRequest) -> Any:
    set_figure(code=code, figure=wanted.figure, grounds=wanted.grounds, actor=actor_of(request), at=timezone.now())
    return _figure(figures_in_force().get(code))


def _figure(row: Any) -> dict[str, Any]:
    return {"code": row.code, "rule": row.rule, "title": _(row.title), "figure": row.figure, "most": row.most}
