"""The row of figures at the top of the grid."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from ronghe.domain.grid.selectors.coverage import Coverage


@dataclass(frozen=True, slots=True)
class FigureRow:
    name: str
    value: object
    unit: str
    note: str
    state: str | None = None
    href: str = ""


def figure_rows(found: Coverage, query: str) -> list[FigureRow]:
    """Return the figures of everything below the roots; the last one opens the gaps."""
    figures = found.figures
    failed = sum(row.gap.is_failed for row in found.standing)
    share = f"{100 * figures.covered_teams / figures.teams:.1f}" if figures.teams else "0.0"
    ratio = f"{figures.others / figures.members:.1f}" if figures.members else None
    return [
        FigureRow(
            _("班组有党员"), figures.covered_teams if figures.teams else None,
            _("/ %(number)s 个") % {"number": figures.teams}, _("%(share)s%%") % {"share": share} if figures.teams else "",
        ),
        FigureRow(
            _("党小组长兼班组长"), figures.single_led if figures.pairs else None,
            _("/ %(number)s 对") % {"number": figures.pairs},
            _("%(number)s 个党小组") % {"number": figures.bodies["party_group"]},
        ),
        FigureRow(
            _("每名党员联系职工"), ratio, _("人"),
            _("职工 %(others)s 人，%(named)s 人有联系党员") % {"others": figures.others, "named": figures.named},
        ),
        FigureRow(
            _("支部人数在规定内"), figures.sized_branches if figures.branches else None,
            _("/ %(number)s 个") % {"number": figures.branches}, _("党员 %(number)s 人") % {"number": figures.members},
        ),
        FigureRow(
            _("诉求在办"), figures.open_requests, _("件"),
            _("%(number)s 件超期") % {"number": figures.late_requests}, "attention" if figures.late_requests else None,
            reverse("web:grid_requests"),
        ),
        FigureRow(
            _("缺口"), len(found.standing), _("处"), _("%(number)s 处须补") % {"number": failed},
            "failed" if failed else None, f"{query or '?'}#gaps",
        ),
    ]  # fmt: skip
