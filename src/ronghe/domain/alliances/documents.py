"""Minutes of a contact, for the partners' files as well as ours."""

from __future__ import annotations

from ronghe.domain.alliances.models import AllianceContact, AllianceDifficulty
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table, chinese_date

_COLUMNS = (
    Column("难题", share=20, align="left"),
    Column("伙伴", share=14, align="left"),
    Column("我方牵头", share=8),
    Column("期限", share=10),
    Column("状态", share=9),
)


def contact_minutes(contact: AllianceContact, difficulties: list[AllianceDifficulty]) -> OfficialDocument:
    """Return the minutes: who spoke, what was settled, the list of difficulties as it stands, when they speak again."""
    alliance = contact.alliance
    blocks: list[Block] = [
        Labelled("时间", chinese_date(contact.day)),
        Labelled("形式", str(contact.get_form_display())),
        *([Labelled("地点", contact.place)] if contact.place else []),
        Labelled("我方", f"{alliance.body.name}：{contact.our_people}"),
        Labelled("伙伴", "、".join(partner.name for partner in contact.partners.order_by("pk"))),
        Heading("商定事项"),
        *[Paragraph(line) for line in contact.settled.splitlines() if line.strip()],
        Labelled("下次沟通", chinese_date(contact.next_on)),
    ]
    if difficulties:
        rows = tuple(
            (one.title, one.partner.name, one.our_owner.name if one.our_owner else "—", f"{one.due_on}",
             str(one.get_state_display()))
            for one in difficulties
        )  # fmt: skip
        blocks += [Heading("共同难题清单"), Table(_COLUMNS, rows)]
    return OfficialDocument(
        title=f"{alliance.name}\n沟通纪要", blocks=tuple(blocks), dated=contact.day, show_date=False
    )
