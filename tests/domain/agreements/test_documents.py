from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.agreements.documents import DRAFT_MARK, agreement_document, grouped
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.agreements.selectors.negotiation import side_states, version_on_table
from ronghe.domain.agreements.services.signing import authorize_signer, sign
from ronghe.kernel.documents import Heading, Labelled, Signatures, Table
from ronghe.kernel.printing import PaperForm, printed
from tests.factories.agreements_story import agree_all, make_draft, make_signed, party_of


def document(agreement, at):
    version = version_on_table(agreement)
    return agreement_document(agreement, version, side_states(agreement, version), printed_on=at.date())


def signatures(found):
    return next(block for block in found.blocks if isinstance(block, Signatures)).lines


def test_a_draft_says_that_it_is_one_and_leaves_lines_for_the_pen(sides, morning):
    found = document(make_draft(sides, morning), morning)

    assert found.title.endswith(DRAFT_MARK)
    assert [(line.role, line.name) for line in signatures(found)] == [
        ("甲方（仪陇输气作业区党支部）", ""), ("乙方（信息站党支部）", ""),
    ]  # fmt: skip


def test_half_signed_it_is_a_draft_still(sides, morning):
    agreement = agree_all(make_draft(sides, morning), sides, morning)
    sign(
        agreement=agreement, party=party_of(agreement, 0), digest=version_on_table(agreement).digest,
        actor=sides.secretaries[0], at=morning,
    )  # fmt: skip

    assert document(agreement, morning).title.endswith(DRAFT_MARK)


def test_signed_it_names_who_signed_as_what_and_when_and_the_digest(sides, morning):
    agreement = make_signed(sides, morning)

    found = document(agreement, morning + timedelta(days=9))

    assert found.title == agreement.title
    assert found.dated == morning.date()
    assert [(line.name, line.note) for line in signatures(found)] == [
        ("熊忠涵", "党支部书记，2026年9月14日7时40分签"), ("邓国焱", "党支部书记，2026年9月14日7时40分签"),
    ]  # fmt: skip
    assert Labelled("文本摘要（SHA-256）", grouped(version_on_table(agreement).digest)) in found.blocks


def test_who_signed_for_a_secretary_names_the_paper(sides, morning):
    agreement = agree_all(make_draft(sides, morning), sides, morning)
    authorize_signer(
        party=party_of(agreement, 0), person=sides.members[0], document="授权书〔2026〕3号", actor=sides.secretaries[0],
        at=morning,
    )  # fmt: skip
    digest = version_on_table(agreement).digest
    for number, actor in ((0, sides.members[0]), (1, sides.secretaries[1])):
        sign(agreement=agreement, party=party_of(agreement, number), digest=digest, actor=actor, at=morning)
    agreement.refresh_from_db()

    assert signatures(document(agreement, morning))[0].note.startswith("授权签字人，依据授权书〔2026〕3号，")


def test_sections_are_headings_and_goals_stand_under_their_heads(sides, morning):
    found = document(make_draft(sides, morning), morning)

    assert [block.text for block in found.blocks if isinstance(block, Heading)] == [
        "总体思路", "实施方案", "目标成果", "资源共享与责任分担", "目标", "期限与回顾",
    ]  # fmt: skip
    table = next(block for block in found.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["党的建设", "项目攻关", "政治思想"]


@pytest.mark.parametrize("form", list(PaperForm))
@pytest.mark.parametrize("kind", list(AgreementKind))
def test_both_kinds_print_in_both_forms(sides, morning, kind, form):
    assert len(printed(document(make_draft(sides, morning, kind=kind), morning), form)) > 5_000
