"""What goes out to the home branch on paper: the letter when a member is attached here, the slip when the member leaves."""

from __future__ import annotations

from datetime import date

from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.selectors import kept_slip
from ronghe.kernel import documents
from ronghe.kernel.documents import Column, Labelled, OfficialDocument, Paragraph, Signature, Signatures, Table
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class NothingToPrint(DomainError):
    code = "nothing_to_print"
    sentence = N_("还没有编入，没有函可打印；离场以后才有回执。")


def letter_document(stay: FloatingStay, *, issued_on: date) -> OfficialDocument:
    """Return the letter (函) that tells the home branch where its member takes part, and asks for an answer (PF-03).

    :raises NothingToPrint: not attached yet
    """
    if stay.attached_on is None:
        raise NothingToPrint
    name, here = stay.person.name, stay.body.name
    since = documents.chinese_date(stay.attached_on)
    work = f"在{stay.unit.name}务工期间，" if stay.unit is not None else ""
    return OfficialDocument(
        title=f"关于{name}同志流入期间\n参加组织生活的函",
        blocks=(
            Paragraph(f"{stay.home_name or '原所在党支部'}："),
            Paragraph(f"你支部党员{name}同志{work}经与你支部核实，自{since}起编入{here}参加组织生活。"),
            Paragraph(
                "该同志的组织关系仍在你支部，党费仍向你支部交纳；在我处参加学习和活动，没有表决权、选举权和被选举权。"
                "离场时，我处出具离场回执，载明参加组织生活的情况。"
            ),
            Paragraph("请你支部知悉，并将意见函复我处。"),
            Paragraph("此函。"),
        ),
        issuer=here,
        dated=issued_on,
    )


def slip_document(stay: FloatingStay) -> OfficialDocument:
    """Return the return slip (离场回执): from when to when, and how often the member took part in what.

    :raises NothingToPrint: the member is still here
    """
    if stay.left_on is None or stay.slip is None or stay.attached_on is None:
        raise NothingToPrint
    rows = tuple((line.title, f"{line.count}", line.hours or "—") for line in kept_slip(stay))
    span = f"{documents.chinese_date(stay.attached_on)}至{documents.chinese_date(stay.left_on)}"
    columns = (Column("项目", 4, "left"), Column("次数"), Column("学时"))
    table = Table(columns, rows, caption="参加组织生活和学习、活动情况")
    return OfficialDocument(
        title="流动党员离场回执",
        blocks=(
            Paragraph(f"{stay.home_name or '原所在党支部'}："),
            Paragraph(f"{stay.person.name}同志已离场，现将流入期间参加组织生活的情况回复如下。"),
            Labelled("流入地党组织：", stay.body.name),
            Labelled("流入时间：", span),
            *([table] if rows else [Paragraph("流入期间没有参加组织生活的记录。")]),
            Signatures((Signature("流入地党组织负责人"), Signature("原党支部接收人"))),
        ),
        issuer=stay.body.name,
        dated=stay.left_on,
    )
