"""The report of a campaign as a red-headed paper, and a stage's summary as a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ronghe.domain.campaigns.calc.stages import Standing
from ronghe.domain.campaigns.enums import ReportState
from ronghe.domain.campaigns.models import CampaignReport, CampaignStage, StageSummary
from ronghe.domain.campaigns.selectors.campaigns import StageView, sections_of
from ronghe.domain.playbooks.calc.model import Template
from ronghe.domain.playbooks.calc.vocabulary import Layout
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.documents import (
    Addressees,
    Block,
    Column,
    Head,
    Heading,
    Imprint,
    Labelled,
    OfficialDocument,
    Paragraph,
    Table,
    chinese_date,
)

FIGURES = (
    ("duties_done", "按期办结", "项"), ("duties_late", "迟办", "项"), ("duties_missed", "漏办", "项"),
    ("activities", "开展活动", "次"), ("present", "到会", "人次"), ("study", "其中学习", "次"), ("visits", "走访", "次"),
    ("problems", "发现问题", "个"), ("tasks", "下达任务", "项"), ("solved", "已解决", "项"),
)  # fmt: skip
CHANGES = (("on_time", "应办事项按期办结率"), ("present", "到会率"), ("solved", "问题解决率"))
STATES = {
    Standing.SKIPPED: "参加以前已结束", Standing.UPCOMING: "未开始", Standing.RUNNING: "进行中", Standing.OWED: "待小结",
    Standing.LATE: "小结逾期", Standing.DONE: "已小结", Standing.STOPPED: "随活动停止",
}  # fmt: skip
FIGURE_COLUMNS = (Column("数据", share=10, align="left"), Column("数量", share=5), Column("单位", share=4))
STAGE_COLUMNS = (
    Column("阶段", share=8, align="left"), Column("起止", share=12), Column("应办", share=4), Column("办结", share=4),
    Column("情况", share=8),
)  # fmt: skip


def report_document(report: CampaignReport, views: Sequence[StageView]) -> OfficialDocument:
    """Return the report with its sections, its stages and the figures kept with it; until accepted its title says draft.

    It has a red head where the playbook's template for the end asks for one.
    """
    campaign = report.campaign
    body, above = campaign.body, campaign.body.parent
    template = template_of(campaign)
    title = f"{body.name}{template.title.zh if template is not None else f'{campaign.title}总结报告'}"
    is_final = report.state == ReportState.ACCEPTED
    dated = day_of(report.handed_in_at) if report.handed_in_at is not None and is_final else None
    signer = report.handed_in_by.name if report.handed_in_by is not None else ""
    blocks: list[Block] = [Addressees(above.name)] if above is not None else []
    for _code, zh, _here in sections_of(campaign):
        blocks.append(Heading(zh, 1))
        blocks += _paragraphs(report.sections.get(_code, ""))
    blocks.append(Heading("各阶段完成情况", 1))
    blocks.append(Table(STAGE_COLUMNS, tuple(_stage_row(view) for view in views)))
    if report.figures:
        blocks.append(Heading("全程数据", 1))
        blocks.append(figure_table(report.figures))
        blocks += _changes(report.figures.get("changes") or {})
    is_red = template is None or template.layout is Layout.RED_HEADED
    return OfficialDocument(
        title=title if is_final else f"{title}（草稿）",
        blocks=tuple(blocks),
        head=Head(mark=f"{body.name}文件", signer=signer) if is_red else None,
        issuer=body.name,
        dated=dated,
        imprint=Imprint(body.name, dated, (above.name,) if above is not None else ()) if dated and is_red else None,
        keywords=("报告",),
    )


def summary_document(stage: CampaignStage, summary: StageSummary) -> OfficialDocument:
    """Return a stage's summary with the figures and the missing pieces kept with it."""
    campaign = stage.campaign
    last = f"{chinese_date(stage.from_on)}至{chinese_date(stage.until_on)}前"
    blocks: list[Block] = [
        Labelled("活动", campaign.title),
        Labelled("阶段", f"{stage.title}（{last}）"),
        Heading("小结", 1),
        *_paragraphs(summary.text),
        Heading("数据", 1),
        figure_table(summary.figures),
    ]
    if summary.missing:
        blocks.append(Heading("没有完成的", 1))
        blocks += [Paragraph(f"{one['title']}（应于{one['due_on']}前）") for one in summary.missing]
    if summary.reason:
        blocks.append(Labelled("原因" if summary.number == 1 else "更正原因", summary.reason))
    blocks.append(Labelled("撰写", summary.written_by.name))
    return OfficialDocument(
        title=f"{campaign.title}“{stage.title}”阶段小结", blocks=tuple(blocks), issuer=campaign.body.name,
        dated=day_of(summary.written_at),
    )  # fmt: skip


def figure_table(figures: Mapping[str, Any]) -> Table:
    """Return counts, then the figures of the mechanisms' forms."""
    rows = [(title, f"{figures.get(code, 0)}", unit) for code, title, unit in FIGURES]
    rows += [(f"{one['mechanism']}：{one['title']}", one["sum"], one["unit"]) for one in figures.get("forms", ())]
    return Table(FIGURE_COLUMNS, tuple(rows))


def template_of(campaign: Any) -> Template | None:
    """Return the playbook's own template for its report: the one with a red head, else the first."""
    templates = campaign.version.playbook.templates
    return next((one for one in templates if one.layout is Layout.RED_HEADED), templates[0] if templates else None)


def _changes(changes: Mapping[str, Mapping[str, str | None]]) -> list[Block]:
    rows = [
        (title, _percent(changes[code]["before"]), _percent(changes[code]["after"]))
        for code, title in CHANGES
        if code in changes and changes[code]["after"] is not None
    ]
    if not rows:
        return []
    columns = (Column("前后对比", share=10, align="left"), Column("活动前", share=5), Column("活动中", share=5))
    return [
        Table(columns, tuple(rows)),
        Paragraph("活动前取与活动同样长的时间；没有记录的写“—”。"),
    ]


def _percent(value: str | None) -> str:
    return "—" if value is None else f"{value}%"


def _paragraphs(text: str) -> list[Block]:
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()] or [Paragraph("（未写）")]


def _stage_row(view: StageView) -> tuple[str, ...]:
    stage = view.stage
    days = f"{stage.from_on:%Y.%m.%d}—{stage.until_on:%Y.%m.%d}前"
    return (stage.title, days, f"{view.owed}", f"{view.met}", STATES[view.standing])
