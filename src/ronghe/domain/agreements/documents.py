"""The agreement on paper: its text, the goals as a table, and how each side signed. A draft says that it is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.agreements.calc.content import Content, Goal, spelled
from ronghe.domain.agreements.calc.forms import chinese_day
from ronghe.domain.agreements.enums import AgreementKind, GoalHead
from ronghe.domain.agreements.models import Agreement, AgreementVersion
from ronghe.domain.agreements.selectors.negotiation import SideState, content_of
from ronghe.kernel.calendar.moments import SHANGHAI, day_of
from ronghe.kernel.documents import (
    Block,
    Column,
    Heading,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
    chinese_time,
)

ORDER = "甲乙丙丁戊己庚辛壬癸"
HEAD_WORDS = {"party_building": "党的建设", "project": "项目攻关", "ideology": "政治思想"}
ROLE_WORDS = {"secretary": "党支部书记", "authorized": "授权签字人"}
GOALS = (
    Column("方面", share=8),
    Column("目标", share=16, align="left"),
    Column("起点", share=6),
    Column("目标值", share=7),
    Column("单位", share=5),
    Column("完成期限", share=10),
)
DRAFT_MARK = "（征求意见稿）"
NOUNS = {"letter_of_intent": "本意向书", "safety": "本协议"}


def agreement_document(
    agreement: Agreement, version: AgreementVersion, sides: Sequence[SideState], *, printed_on: date
) -> OfficialDocument:
    """Return a version as a document. `sides` are the signatures under it; without all of them it is a draft.

    Dated by the last signature, a draft by `printed_on`.
    """
    content = content_of(version)
    signatures = [side.signature for side in sides if side.signature is not None]
    is_draft = not agreement.is_binding or len(signatures) < len(sides)
    title = content.title + (f"\n{DRAFT_MARK}" if is_draft else "")
    blocks: list[Block] = [*_sides(content), *_opening(content), *_sections(content), *_goals(content.goals)]
    blocks += _term(agreement, content, is_draft=is_draft)
    if is_draft:
        blocks.append(Paragraph(f"本件为第{version.number}稿，供各方征求意见，未经签字不发生效力。"))
    else:
        blocks.append(Labelled("文本摘要（SHA-256）", grouped(version.digest)))
        blocks.append(Paragraph(f"{NOUNS[content.kind]}各方签字均对应此摘要。"))
    blocks.append(Signatures(tuple(_line(place, side, is_draft=is_draft) for place, side in enumerate(sides))))
    dated = printed_on if is_draft else max(day_of(signature.signed_at) for signature in signatures)
    return OfficialDocument(
        title=title, blocks=tuple(blocks), dated=dated, keywords=(AgreementKind(content.kind).value,),
    )  # fmt: skip


def grouped(digest: str) -> str:
    """Return a digest in groups of four, as people compare it and lines can break it."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _sides(content: Content) -> list[Block]:
    return [Labelled(f"{_letter(place)}方", name) for place, name in enumerate(content.sides)]


def _opening(content: Content) -> list[Block]:
    found: list[Block] = [Labelled("项目", content.project)]
    if content.supplements:
        found.append(Labelled("补充", f"《{content.supplements}》"))
    if content.safety_officer:
        found.append(Labelled("专职安全生产管理人员", content.safety_officer))
    return found + ([Paragraph(content.preamble)] if content.preamble else [])


def _sections(content: Content) -> list[Block]:
    found: list[Block] = []
    for section in content.sections:
        found.append(Heading(section.title))
        found += [Paragraph(line) for line in section.text.split("\n") if line.strip()]
    return found


def _goals(goals: Sequence[Goal]) -> list[Block]:
    if not goals:
        return []
    order = [head.value for head in GoalHead]
    rows = tuple(
        (HEAD_WORDS[goal.head], goal.title, spelled(goal.baseline), spelled(goal.target), goal.unit, f"{goal.due_on}")
        for goal in sorted(goals, key=lambda goal: order.index(goal.head))
    )
    return [Heading("目标"), Table(GOALS, rows)]


def _term(agreement: Agreement, content: Content, *, is_draft: bool) -> list[Block]:
    first = content.starts_on if is_draft or agreement.valid_from is None else agreement.valid_from
    return [
        Heading("期限与回顾"),
        Paragraph(
            f"{NOUNS[content.kind]}自{chinese_day(first)}起至{chinese_day(content.ends_on)}止，"
            f"每{content.review_months}个月由各方共同回顾一次。"
        ),
    ]


def _line(place: int, side: SideState, *, is_draft: bool) -> Signature:
    role = f"{_letter(place)}方（{side.party.name}）"
    signature = side.signature
    if is_draft or signature is None:
        return Signature(role)
    how = ROLE_WORDS[signature.role]
    if signature.authorization is not None:
        how += f"，依据{signature.authorization.document}"
    note = f"{how}，{chinese_time(signature.signed_at.astimezone(SHANGHAI))}签"
    return Signature(role, signature.signer.name, note)


def _letter(place: int) -> str:
    return ORDER[place] if place < len(ORDER) else f"第{place + 1}"
