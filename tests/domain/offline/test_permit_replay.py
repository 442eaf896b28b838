"""Whatever the connections of several phones do, one permit ends up as if each had reported once and in order.

Who comes first between phones may differ; so what is held is what may not: nothing is taken twice, nothing is lost, every act
is answered the same for good, and the signatures that stand are the ones that were made.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.offline.services.taking import take_acts
from ronghe.domain.permits.enums import PermitState
from ronghe.domain.permits.models import GasTest, PermitSignature
from ronghe.kernel.facts.models import Fact
from tests.domain.offline.test_replay import Fate
from tests.factories.offline import Phone
from tests.factories.org import make_account
from tests.factories.permits import GAS, active, fresh, make_story, submitted

MINUTE = timedelta(minutes=1)
SKEWS = st.sampled_from([timedelta(), timedelta(hours=4), timedelta(hours=-3)])
DELIVERIES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from(list(Fate))), max_size=14)


def what_phones_do(story, permit, morning, skews) -> list[Phone]:
    """The round of signatures on site, gas and measures among them, on four phones."""
    people = (story.offices["host"], story.offices["base_unit"], story.guardian, story.tester)
    host, approver, guardian, tester = phones = [Phone(person, morning - MINUTE) for person in people]
    for phone, skew in zip(phones, skews, strict=True):
        phone.skew = skew

    def signs(phone, role, minute):
        phone.does(
            "permit_sign", morning + minute * MINUTE, permit=permit.pk, digest=permit.digest, role=role, office="",
            code=story.site.code, place="", way="own_phone",
        )  # fmt: skip

    signs(host, "verifier", 1)
    signs(approver, "approver", 2)
    signs(guardian, "guardian", 3)
    rows = [{"substance": one["substance"], "value": one["value"], "unit": ""} for one in GAS]
    tester.does(
        "permit_gas", morning + 4 * MINUTE, permit=permit.pk, readings=rows, place="管口", instrument="", minutes=0
    )
    tester.does(
        "permit_gas", morning + 5 * MINUTE, permit=permit.pk, readings=rows, place="管口", instrument="", minutes=0
    )
    for row in permit.measures.order_by("place")[:2]:
        host.does("permit_measure", morning + 6 * MINUTE, permit=permit.pk, measure=row.pk, state="done", note="")
    guardian.does("permit_stop", morning + 7 * MINUTE, permit=permit.pk, reason="danger", note="")
    return phones


def ended(permit) -> dict:
    return {
        "acts": sorted(ReceivedAct.objects.values_list("act_id", "state", "code")),
        "signatures": sorted(PermitSignature.objects.filter(permit=permit).values_list("role", "person", "signed_at")),
        "tests": sorted(GasTest.objects.filter(permit=permit).values_list("taken_at", "is_fit")),
        "measures": list(permit.measures.order_by("place").values_list("state", "checked_at")),
        "facts": sorted(Fact.objects.filter(kind__in=["permits.signed", "permits.gas_tested"]).values_list("kind", "occurred_at")),
        "state": fresh(permit).state,
        "stops": permit.steps.filter(step__in=["late_stop", "suspend"]).count(),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.slow
def test_any_connections_of_four_phones_end_as_good_ones_do(morning):
    story = make_story(morning)
    permit = submitted(story, morning)
    for person in (story.offices["host"], story.offices["base_unit"], story.guardian, story.tester):
        make_account(person)  # before the examples, each of which is taken back

    @settings(max_examples=6, database=None, deadline=None)
    @given(deliveries=DELIVERIES, order=st.permutations(range(4)), skews=st.tuples(SKEWS, SKEWS, SKEWS, SKEWS))
    def holds(deliveries, order, skews):
        with transaction.atomic():
            phones = what_phones_do(story, permit, morning, skews)
            at = morning + 20 * MINUTE
            with transaction.atomic():
                for phone in phones:
                    take_acts(acts=phone.queue, at=at)
                known = ended(permit)
                transaction.set_rollback(True)
            for which, place, fate in deliveries:
                acts = phones[which].queue[place : place + 1]
                if acts and fate != Fate.LOST:
                    with transaction.atomic():
                        take_acts(acts=acts, at=at)
                        transaction.set_rollback(fate == Fate.BROKEN)
            for which in order:
                take_acts(acts=phones[which].queue, at=at)
            assert ended(permit) == known
            assert known["state"] == PermitState.APPROVED
            answers = [take_acts(acts=phone.queue, at=at) for phone in phones]
            assert answers == [take_acts(acts=phone.queue, at=at + MINUTE) for phone in phones]
            assert {one.state for some in answers for one in some} == {"taken"}
            assert ended(permit) == known
            transaction.set_rollback(True)

    holds()


@pytest.mark.usefixtures("committing_db")
def test_two_phones_at_once_sign_and_stop_once(morning):
    import threading

    story = make_story(morning)
    permit, going = submitted(story, morning), active(story, morning, x_m=Decimal(300), area="A9")
    phones = what_phones_do(story, permit, morning, (timedelta(),) * 4)
    for phone in phones:
        phone.does("permit_stop", morning + 9 * MINUTE, permit=going.pk, reason="danger", note="")
    gate, answers = threading.Barrier(4), []

    def report(acts) -> None:
        try:
            gate.wait()
            answers.append(take_acts(acts=acts, at=morning + 20 * MINUTE))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=report, args=(phone.queue,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for phone in phones:
        take_acts(acts=phone.queue, at=morning + 21 * MINUTE)

    assert set(ReceivedAct.objects.values_list("state", flat=True)) == {"taken"}
    assert sorted(
        PermitSignature.objects.filter(permit=permit, role__in=["verifier", "approver", "guardian"]).values_list("role", flat=True)
    ) == ["approver", "guardian", "verifier"]  # fmt: skip
    assert going.steps.filter(step="suspend").count() == 1
    assert going.steps.filter(step="late_stop").count() == 3
