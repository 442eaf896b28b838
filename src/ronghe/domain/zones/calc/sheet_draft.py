"""What a responsibility sheet begins with: the gates and musts of contractor safety, and a line for each institution.

PC-06: 直线责任、属地管理，谁发包谁监管、谁用工谁负责. Each line says which side leads and which assist; a person changes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.kernel.words import N_


@dataclass(frozen=True, slots=True)
class DraftLine:
    """`matter`, `duty` and `cadence` are source texts; sides and topic are values of the zones' enums."""

    topic: str
    matter: str
    duty: str
    lead: str
    assists: tuple[str, ...]
    cadence: str = ""
    mechanism: str = ""


BEFORE_ENTRY, EVERY_DAY, BY_PROCEDURE = N_("入场前"), N_("每个施工日"), N_("每道工序")

FIXED = (
    DraftLine("safety", N_("单位资质关"), N_("审查施工单位资质、业绩和分包，不合格不得入场（PC-06）"), "management",
              ("supervision",), BEFORE_ENTRY),
    DraftLine("safety", N_("HSE业绩关"), N_("核查近三年安全业绩和事故记录（PC-06）"), "management", ("supervision",),
              BEFORE_ENTRY),
    DraftLine("safety", N_("队伍素质关"), N_("人员持证、入场教育合格后上岗，外雇工与本单位职工同样管理（PC-06、PC-07）"),
              "builder", ("territory", "supervision"), BEFORE_ENTRY),
    DraftLine("safety", N_("施工监督关"), N_("作业现场旁站、巡视，发现违章当场制止（PC-06、PC-07）"), "supervision",
              ("builder", "management"), EVERY_DAY),
    DraftLine("safety", N_("现场管理关"), N_("属地交底、作业许可、交叉作业协调（PC-06）"), "territory",
              ("builder", "supervision"), EVERY_DAY),
    DraftLine("safety", N_("安全管理协议"), N_("签订安全生产合同和管理协议，指定专职安全员，不得以包代管（PC-07、PC-08）"),
              "management", ("territory", "builder"), BEFORE_ENTRY),
    DraftLine("safety", N_("不合格队伍退出"), N_("严重违章的队伍按合同停工、淘汰（PC-07）"), "management",
              ("territory", "supervision")),
    DraftLine("quality", N_("工序验收"), N_("自检、互检后报验，隐蔽工程验收合格再覆盖（SD-17）"), "builder",
              ("supervision", "territory"), BY_PROCEDURE),
    DraftLine("quality", N_("图纸会审"), N_("各方同场会审，问题当场定人定期（S3）"), "management",
              ("builder", "supervision", "territory")),
    DraftLine("progress", N_("停产对接窗口"), N_("提前报停产计划，按窗口组织对接"), "territory", ("builder", "management")),
)  # fmt: skip

LED_BY = {
    "hse_officer": ("safety", "builder", ("territory", "supervision", "management")),
    "project_manager": ("progress", "management", ("builder", "supervision", "territory")),
    "secretary": ("party", "territory", ("builder", "supervision", "management")),
    "zone_lead": ("party", "territory", ("builder", "supervision", "management")),
}
"""Role that answers for an institution → topic, leading side, assisting sides."""


def line_of(mechanism: str, title: str, asked: str, answers: str, cadence: str) -> DraftLine:
    """Return the line of one institution by who answers for it, `asked` as its duty; what none of these answers for is Party work."""
    topic, lead, assists = LED_BY.get(answers, LED_BY["zone_lead"])
    return DraftLine(topic, title, asked, lead, assists, cadence, mechanism)
