"""组织生活 of the demonstration field: talks of a branch, birthdays kept, red sites, a rota and study hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import combinations, pairwise

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.partylife.enums import BirthdayWay, OathKind, SiteKind, StudyForm, TalkTopic
from ronghe.domain.partylife.models import RedSite
from ronghe.domain.partylife.selectors.keeping import birthdays_of, members_of
from ronghe.domain.partylife.selectors.talks import people_to_talk_with
from ronghe.domain.partylife.services.birthdays import keep_birthdays, say_words
from ronghe.domain.partylife.services.classes import list_class, plan_class
from ronghe.domain.partylife.services.oaths import hold_oath
from ronghe.domain.partylife.services.sites import SiteText, keep_site, plan_visit, rate_site, set_point
from ronghe.domain.partylife.services.study import StudyFigures, StudyText, claim_hours, dispute_hours, set_study_rules
from ronghe.domain.partylife.services.talks import confirm_talk, plan_talk, record_talk
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.forms import write_outcome
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.work.services.files import Upload

SITES = (
    (
        "铁人王进喜纪念馆",
        SiteKind.MEMORIAL,
        "46.59930",
        "125.11210",
        "铁人事迹、会战文物",
        "周二至周日 9:00—16:00",
        300,
    ),
    (
        "大庆油田历史陈列馆",
        SiteKind.ENTERPRISE,
        "46.58890",
        "125.12680",
        "油田发现和会战历程",
        "周二至周日 9:00—16:30",
        200,
    ),
    ("松基三井旧址", SiteKind.FORMER_SITE, "46.18420", "124.88690", "大庆油田发现井", "全天", 80),
    (
        "中四路采油队精神展室",
        SiteKind.ENTERPRISE,
        "46.61350",
        "125.00120",
        "岗位责任制发源",
        "工作日，提前一天联系",
        60,
    ),
    ("烈士陵园", SiteKind.MARTYRS, "46.64510", "125.03870", "清明、烈士纪念日祭扫", "全天", 150),
    ("创业庄", SiteKind.BASE, "46.70110", "124.87250", "五把铁锹闹革命", "9:00—16:00", 100),
)
TOPICS = (
    "大庆会战的三年", "铁人精神从哪里来", "岗位责任制的由来", "七届二中全会和“两个务必”", "伟大建党精神",
    "石油工业的“三老四严”",
)  # fmt: skip
WORDS = ("入党那天在井场宣的誓，今天还在井场，心没变。", "师傅带我入的党，我也要带好徒弟。")
TALKED = "谈了倒班、孩子上学和岗位安排，本人表示安心工作，支部帮着协调住宿。"
PROOF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def show_partylife(field: Field, since: date, now: datetime) -> None:
    """Tell of the branch whose secretary has an account: its talks, birthdays, an oath, sites, classes and hours."""
    secretary, branch = _secretary(now.date())
    people = _members(branch, now.date())
    if secretary is None or branch is None or len(people) < 4:
        return
    leaders = _committee(field, branch, secretary, people, since)
    plain = [person for person in people if person not in leaders][:8]
    _talks(secretary, leaders, plain, now)
    sites = _sites(field, now)
    gathering = _gathering(sites[0], branch, secretary, [*leaders, *plain], now)
    _birthdays(branch, secretary, gathering, now)
    hold_oath(
        body=branch, kind=OathKind.RENEWAL, people=_came(branch, secretary, [*leaders, *plain], now), led_by=secretary,
        day=gathering.day, place="", activity=gathering, site=sites[0], actor=secretary, at=now - timedelta(hours=20),
    )  # fmt: skip
    _classes(branch, secretary, plain, now)
    _hours(field, secretary, plain, now)
    begins = at(now.date() + timedelta(days=9), 9, 0)
    plan_visit(
        site=sites[1], body=branch, scheduled_from=begins, scheduled_until=begins + timedelta(hours=3), actor=secretary,
        at=now - timedelta(hours=3),
    )  # fmt: skip


def _secretary(day: date) -> tuple[Person | None, PartyOrg | None]:
    """Return the secretary of a branch who has an account, else any, with the branch."""
    posts = PostHolding.objects.filter(
        role=PostRole.SECRETARY, valid_until=None, body__kind__in=["branch", "joint_branch"]
    ).select_related("person", "body")
    rows = sorted(posts, key=lambda post: (post.person.account_id is None, post.pk))
    chosen = next((post for post in rows if len(_members(post.body, day)) > 3), None)
    return (chosen.person, chosen.body) if chosen is not None else (None, None)


def _members(branch: PartyOrg | None, day: date) -> list[Person]:
    if branch is None:
        return []
    homes = Membership.objects.filter(body=branch, kind=MembershipKind.HOME, valid_until=None, valid_from__lte=day)
    rows = Person.objects.filter(pk__in=homes.values("person_id"), political_status__in=PARTY_MEMBERS)
    return list(rows.order_by("pk")[:14])


def _committee(
    field: Field, branch: PartyOrg, secretary: Person, people: Sequence[Person], since: date
) -> list[Person]:
    """Let the branch have an org and a publicity member beside its secretary."""
    leaders = [secretary]
    for role in (PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER):
        held = PostHolding.objects.filter(body=branch, role=role, valid_until=None).select_related("person").first()
        if held is not None:
            leaders.append(held.person)
            continue
        free = next((p for p in people if p not in leaders and not p.posts.exists()), None)
        if free is not None:
            take_post(person=free, role=role, body=branch, since=since, actor=field.clerk, at=at(since, 9, 0))
            leaders.append(Person.objects.get(pk=free.pk))
    return list(dict.fromkeys(leaders))


def _talks(secretary: Person, leaders: Sequence[Person], plain: Sequence[Person], now: datetime) -> None:
    """Most pairs talked, some are confirmed, one is planned for today; the year is not complete yet."""
    day = now.date()
    pairs = [
        *combinations(leaders, 2),
        *((leaders[number % len(leaders)], one) for number, one in enumerate(plain[:-1])),
    ]
    pairs += list(pairwise(plain[:-1]))
    for number, (one, two) in enumerate(pairs):
        if not people_to_talk_with(one, now).filter(pk=two.pk).exists():
            continue
        held = day - timedelta(days=3 + 5 * number)
        talk = record_talk(
            other=two, day=max(held, date(day.year, 1, 10)), topics=[TalkTopic.THOUGHT, TalkTopic.WORK],
            text=TALKED if number % 3 == 0 else "", actor=one, at=now - timedelta(hours=number + 1),
        )  # fmt: skip
        if number % 4 != 3:
            confirm_talk(talk=talk, actor=two, at=now)
    plan_talk(other=plain[-1], day=day, actor=secretary, at=now - timedelta(hours=2))


def _sites(field: Field, now: datetime) -> list[RedSite]:
    sites = [
        keep_site(
            text=SiteText(name, kind, "大庆", Decimal(latitude), Decimal(longitude), about, opening, "", capacity),
            body=field.committee, actor=field.clerk, at=now - timedelta(days=30),
        )
        for name, kind, latitude, longitude, about, opening, capacity in SITES
    ]  # fmt: skip
    set_point(
        place=field.zone, latitude=Decimal("46.62500"), longitude=Decimal("124.98600"), actor=field.clerk,
        at=now - timedelta(days=29),
    )  # fmt: skip
    return sites


def _gathering(site: RedSite, branch: PartyOrg, secretary: Person, people: Sequence[Person], now: datetime) -> Activity:
    """A theme day at the memorial, two days ago, signed in with cards."""
    begins = at(now.date() - timedelta(days=2), 9, 0)
    activity = plan_visit(
        site=site, body=branch, scheduled_from=begins, scheduled_until=begins + timedelta(hours=3), actor=secretary,
        at=begins - timedelta(days=3),
    )  # fmt: skip
    open_activity(activity=activity, actor=secretary, at=begins)
    add_agenda_item(
        activity=activity, topic="重温入党誓词，集体过政治生日", notes="参观后谈感受，三名党员过了政治生日。", actor=secretary,
        at=begins,
    )  # fmt: skip
    for person in people:
        sign_in_with_card(activity=activity, card=member_card(person), actor=secretary, at=begins)
    write_outcome(activity=activity, next_step="把三老四严写进班组公约。", actor=secretary, at=begins)
    close_activity(activity=activity, actor=secretary, at=begins + timedelta(hours=2, minutes=40))
    for person, stars in zip(people, (5, 5, 4, 5), strict=False):
        rate_site(site=site, stars=stars, actor=person, at=now - timedelta(hours=30))
    return Activity.objects.get(pk=activity.pk)


def _came(branch: PartyOrg, secretary: Person, people: Sequence[Person], now: datetime) -> list[Person]:
    return list(members_of(branch, secretary, now).filter(pk__in=[person.pk for person in people]))


def _birthdays(branch: PartyOrg, secretary: Person, activity: Activity, now: datetime) -> None:
    lines = birthdays_of(branch, activity.day.year, secretary, now)
    past = [line.person for line in lines if line.day <= activity.day][-3:]
    if not past:
        return
    keeping = keep_birthdays(
        body=branch, people=past, day=activity.day, way=BirthdayWay.TOGETHER, activity=activity,
        message="不忘来时路，永远跟党走。", actor=secretary, at=now - timedelta(days=1),
    )  # fmt: skip
    for row, words in zip(keeping.people.select_related("keeping", "person"), WORDS, strict=False):
        say_words(row=row, words=words, actor=row.person, at=now - timedelta(hours=18))


def _classes(branch: PartyOrg, secretary: Person, plain: Sequence[Person], now: datetime) -> None:
    """Three lines ahead, one of them an activity already; one went by, one has nobody yet."""
    day = now.date()
    for number, (topic, days) in enumerate(zip(TOPICS, (-20, 4, 11, 25, 39, 53), strict=True)):
        teller = plain[number % len(plain)] if number != 3 else None
        line = list_class(
            body=branch, topic=topic, planned_on=day + timedelta(days=days), teller=teller, actor=secretary,
            at=now - timedelta(days=25),
        )  # fmt: skip
        if number == 1:
            begins = at(day + timedelta(days=days), 16, 0)
            plan_class(
                line=line, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=secretary,
                at=now - timedelta(days=1),
            )  # fmt: skip


def _hours(field: Field, secretary: Person, plain: Sequence[Person], now: datetime) -> None:
    """The unit's figures, what the secretary entered, one entry that waits and one year that is doubted."""
    year = now.date().year
    figures = StudyFigures(Decimal(32), Decimal(56), Decimal(1), Decimal(4), Decimal(8), Decimal(12))
    set_study_rules(
        body=field.committee, figures=figures, valid_from=date(year, 1, 1), basis=f"{year}年党员教育培训计划", actor=field.clerk,
        at=now - timedelta(days=60),
    )  # fmt: skip
    given = (
        ("公司党校党务培训班", StudyForm.OFF_JOB, Decimal(3), 40), ("形势任务报告会", StudyForm.LECTURE, Decimal(1), 33),
        ("学习强国专题", StudyForm.ONLINE, Decimal(10), 21),
    )  # fmt: skip
    for number, person in enumerate(plain[:5]):
        for title, form, amount, days in given[: 1 + number % 3]:
            text = StudyText(max(now.date() - timedelta(days=days), date(year, 1, 2)), title, form, amount)
            claim_hours(person=person, text=text, actor=secretary, at=now - timedelta(days=1))
    waiting = StudyText(now.date() - timedelta(days=6), "网络学院安全专题", StudyForm.ONLINE, Decimal(4))
    proof = Upload("结业证.pdf", BytesIO(PROOF))
    claim_hours(person=plain[-1], text=waiting, proof=proof, actor=plain[-1], at=now - timedelta(hours=6))
    dispute_hours(
        person=plain[0],
        year=year,
        text="上月党课我到了，没有计入，请核对签到。",
        actor=plain[0],
        at=now - timedelta(hours=5),
    )
