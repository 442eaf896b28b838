"""Notices and bulletins in the layout of GB/T 9704: red-headed, numbered, with imprint."""

from __future__ import annotations

from ronghe.domain.papers.calc.wording import Line, lines_of
from ronghe.domain.papers.enums import PaperKind
from ronghe.domain.papers.models import Paper
from ronghe.domain.papers.selectors import recipients_of
from ronghe.kernel.documents import (
    Addressees,
    Block,
    Head,
    Heading,
    Imprint,
    OfficialDocument,
    Paragraph,
    document_number,
)


def paper_document(paper: Paper) -> OfficialDocument:
    """Return the paper as an official document; a draft has no number and says in its title that it is one."""
    names = [row.body.name for row in recipients_of(paper)]
    is_notice = paper.kind == PaperKind.NOTICE
    blocks: list[Block] = [Addressees("、".join(names))] if is_notice and names else []
    blocks += [_block(line) for line in lines_of(paper.text)]
    copies = tuple(name.strip() for name in paper.copies_to.replace("，", "、").split("、") if name.strip())
    sent_to = copies if is_notice else (*names, *copies)
    return OfficialDocument(
        title=paper.title if paper.dated else f"{paper.title}（草稿）",
        blocks=tuple(blocks),
        head=Head(mark=f"{paper.body.name}{'文件' if is_notice else '简报'}", number=paper_number(paper)),
        issuer=paper.body.name,
        dated=paper.dated,
        imprint=Imprint(paper.body.name, paper.dated, sent_to) if paper.dated else None,
        keywords=("通知" if is_notice else "简报",),
    )


def paper_number(paper: Paper) -> str:
    """Return 庆油党字〔2026〕8号 of a notice (DL-04), 2026年第8期 of a bulletin, nothing of a draft."""
    if paper.serial is None or paper.year is None:
        return ""
    if paper.kind == PaperKind.NOTICE:
        return document_number(paper.code, paper.year, paper.serial)
    return f"{paper.year}年第{paper.serial}期"


def _block(line: Line) -> Block:
    if line.level == 1:
        return Heading(line.text, 1)
    return Heading(line.text, 2) if line.level == 2 else Paragraph(line.text)
