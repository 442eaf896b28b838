"""Two who act at once: one does, the other is told; and nobody enters a process while the one before it is reopened."""

from __future__ import annotations

import pytest

from ronghe.domain.control.calc.plan import PlanRow
from ronghe.domain.control.enums import Opinion, ProcessState, ReviewState
from ronghe.domain.control.models import DesignReview, ProcessRecord, ReviewTurn, WorkPart, WorkProcess
from ronghe.domain.control.services.accepting import accept_process, reopen_process
from ronghe.domain.control.services.checking import start_process
from ronghe.domain.control.services.moving import Shown
from ronghe.domain.control.services.rating import rate_process
from ronghe.domain.control.services.reviewing import give_opinion, issue
from ronghe.domain.control.services.structure import build_structure
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import take_step
from ronghe.kernel.facts.models import Fact
from tests.factories.control import accept, check, make_loss, make_review, make_site
from tests.factories.org import make_person
from tests.factories.races import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def fresh(process):
    return WorkProcess.objects.select_related("project", "part").get(pk=process.pk)


def test_of_two_supervisors_one_accepts(morning):
    site = make_site()
    other = make_person(unit=site.units["supervisor"], participates_in=site.zone.body)
    process = check(site, site.processes[0], morning)

    def accepting(actor):
        return lambda: accept_process(process=fresh(process), actor=actor, at=morning)

    assert at_once([accepting(site.supervisor), accepting(other)]) == 1
    assert ProcessRecord.objects.filter(process=process, act="accept").count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_pj_05_nobody_enters_a_process_while_the_one_before_it_is_reopened(morning, turn):
    site = make_site()
    first, second = accept(site, site.processes[0], morning), site.processes[1]

    def entering():
        start_process(process=fresh(second), actor=site.builders[0], at=morning)

    def reopening():
        reopen_process(process=fresh(first), actor=site.supervisor, at=morning, shown=Shown("渗水"))

    done = at_once([entering, reopening])
    acts = list(
        ProcessRecord.objects.filter(act__in=["start", "reopen"])
        .exclude(process=first, act="start")
        .order_by("pk")
        .values_list("act", flat=True)
    )
    assert done == len(acts)
    assert acts in (["start", "reopen"], ["reopen"]), "entered only before it was reopened"
    assert fresh(first).state == ProcessState.RUNNING


def test_of_two_ratings_one_stands(morning):
    site = make_site()
    process = accept(site, site.processes[0], morning)

    def rating(actor, is_excellent):
        return lambda: rate_process(process=seen, is_excellent=is_excellent, actor=actor, at=morning)

    seen = fresh(process)
    assert at_once([rating(site.owner, True), rating(site.manager, False)]) == 1
    assert Fact.objects.filter(kind="control.process_rated").count() == 1


def test_the_last_two_opinions_at_once_end_the_round_once(morning):
    site = make_site()
    review = make_review(site, morning)

    def saying(actor):
        seen = DesignReview.objects.select_related("project").get(pk=review.pk)
        return lambda: give_opinion(review=seen, opinion=Opinion.AGREES, actor=actor, at=morning)

    assert at_once([saying(actor) for actor in site.reviewers]) == 2
    review.refresh_from_db()
    assert review.state == ReviewState.AGREED
    assert ReviewTurn.objects.filter(review=review, side="issuer").count() == 1

    def issuing(actor):
        seen = DesignReview.objects.select_related("project").get(pk=review.pk)
        return lambda: issue(review=seen, actor=actor, at=morning)

    assert at_once([issuing(site.owner), issuing(site.manager)]) == 1


def test_two_imports_at_once_make_each_part_once(morning):
    site = make_site()

    def importing(name):
        rows = [PlanRow(("变电所", "电气", "盘柜", "1号"), name)]
        return lambda: build_structure(project=site.project, rows=rows, actor=site.manager, at=morning)

    assert at_once([importing("就位"), importing("接线")]) == 2
    assert WorkPart.objects.filter(name="变电所").count() == 1


def test_a_loss_is_counted_once(morning):
    site = make_site()
    claim = make_loss(site, morning)

    def confirming():
        item = WorkItem.objects.select_related("owner").get(pk=claim.item_id)
        take_step(item=item, step="confirm", actor=site.owner, at=morning)

    assert at_once([confirming, confirming]) == 1
    assert Fact.objects.filter(kind="control.loss_agreed").count() == 1
