"""Two at once: one of them wins, the other is told so, and the tree stays a tree."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connections

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.structure.enums import ActKind
from ronghe.domain.structure.models import BodyAct
from ronghe.domain.structure.services.deciding import approve_act
from ronghe.domain.structure.services.proposing import propose_act
from ronghe.domain.structure.services.wanted import Wanted
from ronghe.kernel.db import tree
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from tests.domain.structure.making import NOW, REF, TODAY, fresh, make_field, propose
from tests.factories.org import make_body

pytestmark = pytest.mark.usefixtures("committing_db")


def race(*runners) -> list[str]:
    """Let all of them go at once; return how each ended, sorted."""
    gate, ends = threading.Barrier(len(runners)), []

    def go(runner) -> None:
        gate.wait()
        try:
            runner()
            ends.append("done")
        except DomainError as error:
            ends.append(error.code)
        except OperationalError:
            ends.append("busy")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def test_two_who_move_the_same_body_at_once_have_one_winner():
    field = make_field()
    clerk = field.clerk.pk

    def move(parent):
        def run():
            wanted = Wanted(ActKind.MOVE, TODAY, "工作需要", body=fresh(field.south), parent=fresh(parent))
            propose_act(wanted=wanted, actor=Person.objects.get(pk=clerk), at=NOW)

        return run

    other = make_body("中区党总支", parent=field.committee, kind="general_branch")
    ends = race(move(field.west), move(other))

    assert ends == ["act_under_way", "done"]
    assert BodyAct.objects.count() == 1


def test_two_who_approve_the_same_act_at_once_carry_it_out_once():
    field = make_field()
    act = propose(ActKind.MOVE, field.clerk, body=field.south, parent=field.west)

    def approve():
        mine = BodyAct.objects.select_related("body", "parent", "approver").get(pk=act.pk)
        gate.wait()
        approve_act(act=mine, actor=Person.objects.get(pk=field.clerk.pk), at=NOW, approval_ref=REF)

    gate = threading.Barrier(3)
    ends = race(approve, approve, approve)

    assert ends.count("done") == 1
    assert set(ends) <= {"done", "stale", "same_as_before"}
    assert Fact.objects.filter(kind="structure.act_carried_out").count() == 1
    assert fresh(field.south).parent == field.west


def test_two_moves_at_once_make_no_circle():
    top = make_body("顶", kind="committee")
    one = make_body("甲", parent=top, kind="committee")
    other = make_body("乙", parent=top, kind="committee")

    def hang(node, below):
        def run():
            tree.move(fresh(node), parent=fresh(below), since=TODAY)

        return run

    ends = race(hang(one, other), hang(other, one))

    assert ends == ["done", "inside_itself"]
    assert sum(PartyOrg.objects.get(pk=body.pk).parent_id == top.pk for body in (one, other)) == 1
