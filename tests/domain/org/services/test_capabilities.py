"""Refusing what a body may not do."""

from __future__ import annotations

import pytest

from ronghe.domain.org.calc.capabilities import SWITCHED_OFF, Capability
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.services.capabilities import LacksCapability, require_capability
from tests.factories.org import make_body

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("switch", sorted(SWITCHED_OFF))
def test_po_06_a_temporary_branch_is_refused_each_of_the_five(switch):
    """PO-06."""
    with pytest.raises(LacksCapability, match="PO-06"):
        require_capability(make_body("会战临时党支部", kind=PartyOrgKind.TEMPORARY_BRANCH), switch)


def test_the_refusal_names_body_act_rule_and_way_out():
    body = make_body("会战临时党支部", kind=PartyOrgKind.TEMPORARY_BRANCH)
    with pytest.raises(LacksCapability) as refusal:
        require_capability(body, Capability.COLLECT_DUES)

    assert str(refusal.value) == (
        "“会战临时党支部”是临时党支部，不能收缴党费（PO-06）。请由党员组织关系所在的党支部，或上级党组织办理。"
    )


def test_a_branch_does_all_of_it():
    for capability in Capability:
        require_capability(make_body(), capability)
