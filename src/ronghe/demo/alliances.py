"""党建联盟 of the demonstration field: with a production unit and a town, and one for innovation."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.accounts import PASSWORD
from ronghe.demo.organization import Field
from ronghe.domain.alliances.enums import AllianceKind, ContactForm, Side
from ronghe.domain.alliances.models import Alliance, AllianceDifficulty, Partner
from ronghe.domain.alliances.services.alliances import add_expert, add_partner, found_alliance
from ronghe.domain.alliances.services.contacts import hold_contact
from ronghe.domain.alliances.services.difficulties import (
    claim_ours,
    claim_theirs,
    comment,
    progress,
    raise_difficulty,
    resolve,
)
from ronghe.domain.alliances.services.invitations import accept_invitation, invite_partner
from ronghe.domain.org.models import PartyOrg, Person

PARTNER_LOGIN = "zhenfu"


def show_alliances(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step
    """Tell of five difficulties on one list with a town and a production unit, and of an innovation alliance."""
    body = PartyOrg.objects.get(name="清洁电力开发项目部党委")
    start, joined = now - timedelta(days=70), now - timedelta(days=41)
    alliance = found_alliance(
        name="绿色电力开发党建联盟", kind=AllianceKind.MIXED, body=body, actor=field.clerk, at=start,
        purpose="与地方政府、采油单位定期沟通，共同破解指标、用地、并网、交易难题", document="绿色电力开发党建联盟协议",
    )  # fmt: skip
    town = add_partner(
        alliance=alliance, name="城南镇政府", contact_name="高向东", contact_title="副镇长", phone="13800138000",
        actor=field.clerk, at=start,
    )  # fmt: skip
    plant = add_partner(
        alliance=alliance, name="第二采油单位", contact_name="马长青", contact_title="地面工程室主任", actor=field.clerk,
        at=start,
    )  # fmt: skip
    _invitation, secret = invite_partner(partner=town, actor=field.clerk, at=joined)
    partner = accept_invitation(secret=secret, login=PARTNER_LOGIN, password=PASSWORD, at=joined)
    field.accounts.opened.append(
        {"title": "镇政府（联盟伙伴）", "name": partner.name, "login": PARTNER_LOGIN, "password": PASSWORD}
    )
    for days, form, settled in (
        (60, ContactForm.CONSULTATION, "确定难题清单，每月会商一次。"),
        (33, ContactForm.ON_SITE, "现场看用地边界，镇里两周内出意见。"),
        (6, ContactForm.VISIT, "用地批复已下；并网点改到三号变电站，再报一次。"),
    ):
        hold_contact(
            alliance=alliance, day=(now - timedelta(days=days)).date(), form=form, partners=[town, plant],
            settled=settled, our_people="项目部书记、工程科", actor=field.clerk, at=now - timedelta(days=days - 1),
        )  # fmt: skip
    _difficulties(field, alliance, partner, now)
    _innovation(field, body, now)


def _difficulties(field: Field, alliance: Alliance, partner: Person, now: datetime) -> None:
    town, plant = alliance.partners.order_by("pk")
    at = now - timedelta(days=40)

    def put(title: str, text: str, days: int, of: Partner = town) -> AllianceDifficulty:
        return raise_difficulty(
            alliance=alliance, partner=of, title=title, text=text, due_on=(now + timedelta(days=days)).date(),
            actor=field.clerk, at=at,
        )  # fmt: skip

    land = put("风电场用地审批", "二期 3 个机位占一般耕地，要办转用手续。", 5)
    quota = put("新能源指标获取", "全年指标还差 20 兆瓦，要与镇里一起申报。", -4)
    grid = put("光伏并网协调", "并网点容量不够，要采油单位让出一回线。", 25, plant)
    put("绿电交易结算", "富余电量就近消纳，交易电价没有谈定。", 40, plant)
    raise_difficulty(
        alliance=alliance, partner=town, title="运输道路维修", text="重车压坏村道两公里，村民要求修复。",
        due_on=(now + timedelta(days=12)).date(), actor=partner, at=now - timedelta(days=3),
    )  # fmt: skip
    for one in (land, quota):
        claim_ours(difficulty=one, actor=field.clerk, at=at)
        claim_theirs(difficulty=one, actor=partner, at=at)
    claim_ours(difficulty=grid, actor=field.clerk, at=at)
    progress(
        difficulty=quota,
        text="申报材料已送镇里。",
        next_side=Side.THEIRS,
        actor=field.clerk,
        at=now - timedelta(days=9),
    )
    comment(difficulty=quota, text="材料收到，县里下周开会。", actor=partner, at=now - timedelta(days=7))
    resolve(difficulty=land, result="用地批复已下，机位可以开工。", actor=partner, at=now - timedelta(days=6))


def _innovation(field: Field, body: PartyOrg, now: datetime) -> None:
    at = now - timedelta(days=45)
    alliance = found_alliance(
        name="电力创新联盟", kind=AllianceKind.INNOVATION, body=body, actor=field.clerk, at=at,
        purpose="围绕风光储一体化联合攻关，共用专家", contact_days=30,
    )  # fmt: skip
    institute = add_partner(alliance=alliance, name="电力科学研究院", contact_name="沈知远", actor=field.clerk, at=at)
    for name, speciality in (("沈知远", "并网仿真"), ("陆明川", "储能系统"), ("顾清和", "绿电交易")):
        add_expert(alliance=alliance, name=name, field=speciality, partner=institute, actor=field.clerk, at=at)
    raise_difficulty(
        alliance=alliance, partner=institute, title="井场风光储微电网控制策略", due_on=(now + timedelta(days=60)).date(),
        text="抽油机间歇用电与风光出力匹配。", actor=field.clerk, at=at,
    )  # fmt: skip
