"""The explanation of a result as a paper: from the total to the facts, what is missing, how sure, what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.closing import closings_of
from ronghe.domain.appraisal.selectors.explaining import (
    MOST_FACTS,
    Explanation,
    FactLine,
    explained_for,
    facts_behind,
    faults_behind,
    gap_to_next,
)
from ronghe.domain.appraisal.selectors.kept import playbook_kept
from ronghe.domain.appraisal.selectors.peers import (
    NoPeers,
    PeerLine,
    TooManyPeers,
    band_words,
    leaf_words,
    peers_for,
    reach_words,
)
from ronghe.domain.appraisal.selectors.reports import seal_lines
from ronghe.domain.appraisal.selectors.sheets import grade_titles, note_of, score_shown, title_of, veto_titles
from ronghe.domain.appraisal.selectors.wording import in_titles, period_title
from ronghe.domain.org.models import Person
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table
from ronghe.kernel.errors import NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.words import _, listed
from ronghe.scoring.exact import UNIT, shown, units

INDENT = "　"
GROUP = 8
"""Digests are broken into groups of so many signs: nobody compares 64 in a row, and no line is that long."""


def explanation_document(actor: Person, run: Run, subject: int, at: datetime) -> OfficialDocument:
    """Return the paper that explains one result, as far as the actor may see it.

    A member's name stands in the text and not in the title, which the check of a paper shows to everybody.

    :raises NotFound: there is no such result, or the actor may not see it
    """
    explanation = explained_for(actor, run, subject, at)
    words = in_titles(explanation.sheet, playbook_kept(run))
    about = title_of(run)
    name = _("党员") if run.level == Level.MEMBER else explanation.result.name
    said = {"name": name, "period": period_title(run.period), "title": about}
    blocks = (
        *_head(run, explanation, _peer(actor, run, subject, at)),
        *_tree(explanation, words),
        *_gap(explanation, words),
        *_facts(run, explanation),
        Heading(_("依据与封存")),
        Table(
            (Column(_("名称"), 1, "left"), Column(_("内容"), 4, "left")),
            tuple((label, _grouped(value)) for label, value in seal_lines(run)),
        ),
        Paragraph(_("本件按这次考评留存的依据逐项复算，与结果一致。")),
    )
    return OfficialDocument(
        _("%(name)s\n%(period)s%(title)s得分说明") % said, blocks, issuer=run.body.name, dated=day_of(at)
    )  # fmt: skip


def _peer(actor: Person, run: Run, subject: int, at: datetime) -> PeerLine | None:
    try:
        return peers_for(actor, run, at).of(subject)
    except (NoPeers, TooManyPeers, NotFound):
        return None


def _head(run: Run, explanation: Explanation, peer: PeerLine | None) -> Iterator[Block]:
    sheet, row = explanation.sheet, explanation.result.row
    yield Labelled(_("对象"), explanation.result.name)
    yield Labelled(_("考评"), _("%(title)s，%(state)s") % {"title": title_of(run), "state": run.get_state_display()})
    yield Labelled(_("总分"), score_shown(sheet, row.score))
    if grade := grade_titles(sheet).get(row.grade or ""):
        yield Labelled(_("等次"), grade)
    if row.vetoes:
        titles = veto_titles(sheet)
        yield Labelled(_("一票否决"), listed(titles.get(veto, veto) for veto in row.vetoes))
    for note in row.notes:
        yield Paragraph(note)
    if note := note_of(sheet):
        yield Paragraph(note)
    if peer is None:
        return
    said = {"rank": peer.rank, "count": run.subject_count, "band": band_words(peer.band), "place": peer.among.place,
            "among": peer.among.count}  # fmt: skip
    yield Labelled(_("位次"), _("全部 %(count)s 个中第 %(rank)s；同类（%(band)s）%(among)s 个中第 %(place)s") % said)
    if peer.sure.leaves:
        ends = {"low": shown(peer.sure.low), "high": shown(peer.sure.high)}
        told = [_("总分多半在 %(low)s—%(high)s") % ends, reach_words(peer)]
        yield Labelled(_("把握"), _("；").join(filter(None, told)))
        titles = {node.id: in_language(node.title) for node in sheet.nodes}
        for leaf in peer.sure.leaves:
            told_of = {"title": titles.get(leaf.id, leaf.id), "said": leaf_words(leaf)}
            yield Paragraph(_("%(title)s：%(said)s。") % told_of)


def _tree(explanation: Explanation, words: Callable[[str], str]) -> Iterator[Block]:
    yield Heading(_("分从哪里来"))
    columns = (
        Column(_("项目"), 4, "left"), Column(_("实测"), 2), Column(_("得分"), 2, "right"), Column(_("满分"), 2, "right"),
        Column(_("怎么算"), 7, "left"),
    )  # fmt: skip
    yield Table(columns, tuple(_rows(explanation.tree, words, 0)))


def _rows(knot: Mapping[str, Any], words: Callable[[str], str], depth: int) -> Iterator[tuple[str, ...]]:
    applies = knot["applicable"]
    yield (
        INDENT * depth + in_language(knot["title"]),
        knot["measured"] or "" if applies else _("不适用"),
        shown(units(knot["value"])) if applies else "—",
        shown(units(knot["full"])).removesuffix(".00"),
        words(knot["formula"]),
    )
    for child in knot["children"]:
        yield from _rows(child, words, depth + 1)


def _gap(explanation: Explanation, words: Callable[[str], str]) -> Iterator[Block]:
    closings = closings_of(explanation)
    gap = gap_to_next(explanation)
    if not closings and gap is None:
        return
    yield Heading(_("还差什么，怎么补上"))
    if gap is not None:
        said = {"grade": gap.grade, "begins": score_shown(explanation.sheet, gap.begins_at),
                "missing": score_shown(explanation.sheet, gap.missing)}  # fmt: skip
        yield Paragraph(_("%(grade)s从 %(begins)s 分起，还差 %(missing)s 分。") % said)
    if closings:
        columns = (Column(_("项目"), 3, "left"), Column(_("少得"), 1, "right"), Column(_("怎么补上"), 5, "left"))
        yield Table(columns, tuple((one.title, shown(one.missing), words(one.how) or "—") for one in closings))


def _facts(run: Run, explanation: Explanation) -> Iterator[Block]:
    ids = explanation.fact_ids
    faults = [line for lines in faults_behind(run, explanation.result.row.subject).values() for line in lines]
    if not ids and not faults:
        return
    yield Heading(_("依据的事实"))
    titles = {mechanism.id: mechanism.title.here for mechanism in playbook_kept(run).mechanisms}
    rows = [_fact(line) for line in facts_behind(run, ids)]
    rows += [
        (line.due_on.isoformat(), titles.get(line.mechanism, line.mechanism), "", _("迟办") if line.is_late else _("漏办"))
        for line in sorted(faults, key=lambda line: (line.due_on, line.mechanism))[:MOST_FACTS]
    ]  # fmt: skip
    columns = (Column(_("日期"), 2), Column(_("事实"), 5, "left"), Column(_("在哪里"), 4, "left"), Column(_("计"), 1))
    yield Table(columns, tuple(rows))
    if len(ids) > MOST_FACTS:
        said = {"count": len(ids), "shown": MOST_FACTS}
        yield Paragraph(_("共 %(count)s 条事实，这里列前 %(shown)s 条，其余在平台上逐条可查。") % said)


def _fact(line: FactLine) -> tuple[str, ...]:
    counted = shown(line.quantity).removesuffix(".00") if line.quantity != UNIT else "1"
    return (day_of(line.occurred_at).isoformat(), line.title, line.where, counted)


def _grouped(value: str) -> str:
    if len(value) < 2 * GROUP or not value.isalnum() or not value.isascii():
        return value
    return " ".join(value[place : place + GROUP] for place in range(0, len(value), GROUP))
