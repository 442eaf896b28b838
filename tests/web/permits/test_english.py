"""English pages of permits: whatever the profile says is read in English, and only what people typed stays as it was typed."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.permits.documents import permit_document
from ronghe.domain.permits.models import Measure, Permit, PermitSite
from ronghe.domain.permits.selectors.permits import view_of
from ronghe.kernel.documents import Labelled
from tests.factories.permits import OFFICES, active, fresh, make_story, requested, submitted
from tests.web.test_language import chinese_in

pytestmark = pytest.mark.django_db
IN_LATIN = {
    "what": "Tie-in", "place": "Pump house", "area": "A1", "space": "V-101", "pipe": "P-101",
}  # fmt: skip


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    with translation.override("zh-hans"):
        yield make_story(morning)


def typed_in_latin() -> None:
    """Give Latin letters to what people typed."""
    for number, person in enumerate(Person.objects.all()):
        Person.objects.filter(pk=person.pk).update(name=f"Person {number}", initials=f"p{number}")
    for model in (PartyOrg, AdminUnit):
        for number, row in enumerate(model.objects.all()):
            model.objects.filter(pk=row.pk).update(name=f"Body {number}")
    PermitSite.objects.update(name="Station 1")
    Permit.objects.update(**IN_LATIN)
    for permit in Permit.objects.all():
        permit.risks.update(hazard="Sparks", measure="Fire watch")
        permit.isolations.update(point="Valve", method="Shut and locked")
        Permit.objects.filter(pk=permit.pk).update(
            values={key: "S-1" if key in ("road", "agent", "medium", "plate_no") else said for key, said in permit.values.items()}
        )  # fmt: skip


def test_english_pages_of_permits_have_no_chinese_but_what_people_typed(story, morning, as_person):
    hot = active(story, morning)
    waiting = [
        submitted(story, morning, name) for name in ("road_breaking", "temporary_power", "work_at_height", "lifting")
    ]
    typed_in_latin()
    pages = [reverse("web:permit_detail", args=[one.pk]) for one in (hot, *waiting)]
    pages += [reverse("web:permits"), reverse("web:permit_clocks"), reverse("web:permit_site", args=[story.site.pk])]
    pages += [
        f"{reverse('web:permit_create')}?site={story.site.pk}&operation={name}"
        for name in ("", "hot_work", "blind_plate")
    ]
    found = {}
    for person in (story.leader, story.offices["host"], story.keeper, story.applicant):
        browser = as_person(Person.objects.get(pk=person.pk))
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        for path in pages:
            answer = browser.get(path)
            # Where the gas was read was typed, and a reading is never changed.
            if chinese := [one for one in chinese_in(answer) if "管口" not in one]:
                found[path] = chinese

    assert found == {}


def test_a_permit_keeps_its_measures_in_chinese_whatever_its_applicant_reads(story, morning):
    with translation.override("en"):
        permit = requested(story, morning)
        view = view_of(fresh(permit), morning)
        operation = view.picture.operation
        kept = list(Measure.objects.filter(permit=permit).order_by("place").values_list("text", flat=True))

        assert tuple(kept) == operation.kept_measures
        assert operation.measure(kept[3]) == "Extinguishers and fire hoses in place"
        assert operation.measure("旧版的一条") == "旧版的一条"
        assert len(operation.measures) == len(kept) == 5
        document = permit_document(view, printed_on=morning.date())

    said = {block.label: block.text for block in document.blocks if isinstance(block, Labelled)}
    assert (document.title, said["级别"], said["动火部位"]) == ("动火作业票", "二级", "其他场所")


def test_each_office_has_its_english_name(story):
    with translation.override("en"):
        from ronghe.domain.permits.calc.profiles import profile_called

        offices = profile_called(story.site.profile).offices
    assert set(offices) >= set(OFFICES)
    assert not [said for said in offices.values() if re.search(r"[\u3000-\u9fff]", said)]
