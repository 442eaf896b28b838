"""政治生日 and 宣誓."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.partylife.documents import birthday_card
from ronghe.domain.partylife.enums import BirthdayWay, OathKind
from ronghe.domain.partylife.selectors.keeping import (
    birthdays_of,
    came_to,
    dates_missing,
    list_keepings,
    list_oaths,
)
from ronghe.domain.partylife.services.birthdays import (
    ActivityElsewhere,
    BirthdayAhead,
    BirthdayKeptAlready,
    FirstYear,
    JoiningDayMissing,
    KeepingVoided,
    NobodysBirthday,
    VoidWithoutReason,
    add_photo,
    keep_birthdays,
    say_words,
    void_keeping,
)
from ronghe.domain.partylife.services.oaths import (
    NobodySwears,
    NoMemberSwears,
    NotProbationary,
    OathAhead,
    SwornAlready,
    hold_oath,
    void_oath,
)
from ronghe.kernel.documents import render_pdf
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_body, make_person
from tests.factories.partylife import make_gathering, make_life, make_site
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def life():
    return make_life()


def keep(life, people, at, **changes):
    given = {"body": life.branch, "day": at.date(), "way": BirthdayWay.TOGETHER, "actor": life.secretary, **changes}
    return keep_birthdays(people=people, at=at, **given)


def swear(life, people, at, **changes):
    given = {
        "body": life.branch, "kind": OathKind.RENEWAL, "led_by": life.secretary, "day": at.date(), "place": "会议室",
        "actor": life.secretary, **changes,
    }  # fmt: skip
    return hold_oath(people=people, at=at, **given)


def test_birthdays_come_by_day_with_their_years(life, morning):
    lines = birthdays_of(life.branch, 2026, life.secretary, morning)

    assert [(line.person.name, line.day, line.years, line.is_round) for line in lines] == [
        ("何秀兰", date(2026, 2, 28), 14, False),
        ("蒋大山", date(2026, 9, 14), 10, True),
        ("段小龙", date(2026, 9, 20), 20, True),
    ]
    assert [line.person.name for line in birthdays_of(life.branch, 2026, life.secretary, morning, month=2)] == [
        "何秀兰"
    ]


def test_nobody_out_of_reach_has_a_birthday_here(life, morning):
    assert [line.person for line in birthdays_of(life.branch, 2026, life.members[0], morning)] == [life.members[0]]
    assert birthdays_of(life.branch, 2026, life.stranger, morning) == []


def test_the_committee_sees_those_of_all_branches_below(life, morning):
    assert len(birthdays_of(life.committee, 2026, life.clerk, morning)) == 3
    assert set(dates_missing(life.branch, life.secretary, morning)) == {life.secretary, life.officer}


def test_several_are_kept_together_and_told_once(life, morning):
    keeping = keep(life, life.members[:2], morning, message="不忘初心", uploads=[photo()])

    assert {row.years for row in keeping.people.all()} == {20, 14}
    fact = Fact.objects.get(kind="partylife.birthday_kept")
    assert (fact.body, fact.values["people"], fact.values["with_activity"]) == (life.branch.pk, 2, False)
    assert keeping.photos.count() == 1
    kept = [line.kept for line in birthdays_of(life.branch, 2026, life.secretary, morning)]
    assert sum(one is not None for one in kept) == 2


def test_a_birthday_is_kept_once_a_year_unless_the_record_is_taken_back(life, morning):
    keeping = keep(life, life.members[:1], morning)
    with pytest.raises(BirthdayKeptAlready) as refusal:
        keep(life, life.members, morning)
    assert "段小龙" in str(refusal.value)
    with pytest.raises(VoidWithoutReason):
        void_keeping(keeping=keeping, reason=" ", actor=life.secretary, at=morning)
    void_keeping(keeping=keeping, reason="记错日期", actor=life.secretary, at=morning)
    with pytest.raises(Stale):
        void_keeping(keeping=keeping, reason="再来", actor=life.secretary, at=morning)

    assert keep(life, life.members, morning).people.count() == 3
    assert Fact.objects.filter(kind="partylife.birthday_kept", reverses__isnull=False).count() == 1


def test_birthdays_that_cannot_be_are_refused(life, morning):
    young = make_person("新党员", home=life.branch)
    young.joined_party_on = date(2026, 3, 1)
    young.save()
    for people, refusal in (([], NobodysBirthday), ([life.officer], JoiningDayMissing), ([young], FirstYear)):
        with pytest.raises(refusal):
            keep(life, people, morning)
    with pytest.raises(BirthdayAhead):
        keep(life, life.members, morning, day=morning.date() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        keep(life, [life.stranger], morning)
    with pytest.raises(NotAllowed):
        keep(life, life.members, morning, actor=life.members[0])


def test_only_an_activity_of_the_body_is_linked(life, morning):
    activity = make_gathering(life, morning)

    assert keep(life, life.members[:1], morning, activity=activity).activity == activity
    elsewhere = make_body("机关党支部", parent=life.committee)
    other = make_person("别的支部", home=elsewhere)
    other.joined_party_on = date(2000, 1, 1)
    other.save()
    with pytest.raises(ActivityElsewhere):
        keep(life, [other], morning, body=elsewhere, activity=activity, actor=life.clerk)


def test_the_person_says_a_word_and_nobody_else_of_the_branch(life, morning):
    keeping = keep(life, life.members[:1], morning)
    row = keeping.people.select_related("keeping", "person").get()

    say_words(row=row, words="初心不改", actor=life.members[0], at=morning)
    with pytest.raises(NotAllowed):
        say_words(row=row, words="别人写的", actor=life.members[1], at=morning)
    row.refresh_from_db()
    assert row.words == "初心不改"
    void_keeping(keeping=keeping, reason="重复", actor=life.secretary, at=morning)
    row.refresh_from_db()
    with pytest.raises(KeepingVoided):
        say_words(row=row, words="再写", actor=life.members[0], at=morning)
    with pytest.raises(KeepingVoided):
        add_photo(keeping=keeping, upload=photo(), actor=life.secretary, at=morning)


def test_the_card_is_one_page_with_name_day_and_years(life, morning):
    document = birthday_card(
        life.members[0], 2026, message="愿你永葆初心", issuer=life.branch.name, printed_on=morning.date()
    )

    said = " ".join(getattr(block, "text", "") for block in document.blocks)
    for word in ("2006年9月20日", "20", "愿你永葆初心"):
        assert word in said
    assert render_pdf(document).count(b"/Type /Page\n") + render_pdf(document).count(b"/Type /Page ") <= 1


def test_members_see_what_their_branch_kept(life, morning):
    keep(life, life.members[:1], morning)
    swear(life, life.members, morning)

    for person, count in ((life.members[1], 1), (life.auditor, 1), (life.stranger, 0), (life.worker, 0)):
        assert (list_keepings(person, morning).count, list_oaths(person, morning).count) == (count, count)


def test_an_oath_takes_its_people_from_the_sheet(life, morning):
    activity = make_gathering(life, morning)
    site = make_site(life, morning)

    oath = swear(life, list(came_to(activity)), morning, activity=activity, place="", site=site)

    assert (oath.takers.count(), oath.place) == (5, "铁人王进喜纪念馆")
    assert Fact.objects.get(kind="partylife.oath_taken").values["people"] == 5


def test_the_oath_of_admission_is_for_probationary_members_and_once(life, morning):
    new = make_person("新同志", home=life.branch, status=PoliticalStatus.PROBATIONARY_MEMBER)
    with pytest.raises(NotProbationary) as refusal:
        swear(life, [new, life.members[0]], morning, kind=OathKind.ADMISSION)
    assert "段小龙" in str(refusal.value)
    oath = swear(life, [new], morning, kind=OathKind.ADMISSION)
    with pytest.raises(SwornAlready):
        swear(life, [new], morning, kind=OathKind.ADMISSION)
    assert swear(life, [new], morning).pk
    void_oath(oath=oath, reason="名单记错", actor=life.secretary, at=morning)
    assert swear(life, [new], morning, kind=OathKind.ADMISSION).pk


def test_oaths_that_cannot_be_are_refused(life, morning):
    league = make_person("青年", home=life.branch, status=PoliticalStatus.LEAGUE_MEMBER)
    activity = make_gathering(life, morning, came=[life.secretary, league])
    for people, refusal in (([], NobodySwears), ([league], NoMemberSwears), ([life.stranger], NotAllowed)):
        with pytest.raises(refusal):
            swear(life, people, morning, activity=activity)
    with pytest.raises(OathAhead):
        swear(life, life.members, morning, day=morning.date() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        swear(life, life.members, morning, actor=life.members[0])
