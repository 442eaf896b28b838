"""The chart as markup: a plan of five hundred rows is some six thousand shapes, too many for a template to name one by one.

Nothing here but numbers, days and class names gets into the markup, so it is safe as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.safestring import SafeString, mark_safe

from ronghe.domain.schedule.calc.gantt import Bar, Chart


def small_bar(bar: Bar) -> SafeString:
    """Return a row's own bar, for phones: in thousandths of the whole plan."""
    critical = " gs-critical" if bar.line.is_critical else ""
    return _safe(
        '<svg class="gantt-small" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="gs-track" width="1000" height="8"/>'
        f'<rect class="gs-bar{critical}" x="{bar.small_x}" width="{bar.small_width}" height="8"/>'
        f'<rect class="gs-done" x="{bar.small_x}" width="{bar.small_done}" height="8"/></svg>'
    )


def shapes(chart: Chart, tasks: Mapping[int, tuple[int, date]]) -> SafeString:
    """Return the lines, ghosts, bars and links of a chart; `tasks` gives key and start of those that may be dragged."""
    parts = [
        f'<rect class="g-closed" x="{tick.x:g}" width="{tick.width:g}" y="0" height="{chart.height}"/>'
        for tick in chart.closed
    ]
    parts += [_row(bar, chart.width, tasks.get(bar.line.uid)) for bar in chart.bars]
    for arrow in chart.arrows:
        critical, marker = (" g-critical", "-critical") if arrow.is_critical else ("", "")
        parts.append(f'<path class="g-arrow{critical}" d="{arrow.path}" marker-end="url(#arrow{marker})"/>')
    return _safe("\n".join(parts))


def _row(bar: Bar, width: float, task: tuple[int, date] | None) -> str:
    line, middle = bar.line, bar.middle
    critical = " g-critical" if line.is_critical else ""
    parts = [f'<path class="g-line" d="M0 {bar.y}H{width:g}"/>']
    if bar.ghost_x is not None and line.is_milestone:
        parts.append(f'<circle class="g-ghost" cx="{bar.ghost_x:g}" cy="{middle + 9}" r="3"/>')
    elif bar.ghost_x is not None:
        parts.append(
            f'<rect class="g-ghost" x="{bar.ghost_x:g}" y="{middle + 6}" width="{bar.ghost_width:g}" height="6" rx="1"/>'
        )
    if line.is_summary:
        parts.append(f'<path class="g-summary" d="{bar.bracket}"/>')
    elif line.is_milestone:
        reached = " g-reached" if line.percent == 100 else critical
        parts.append(f'<path class="g-stone{reached}" d="{bar.diamond}"/>')
    else:
        drag = f' data-bar="{task[0]}" data-start="{task[1].isoformat()}"' if task is not None else ""
        parts.append(
            f'<rect class="g-bar{critical}"{drag} x="{bar.x:g}" y="{middle - 10}" width="{bar.width:g}" height="14" rx="2"/>'
        )
        if bar.done:
            parts.append(f'<rect class="g-done" x="{bar.x:g}" y="{middle - 6}" width="{bar.done:g}" height="6"/>')
    return "".join(parts)


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)
