"""What came of a survey, on paper: shares, means and texts, as far as enough answered."""

from __future__ import annotations

from datetime import date

from ronghe.domain.surveys.calc.shown import LEAST
from ronghe.domain.surveys.selectors.results import QuestionResult, Results
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table

BAR_COLUMNS = (Column("选项", share=16, align="left"), Column("人数", share=5), Column("占比", share=6))
ROW_COLUMNS = (Column("项目", share=16, align="left"), Column("平均分", share=6))
GROUP_COLUMNS = (Column("单位", share=16, align="left"), Column("答题", share=5), Column("平均", share=10))
HIDDEN = "人数太少，不公布"


def results_document(results: Results, *, printed_on: date) -> OfficialDocument:
    """Return the results question by question, in the order of the questionnaire."""
    survey = results.survey
    blocks: list[Block] = [
        Labelled("方式", "记名" if survey.is_named else "匿名"),
        Labelled("答题", f"应答 {results.people} 人，实答 {results.answered} 人"),
    ]
    if survey.intro:
        blocks.append(Paragraph(survey.intro))
    section = ""
    for one in results.questions:
        if one.question.section and one.question.section != section:
            section = one.question.section
            blocks.append(Heading(section))
        blocks += _question(one)
    blocks.append(
        Paragraph(
            f"少于 {LEAST} 人作答的题和单位不公布；为防止相减推出，个别单位一并不公布。平均数精确计算后取两位小数。"
        )
    )
    return OfficialDocument(
        title=f"{survey.title}\n问卷结果", blocks=tuple(blocks), issuer=survey.body.name, dated=printed_on
    )


def _question(one: QuestionResult) -> list[Block]:
    head = f"{one.question.number}. {one.question.text}"
    if one.answers is None:
        return [Labelled(head, HIDDEN)]
    mean = f"，平均 {one.mean_text}" if one.mean is not None else ""
    blocks: list[Block] = [Labelled(head, f"{one.answers} 人作答{mean}")]
    if one.bars:
        rows = tuple((bar.title, f"{bar.count}", f"{bar.percent}%") for bar in one.bars)
        blocks.append(Table(BAR_COLUMNS, rows))
    if one.rows:
        blocks.append(Table(ROW_COLUMNS, tuple((row.title, row.mean_text) for row in one.rows)))
    blocks += [Paragraph(f"（{place}）{text.text}") for place, text in enumerate(one.texts, start=1)]
    if any(group.mean is not None for group in one.groups):
        shown = tuple(
            (group.name, f"{group.answers}" if group.answers is not None else "—", group.mean_text or HIDDEN)
            for group in one.groups
        )
        blocks.append(Table(GROUP_COLUMNS, shown))
    return blocks
