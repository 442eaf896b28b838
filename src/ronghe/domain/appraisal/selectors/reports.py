"""A run as a workbook: what the page shows, cut to what the one who asks may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from ronghe.domain.appraisal.calc.keeping import RESULTS
from ronghe.domain.appraisal.calc.results import Cut, ResultRow, each_row
from ronghe.domain.appraisal.calc.workbook import Line, Report
from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import cut_for
from ronghe.domain.appraisal.selectors.sheets import grade_titles, sheet_of_run, title_of, veto_titles
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.models import Fact, Seal, SealedFact
from ronghe.kernel.language import reader_language
from ronghe.kernel.words import _
from ronghe.scoring.period import Period

NAMES_AT_A_TIME = 500


def report_for(actor: Person, run: Run, at: datetime) -> tuple[Report, Iterator[Line]]:
    """Return the workbook's frame and its lines, best first; what the actor may not see is not in it.

    :raises NotFound: there is no result yet, or the actor may see none of it
    """
    cut = cut_for(actor, run, at)
    if not run.results_digest or cut.is_empty:
        raise NotFound
    sheet = sheet_of_run(run)
    about = [
        (_("单位"), run.body.name),
        (_("期间"), run.period),
        (_("状态"), str(run.get_state_display())),
        (_("范本"), run.playbook_reference),
    ]
    language = "en" if reader_language().startswith("en") else "zh"
    title = f"{title_of(run)} {run.period}"
    report = Report(title, about, sheet, Period.parse(run.period), seal_lines(run), language)
    return report, _lines(run, cut)


def seal_lines(run: Run) -> list[tuple[str, str]]:
    """Return what the result stands on and is sealed with, name by name."""
    lines = [
        (_("范本"), run.playbook_reference),
        (_("范本摘要"), run.playbook_digest),
        (_("评分表"), run.sheet_id),
        (_("期间"), run.period),
        (_("截止序号"), str(run.cutoff_seq)),
        (_("依据摘要"), run.inputs_digest or "—"),
        (_("结果摘要"), run.results_digest or "—"),
    ]
    sealed = sealed_in(run)
    if sealed is not None:
        lines += [
            (_("封存批次"), str(sealed.number)),
            (_("封存链"), bytes(sealed.chain).hex()),
            (_("封存签名"), bytes(sealed.signature).hex()),
        ]
    elif run.state == RunState.FINAL:
        lines.append((_("封存批次"), _("待封存")))
    else:
        lines.append((_("说明"), _("没有定稿，数字可能变动。")))
    return lines


def sealed_in(run: Run) -> Seal | None:
    """Return the seal that the run's being final lies under."""
    if run.state != RunState.FINAL:
        return None
    fact = Fact.objects.filter(source_type="appraisal.run", source_id=run.pk, kind="appraisal.run_finalized").first()
    place = SealedFact.objects.filter(fact_id=fact.pk).first() if fact else None
    return Seal.objects.filter(first_seq__lte=place.seq, last_seq__gte=place.seq).first() if place else None


def _lines(run: Run, cut: Cut) -> Iterator[Line]:
    sheet = sheet_of_run(run)
    grades, vetoes = grade_titles(sheet), veto_titles(sheet)
    rows = (row for row in each_row(kept_of(run).path(RESULTS)) if cut.allows(row.subject, row.body))
    while batch := list(islice(rows, NAMES_AT_A_TIME)):
        names = names_of(run.level, [row.subject for row in batch])
        homes = names_of(Level.BRANCH, {row.body for row in batch if row.body is not None})
        for row in batch:
            yield _line(row, names, homes, grades, vetoes)


def _line(
    row: ResultRow, names: dict[int, str], homes: dict[int, str], grades: dict[str, str], vetoes: dict[str, str]
) -> Line:
    return Line(
        name=names.get(row.subject, "—"),
        place=homes.get(row.body, "") if row.body is not None else "",
        category=category_title(row.category),
        score=row.score,
        rank=row.rank,
        grade=grades.get(row.grade or "", ""),
        vetoes=tuple(vetoes.get(veto, veto) for veto in row.vetoes),
        notes=row.notes,
        items={item.id: item.score if item.applicable else None for item in row.items},
    )


def category_title(category: str | None) -> str:
    """Return the words for a category that the organization knows; others are shown as the decision wrote them."""
    from ronghe.domain.org.enums import PartyOrgKind, UnitKind

    known = {
        "backbone": _("骨干党员"),
        "ordinary": _("普通党员"),
        "floating": _("流动党员"),
        **{str(kind): str(kind.label) for kind in (*PartyOrgKind, *UnitKind)},
    }
    return known.get(category or "", category or "")
