"""The words in which results speak: periods as people say them, formulas with titles in the place of ids."""

from __future__ import annotations

import re
from collections.abc import Callable

from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.explaining import Explanation
from ronghe.domain.appraisal.selectors.figures import figures_in
from ronghe.domain.appraisal.selectors.kept import playbook_kept
from ronghe.domain.appraisal.selectors.panels import items_in
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_, _
from ronghe.scoring.sheets import Sheet

QUARTERS = (N_("%(year)s年一季度"), N_("%(year)s年二季度"), N_("%(year)s年三季度"), N_("%(year)s年四季度"))

NAMED = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


def period_title(period: str) -> str:
    """Return a period as people say it: 2026年三季度, 2026年上半年, 2026年3月, 2026年."""
    year, rest = period[:4], period[4:]
    if ".." in period:
        return period
    if rest.startswith("Q"):
        return _(QUARTERS[int(rest[1]) - 1]) % {"year": year}
    if rest.startswith("H"):
        return _("%(year)s年上半年") % {"year": year} if rest == "H1" else _("%(year)s年下半年") % {"year": year}
    if rest.startswith("-"):
        return _("%(year)s年%(month)s月") % {"year": year, "month": int(rest[1:])}
    return _("%(year)s年") % {"year": year}


def words_of(explanation: Explanation, run: Run) -> Callable[[str], str]:
    """Return what says a formula of the sheet with titles in the place of ids."""
    return in_titles(explanation.sheet, playbook_kept(run))


def in_titles(sheet: Sheet, playbook: Playbook) -> Callable[[str], str]:
    """Return what puts titles in the place of ids: a clerk wrote those of mechanisms, kinds of fact and nodes, everybody reads.

    A figure and what a panel marks have no title of their own and are called as the item that takes them.
    """
    titles = {mechanism.id: mechanism.title.here for mechanism in playbook.mechanisms}
    titles |= {name: str(_(kind.title)) for name, kind in declared_kinds().items()}
    for doc in playbook.sheets:
        if doc["id"] == sheet.id:
            taken = [*figures_in(doc["root"]), *items_in(doc["root"])]
            titles |= {name: in_language(title) for name, title in taken}
    titles |= {node.id: in_language(node.title) for node in sheet.nodes}
    return lambda formula: NAMED.sub(lambda found: titles.get(found[0], found[0]), formula)
