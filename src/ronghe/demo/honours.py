"""Honours of three years, a selection that was awarded, one on notice, one that is naming, and a banner that moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.honours.enums import Aspect, CallWay, HonourLevel
from ronghe.domain.honours.models import HonourCall, HonourTitle
from ronghe.domain.honours.services.banner import count_round, open_round
from ronghe.domain.honours.services.calling import CallText, add_evidence, begin_vetting, nominate, open_call
from ronghe.domain.honours.services.catalogue import take_over_shipped
from ronghe.domain.honours.services.choosing import award, choose, object_to
from ronghe.domain.honours.services.register import HonourText, enter_honour
from ronghe.domain.honours.services.vetting import give_opinion
from ronghe.domain.org.enums import HOME_KINDS, MembershipKind, PartyOrgKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.services.trees import create_party_org

NAMED = 4
"""People without a post whom a branch of the story has at least."""
OFFICES = ("机关党群党支部", "机关生产技术党支部", "机关计划财务党支部")
RATINGS = ((1, 2, 3), (1, 1, 2), (2, 2, 2), (1, 3, 2), (2, 1, 6), (1, 2, 2), (1, 2, 6))
"""What people choose in turn, an office each; 6 is 不了解."""


def show_honours(field: Field, since: date, now: datetime) -> None:
    """Tell of all that at once."""
    start = at(since, 10, 0)
    take_over_shipped(body=field.committee, actor=field.clerk, at=start)
    found = [(branch, _members(branch)) for branch in PartyOrg.objects.filter(kind__in=HOME_KINDS, valid_until=None)]
    large = sorted((pair for pair in found if len(pair[1]) == NAMED), key=lambda pair: pair[0].pk)[:2]
    branches, members = [branch for branch, _people in large], [people for _branch, people in large]
    _earlier(field, branches, members, now)
    awarded = _called(field, "优秀共产党员", now - timedelta(days=45), branches, members, places=(0, 1))
    _noticed(field, awarded, now - timedelta(days=35))
    award(
        call=awarded, document_number=f"演油党字〔{awarded.year}〕21号", actor=field.clerk, at=now - timedelta(days=20)
    )
    pioneer = _called(field, "党员先锋", now - timedelta(days=12), branches, members, places=(2, 3))
    _noticed(field, pioneer, now - timedelta(days=1))
    on_notice = pioneer.nominations.filter(state="proposed").select_related("call").order_by("pk")[0]
    object_to(nomination=on_notice, text="“学得来”的材料只有一个班组的，请核实推广情况。", actor=field.lead, at=now)
    title = HonourTitle.objects.get(name="示范党支部", level=HonourLevel.OILFIELD)
    text = CallText(
        title, now.year, 3, (now + timedelta(days=14)).date(), terms="三会一课齐全，党政融合推进有成效，本年无一票否决。",
    )  # fmt: skip
    open_call(body=field.committee, text=text, actor=field.clerk, at=now - timedelta(days=1))
    _banner(field, since, now)


def _members(branch: PartyOrg) -> list[Person]:
    held = Membership.objects.filter(body=branch, kind=MembershipKind.HOME, valid_until=None).order_by()
    people = Person.objects.filter(pk__in=held.values("person_id"), valid_until=None, posts__isnull=True)
    return list(people.order_by("pk")[:NAMED])


def _earlier(field: Field, branches: list[PartyOrg], members: list[list[Person]], now: datetime) -> None:
    titles = {(row.name, row.level): row for row in HonourTitle.objects.all()}
    year = now.year
    for name, level, back, branch, place, team, issuer in (
        ("红旗党支部", "oilfield", 2, 0, None, "", "演示油气田公司党委"),
        ("先进基层党组织", "group", 1, 0, None, "", "集团公司党组"),
        ("优秀党务工作者", "oilfield", 1, 0, 0, "", "演示油气田公司党委"),
        ("五一劳动奖章", "provincial", 2, 1, 0, "", "省总工会"),
        ("工人先锋号", "oilfield", 1, 1, None, "南I-1改造焊接班", "演示油气田公司工会"),
    ):
        text = HonourText(
            titles[name, level], year - back, branches[branch], issuer, date(year - back, 6, 28),
            person=members[branch][place] if place is not None else None, team=team,
            document_number=f"〔{year - back}〕{12 + back}号",
        )  # fmt: skip
        enter_honour(text=text, actor=field.clerk, at=now - timedelta(days=60))


def _called(
    field: Field, name: str, begins: datetime, branches: list[PartyOrg], members: list[list[Person]], *,
    places: tuple[int, ...],
) -> HonourCall:  # fmt: skip
    """Call for nominations decided in a meeting; the clerk names for the branches, with words as evidence."""
    title = HonourTitle.objects.get(name=name)
    aspects = [aspect for aspect in title.aspects if aspect != Aspect.SAFETY]  # nobody of safety sits at the committee
    text = CallText(
        title, begins.year, 3, (begins + timedelta(days=7)).date(), quota_per_body=2, way=CallWay.MEETING,
        aspects=aspects,
    )  # fmt: skip
    call = open_call(body=field.committee, text=text, actor=field.clerk, at=begins)
    for branch, people in zip(branches, members, strict=True):
        for place in places:
            if place < len(people):
                row = nominate(
                    call=call, by_body=branch, person=people[place], reasons="在联合站改造中带头攻关，带出两名徒弟。",
                    actor=field.clerk, at=begins + timedelta(days=2),
                )  # fmt: skip
                add_evidence(
                    nomination=row, words="停产对接提前 6 小时完成。", aspect=aspects[-1], actor=field.clerk,
                    at=begins + timedelta(days=2),
                )  # fmt: skip
    begin_vetting(call=call, actor=field.clerk, at=begins + timedelta(days=8))
    return call


def _noticed(field: Field, call: HonourCall, moment: datetime) -> None:
    """Give every opinion, one of them against, and put the first on notice."""
    secretary = _holder(field, PostRole.SECRETARY)
    auditor = PostHolding.objects.filter(role=PostRole.AUDITOR, valid_until=None).order_by("pk")[0].person
    rows = list(call.nominations.select_related("call__body", "person", "body").order_by("pk"))
    for number, row in enumerate(rows):
        for aspect in call.aspects:
            fails = number == len(rows) - 1 and aspect == call.aspects[-1] and len(rows) > 1
            give_opinion(
                nomination=row, aspect=Aspect(aspect), passes=not fails, words="近一年有一次违章记录。" if fails else "",
                actor=auditor if aspect == Aspect.DISCIPLINE else secretary, at=moment,
            )  # fmt: skip
    picked = [row for row in rows if row.state == "named"][:2]
    choose(call=call, picked=picked, decision="公司党委会研究同意。", actor=field.clerk, at=moment)


def _banner(field: Field, since: date, now: datetime) -> None:
    """Let the grassroots rate the offices in two quarters, and begin to rate this one; the banner goes to the best."""
    offices = [
        create_party_org(
            name=name, kind=PartyOrgKind.BRANCH, parent=field.committee, since=since, actor=None, at=at(since, 9, 0)
        )
        for name in OFFICES
    ]
    place = now.year * 4 + (now.month - 1) // 3
    for back in (2, 1, 0):
        year, quarter = divmod(place - back, 4)
        moment = now - timedelta(days=3 + 60 * back)
        found = open_round(
            body=field.committee, year=year, quarter=quarter + 1, offices=offices, everybody=True, actor=field.clerk,
            at=moment,
        )  # fmt: skip
        ballot = found.ballot
        if ballot is None:
            raise AssertionError(found)
        if not back:
            return
        people = [row.person for row in ballot.voters.select_related("person").order_by("pk")[: len(RATINGS)]]
        for person, chosen in zip(people, RATINGS, strict=True):
            order = chosen if back == 1 else (chosen[1], chosen[0], chosen[2])
            cast_votes(ballot=ballot, votes=dict(enumerate(order, start=1)), actor=person, at=moment)
        count_round(found=found, actor=field.clerk, at=moment + timedelta(days=4))


def _holder(field: Field, role: PostRole) -> Person:
    return PostHolding.objects.filter(body=field.committee, role=role, valid_until=None).order_by("pk")[0].person
