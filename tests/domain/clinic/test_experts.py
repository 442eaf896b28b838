"""Fields, and experts from being named to ending."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.clinic.enums import ExpertState, HelpKind
from ronghe.domain.clinic.models import ClinicField, Expert
from ronghe.domain.clinic.rules import SEE_EXPERT
from ronghe.domain.clinic.selectors.experts import (
    applications_waiting,
    bodies_putting_up,
    invitations_of,
    list_experts,
    open_fields,
)
from ronghe.domain.clinic.services import experts
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.clinic import asked, make_clinic, solved
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def card(clinic):
    return experts.Card([clinic.field], [HelpKind.POST], "老乔", "干了二十年电焊")


def kinds(prefix="clinic.expert"):
    return list(Fact.objects.filter(kind__startswith=prefix).order_by("pk").values_list("kind", flat=True))


def test_whoever_is_put_up_says_yes_or_no(clinic, card, morning):
    person = make_person("乔梁")
    named = experts.put_up_expert(person=person, card=card, body=clinic.committee, actor=clinic.secretary, at=morning)
    assert named.state == ExpertState.INVITED
    assert list(invitations_of(person, morning)) == [named]
    assert not SEE_EXPERT.allows(clinic.worker, named, at=morning)
    for other in (clinic.secretary, clinic.worker):
        with pytest.raises(NotAllowed):
            experts.accept_expert(expert=named, actor=other, at=morning)
    experts.accept_expert(expert=named, actor=person, at=morning)
    assert (named.state, named.since, named.helps) == (ExpertState.ACTIVE, morning, [HelpKind.POST])
    assert SEE_EXPERT.allows(clinic.worker, named, at=morning)
    with pytest.raises(StepNotAllowed):
        experts.decline_expert(expert=named, actor=person, at=morning)


def test_whoever_applies_waits_for_a_leader_of_the_field(clinic, card, morning):
    applied = experts.apply_as_expert(card=card, actor=clinic.worker, at=morning)
    assert (applied.state, applied.body) == (ExpertState.APPLIED, clinic.committee)
    assert list(applications_waiting(clinic.secretary, morning)) == [applied]
    with pytest.raises(NotAllowed):
        experts.accept_expert(expert=applied, actor=clinic.worker, at=morning)
    experts.decline_expert(expert=applied, actor=clinic.secretary, at=morning)
    assert applied.state == ExpertState.DECLINED
    again = experts.apply_as_expert(card=card, actor=clinic.worker, at=morning)
    experts.accept_expert(expert=again, actor=clinic.secretary, at=morning)
    assert again.is_active


def test_a_leader_does_not_settle_the_own_application(clinic, card, morning):
    applied = experts.apply_as_expert(card=card, actor=clinic.secretary, at=morning)
    assert not applications_waiting(clinic.secretary, morning).exists()
    with pytest.raises(NotAllowed):
        experts.accept_expert(expert=applied, actor=clinic.secretary, at=morning)
    with pytest.raises(NotAllowed):
        experts.put_up_expert(
            person=clinic.secretary, card=card, body=clinic.committee, actor=clinic.secretary, at=morning
        )


def test_only_leaders_put_somebody_up_and_once(clinic, card, morning):
    person = make_person("乔梁")
    with pytest.raises(NotAllowed):
        experts.put_up_expert(person=person, card=card, body=clinic.committee, actor=clinic.worker, at=morning)
    assert not bodies_putting_up(clinic.worker, morning).exists()
    assert list(bodies_putting_up(clinic.secretary, morning)) == [clinic.committee]
    experts.put_up_expert(person=person, card=card, body=clinic.committee, actor=clinic.secretary, at=morning)
    with pytest.raises(experts.ExpertAlready):
        experts.apply_as_expert(card=card, actor=person, at=morning)


@pytest.mark.parametrize(
    "change",
    [{"fields": []}, {"helps": []}, {"called": "长" * 13}, {"about": "长" * 401}],
    ids=["no field", "no help", "long name", "long words"],
)
def test_a_card_names_a_field_and_a_help(clinic, morning, change):
    given = {"fields": [clinic.field], "helps": [HelpKind.POST], **change}
    with pytest.raises(experts.CardUnfit):
        experts.apply_as_expert(card=experts.Card(**given), actor=clinic.worker, at=morning)


def test_the_card_is_kept_by_its_owner_and_leaders(clinic, card, morning):
    experts.change_card(expert=clinic.hua, card=card, actor=clinic.hua.person, at=morning)
    experts.change_card(expert=clinic.hua, card=card, actor=clinic.secretary, at=morning)
    assert Expert.objects.get(pk=clinic.hua.pk).helps == [HelpKind.POST]
    with pytest.raises(NotAllowed):
        experts.change_card(expert=clinic.hua, card=card, actor=clinic.worker, at=morning)
    experts.end_expert(expert=clinic.hua, actor=clinic.hua.person, at=morning)
    with pytest.raises(NotAllowed):
        experts.change_card(expert=clinic.hua, card=card, actor=clinic.hua.person, at=morning)
    assert kinds()[-3:] == ["clinic.expert_changed", "clinic.expert_changed", "clinic.expert_ended"]


def test_experts_are_found_by_name_initials_nickname_and_field(clinic, morning):
    def found(words):
        return [expert.person.name for expert in list_experts(clinic.worker, morning, words=words)]

    assert found("庞") == found("pgh") == found("华哥") == ["庞国华"]
    assert len(found("电力")) == 2
    assert found("没有") == []
    assert len(list_experts(clinic.worker, morning, help="care", field=clinic.field.pk)) == 2
    assert not list_experts(clinic.worker, morning, state="ended")


def test_a_field_is_opened_renamed_and_closed_by_leaders(clinic, morning):
    with pytest.raises(NotAllowed):
        experts.open_field(name="焊接", body=clinic.committee, actor=clinic.worker, at=morning)
    for name in (" ", "长" * 25):
        with pytest.raises(experts.FieldUnnamed):
            experts.open_field(name=name, body=clinic.committee, actor=clinic.secretary, at=morning)
    with pytest.raises(experts.FieldThere):
        experts.open_field(name="电力电子", body=clinic.committee, actor=clinic.secretary, at=morning)
    field = experts.open_field(name="焊接", body=clinic.committee, actor=clinic.secretary, at=morning)
    with pytest.raises(experts.FieldThere):
        experts.rename_field(field=field, name="电力电子", actor=clinic.secretary, at=morning)
    experts.rename_field(field=field, name="焊接与切割", actor=clinic.secretary, at=morning)
    experts.close_field(field=field, actor=clinic.secretary, at=morning)
    assert [row.name for row in open_fields()] == ["电力电子"]
    with pytest.raises(experts.FieldClosed):
        experts.rename_field(field=field, name="铆焊", actor=clinic.secretary, at=morning)
    with pytest.raises(experts.FieldClosed):
        experts.apply_as_expert(card=experts.Card([field], [HelpKind.POST]), actor=clinic.worker, at=morning)
    assert (
        experts.open_field(name="焊接与切割", body=clinic.committee, actor=clinic.secretary, at=morning).pk != field.pk
    )


def test_a_field_in_use_is_not_closed(clinic, morning):
    with pytest.raises(experts.FieldInUse):
        experts.close_field(field=clinic.field, actor=clinic.secretary, at=morning)
    item = asked(clinic, morning)
    for expert in (clinic.hua, clinic.shao):
        experts.end_expert(expert=expert, actor=expert.person, at=morning)
    with pytest.raises(experts.FieldInUse):
        experts.close_field(field=clinic.field, actor=clinic.secretary, at=morning)
    assert not item.is_closed


def test_fields_tell_how_many_sit_and_a_list_costs_the_same(clinic, morning, django_assert_max_num_queries):
    for number in range(3):
        solved(clinic, morning + timedelta(minutes=number))
    [field] = open_fields()
    assert (field.sitting, field.told) == (2, 0)
    person = Person.objects.get(pk=clinic.worker.pk)
    with django_assert_max_num_queries(4):
        assert [list(expert.fields.all()) for expert in list_experts(person, morning)] == [[clinic.field]] * 2
    assert ClinicField.objects.count() == 1
