"""The birthday card, and a person's study hours of a year, on paper."""

from __future__ import annotations

from datetime import date

from ronghe.domain.org.models import Person
from ronghe.domain.partylife.calc.birthdays import HALF_CENTURY, years_in
from ronghe.domain.partylife.calc.hours import Form, floor_quarter
from ronghe.domain.partylife.selectors.study import Studied, StudyYear
from ronghe.kernel.documents import (
    Block,
    Column,
    Labelled,
    OfficialDocument,
    Paragraph,
    Table,
    chinese_date,
)
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

WISH = "今天是您的政治生日。愿您不忘入党初心，牢记入党誓词，以实际行动践行党员的责任与担当。"
OF_FIFTY = "光荣在党五十年，组织向您致以崇高的敬意。"
FORMS = {Form.TOGETHER: "集中学习", Form.LECTURE: "讲座", Form.OFF_JOB: "脱产培训", Form.ONLINE: "线上学习"}
COLUMNS = (
    Column("日期", share=9), Column("学习内容", share=22, align="left"), Column("形式", share=9),
    Column("学时", share=7),
)  # fmt: skip


class NoJoiningDay(DomainError):
    code = "card_without_joining_day"
    sentence = N_("%(name)s没有入党日期，先在本人资料里补上，再打印贺卡。")


def birthday_card(person: Person, year: int, *, message: str, issuer: str, printed_on: date) -> OfficialDocument:
    """Return the card of a person's political birthday: one page with the name, the day of joining and the years.

    :raises NoJoiningDay: the day of joining is not on file, or the year is the first one
    """
    if person.joined_party_on is None or years_in(person.joined_party_on, year) < 1:
        raise NoJoiningDay(name=person.name)
    years = years_in(person.joined_party_on, year)
    blocks: list[Block] = [
        Paragraph(f"{person.name}同志："),
        Paragraph(f"您于{chinese_date(person.joined_party_on)}加入中国共产党，到{year}年已有{years}年。"),
        Paragraph(WISH),
    ]
    if years >= HALF_CENTURY:
        blocks.append(Paragraph(OF_FIFTY))
    if message:
        blocks.append(Paragraph(message, lead="组织寄语："))
    return OfficialDocument(title="政治生日贺卡", blocks=tuple(blocks), issuer=issuer, dated=printed_on)


def hours_document(found: StudyYear, *, issuer: str, printed_on: date) -> OfficialDocument:
    """Return a person's study hours of a year, each line with how it was converted."""
    balance = found.balance
    blocks: list[Block] = [
        Labelled("姓名", found.person.name),
        Labelled("年度", f"{found.year}年"),
        Labelled("学时", f"{shown(balance.total)}学时，目标{shown(balance.goal)}学时"),
    ]
    if balance.needs_training:
        blocks.append(Labelled("集中培训", "已参加" if balance.has_training else "尚未参加"))
    rows = tuple(
        (f"{one.line.day:%Y-%m-%d}", _title(one), FORMS[one.line.form], shown(one.line.counted))
        for one in found.studied
    )
    blocks.append(Table(COLUMNS, rows or (("—", "还没有学时", "—", "0"),)))
    return OfficialDocument(title="党员学时记录", blocks=tuple(blocks), issuer=issuer, dated=printed_on)


def shown(hours: object) -> str:
    """Return hours without needless noughts: 1.5, 2."""
    return f"{floor_quarter(hours).normalize():f}"  # type: ignore[arg-type]


def _title(one: Studied) -> str:
    if one.entry is not None:
        return one.entry.title
    return one.activity.get_activity_type_display() if one.activity is not None else ""
