"""A need on paper: what was asked, who helped and how, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.needs.calc.gains import HOURS, MONEY, Gain, gain_in
from ronghe.domain.needs.models import HelpMoment
from ronghe.domain.needs.rules import NEED
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.documents import (
    Block,
    Column,
    Labelled,
    OfficialDocument,
    Signature,
    Signatures,
    Table,
    chinese_date,
    chinese_time,
)

STEP_COLUMNS = (
    Column("时间", share=10),
    Column("办理", share=8),
    Column("谁", share=6),
    Column("说明", share=20, align="left"),
)
UNITS = {HOURS: "小时/月", MONEY: "元/年"}


def need_document(
    item: WorkItem, steps: Sequence[ItemStep], moments: Sequence[HelpMoment], *, printed_on: date
) -> OfficialDocument:
    """Return the sheet of one need with its steps in order, to be signed by who helped and who asked."""
    tags = dict(NEED.field_by_id["tags"].choices)
    blocks: list[Block] = [
        Labelled("需求", item.title),
        Labelled("方面", "、".join(tags.get(tag, tag) for tag in item.values.get("tags", []))),
        Labelled("提出", f"{item.raised_by.name}  {chinese_date(item.raised_at.astimezone(SHANGHAI).date())}"),
    ]
    if item.place:
        blocks.append(Labelled("地点", item.place))
    if item.text:
        blocks.append(Labelled("说明", item.text))
    if item.owner is not None:
        blocks.append(Labelled("帮扶人", item.owner.name))
    for moment in moments:
        if moment.called_off_at is None:
            begins = moment.starts_at.astimezone(SHANGHAI)
            blocks.append(
                Labelled(
                    moment.get_way_display(),
                    f"{chinese_date(begins.date())}{chinese_time(begins)}  {moment.place or moment.link}",
                )
            )
    gain = gain_in(item.values)
    if gain is not None:
        blocks.append(Labelled("效果", gain_words(gain)))
    if item.values.get("score"):
        blocks.append(Labelled("评价", f"{item.values['score']} 分"))
    blocks.append(Table(STEP_COLUMNS, tuple(_row(step) for step in steps)))
    blocks.append(Signatures((Signature("提出人", ""), Signature("帮扶人", ""))))
    return OfficialDocument(title="需求办理单", blocks=tuple(blocks), issuer=item.body.name, dated=printed_on)


def gain_words(gain: Gain) -> str:
    """Return a gain as the sheet says it: before, after and what was saved."""
    unit = UNITS.get(gain.kind, gain.unit)
    return f"由 {gain.before:f} {unit} 变为 {gain.after:f} {unit}，减少 {gain.saved:f} {unit}"


def _row(step: ItemStep) -> tuple[str, ...]:
    spec = NEED.step_by_id.get(step.step)
    title = spec.title if spec is not None else {"raise": "提出", "escalate": "逾期上报"}.get(step.step, "更改")
    moment = step.at.astimezone(SHANGHAI)
    return f"{moment:%Y-%m-%d %H:%M}", title, step.by.name if step.by is not None else "", step.note
