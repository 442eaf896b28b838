"""The gallery: every component in every state, light and dark side by side. All names and figures are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ronghe.kernel.words import N_, _
from ronghe.ui.calendar import Calendar, Holiday, Row, Window
from ronghe.ui.component import REGISTRY
from ronghe.ui.explain import ExplainFact, ExplainNode
from ronghe.ui.forms import DateInput, TimeInput, fill_known
from ronghe.ui.icons import ICONS, STATES
from ronghe.ui.reference import example_of, sentence_of
from ronghe.ui.tree import OrgNode


@dataclass(frozen=True, slots=True)
class Specimen:
    """One block of the gallery: its template is `ui/gallery/<id>.html`, and it shows these components."""

    id: str
    title: str
    components: tuple[str, ...]
    wide: bool = False

    @property
    def template(self) -> str:
        return f"ui/gallery/{self.id}.html"


SPECIMENS: tuple[Specimen, ...] = (
    Specimen("buttons", N_("按钮"), ("button", "icon")),
    Specimen("states", N_("状态与标签"), ("state_mark", "state_word", "badge", "sep")),
    Specimen("icons", N_("图标"), ("icon", "brand_mark")),
    Specimen("people", N_("人与星级"), ("avatar", "person", "stars")),
    Specimen("figures", N_("数字"), ("figures", "figure"), wide=True),
    Specimen("progress", N_("进度"), ("ring", "bar", "cells", "state_strip", "trend")),
    Specimen(
        "heads", N_("页头"), ("crumbs", "crumb", "page_head", "page_badges", "page_meta", "fact", "acts"), wide=True
    ),
    Specimen("cards", N_("卡片"), ("card", "card_head", "card_body", "card_foot", "section_head")),
    Specimen("banners", N_("横幅"), ("banner", "offline_banner")),
    Specimen("empties", N_("空与等待"), ("empty", "skeleton", "panel")),
    Specimen("dialogs", N_("对话框与提示"), ("dialog", "dialog_foot", "toast", "toasts", "toast_list", "more_menu")),
    Specimen("definitions", N_("名目"), ("definitions", "definition", "qr")),
    Specimen(
        "tables",
        N_("表格与筛选"),
        (
            "filters",
            "segments",
            "chip",
            "chip_menu",
            "filter_search",
            "table",
            "column",
            "choose",
            "bulk_bar",
            "pagination",
        ),
        wide=True,
    ),
    Specimen("day", N_("一天"), ("day_list", "day_item")),
    Specimen("timelines", N_("时间线"), ("timeline", "moment")),
    Specimen("sign_sheets", N_("签到表"), ("sign_sheet", "sign_row", "act_bar")),
    Specimen("signatures", N_("签字"), ("signature",)),
    Specimen("evidences", N_("证据"), ("evidence_strip", "evidence", "evidence_add")),
    Specimen("steppers", N_("按序进行"), ("stepper", "step")),
    Specimen("explain", N_("分从哪里来"), ("explain_tree",), wide=True),
    Specimen("calendar", N_("节拍"), ("obligation_calendar", "obligation_legend"), wide=True),
    Specimen("trees", N_("组织树"), ("org_tree",)),
    Specimen("forms", N_("表单"), ("form_box", "form_errors", "form_acts", "field_pair")),
    Specimen("frame", N_("页框"), ("top_bar", "side_menu", "tab_bar", "language_switch"), wide=True),
)


class SampleForm(forms.Form):
    """A form with every kind of field in it."""

    title = forms.CharField(label="议题", max_length=60, help_text="写清要办的事，不超过 60 字。")
    unit = forms.CharField(label="单位")
    starts = forms.DateField(label="开始", widget=DateInput())
    at = forms.TimeField(label="时刻", widget=TimeInput(), required=False)
    kind = forms.ChoiceField(
        label="会议", choices=[("group", "党小组会"), ("safety", "安全交底会"), ("technical", "技术交底会")]
    )
    grade = forms.ChoiceField(
        label="等次",
        choices=[("a", "优秀"), ("b", "合格"), ("c", "基本合格")],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(label="说明", widget=forms.Textarea({"rows": 3}), required=False)
    sheet = forms.FileField(label="花名册", required=False, help_text="xlsx、xls 或 csv。")
    clean_of_secrets = forms.BooleanField(label="内容不涉密")


def page(request: HttpRequest) -> HttpResponse:
    """Show the gallery; `?only=` one specimen."""
    only = request.GET.get("only", "")
    shown = [specimen for specimen in SPECIMENS if only in ("", specimen.id)]
    return render(
        request,
        "ui/gallery/page.html",
        {"specimens": [_shown(specimen) for specimen in shown], "all_specimens": SPECIMENS, "sample": sample()},
    )


def _shown(specimen: Specimen) -> dict[str, Any]:
    entries = [REGISTRY[name] for name in specimen.components]
    return {
        "id": specimen.id,
        "title": _(specimen.title),
        "template": specimen.template,
        "wide": specimen.wide,
        "entries": [
            {"name": entry.name, "signature": entry.signature, "says": sentence_of(entry), "example": example_of(entry)}
            for entry in entries
        ],
    }


def sample() -> dict[str, Any]:
    """The made-up data all specimens draw from."""
    wrong = SampleForm({"title": "", "unit": "注水队", "starts": "2026-02-30", "kind": "group"}, auto_id="wrong_%s")
    known = SampleForm(auto_id="known_%s")
    fill_known(known, {"unit": ("喇十七注水污水站", "花名册"), "starts": (date(2026, 11, 21), "今天")})
    return {
        "icons": ICONS,
        "states": STATES,
        "page": Paginator(range(1284), 20).page(3),
        "periods": [("month", "本月"), ("quarter", "四季度"), ("year", "全年")],
        "owners": [("1", "周启明"), ("2", "罗一鸣")],
        "strip": ["done", "done", "done", "late", "done", "failed", "done", "due"],
        "trend": [Decimal(value) for value in ("88.1", "89.6", "90.2", "91.8", "90.9", "92.35")],
        "quarters": ["2季", "3季", "4季", "1季", "2季", "3季"],
        "explain": _explain(),
        "calendar": _calendar(),
        "tree": _tree(),
        "form": known,
        "wrong_form": wrong,
        "token": "https://example.org/huddles/4/sign-in/?t=7f3a91c20be4",
    }


def _explain() -> ExplainNode:
    violations = ExplainNode(
        "责任区违章", "3 起", "满分 100，每起扣 5，扣完为止", "20%", "85.00", "17.00", Decimal("0.85"),
        open=True, rule="GZ-12", rule_href="#", period="取数 7月1日—9月30日，10月8日 封账",
        facts=(
            ExplainFact("7月9日", "未系安全带登梯", "35 kV 变电所", "雷国柱", "1 起", "#"),
            ExplainFact("7月30日", "验电前接触柜体", "检修车间", "折静", "0", "#", reversed_by="8月4日 申诉成立，已冲销"),
            ExplainFact("8月16日", "监护人离岗 6 分钟", "2号箱变", "薛志强", "1 起", "#"),
        ),
    )  # fmt: skip
    deployment = ExplainNode(
        "工作部署一体化", "5 项指标，1 项不适用", "", "20%", "91.50", "18.30", Decimal("0.915"), open=True,
        children=(
            ExplainNode("“两组”共建率", "10 / 10 个班组", "达到 100% 得满分", "30%", "100.00", "30.00", Decimal(1), facts=(ExplainFact("9月28日", "班组与党小组结对", "供电一大队 一班", "周启明", "1 个", "#"),), rule="GZ-03", period="取数 7月1日—9月30日"),
            ExplainNode("班组星级均值", "4.40 星（44 星 ÷ 10）", "均值 ÷ 5 × 100", "30%", "88.00", "26.40", Decimal("0.88")),
            violations,
            ExplainNode("创新加分", "6 项", "每项 2 分", "10%", "10.00", "1.00", Decimal(1), kind="capped", note="合计 12.00 分，封顶 10.00 分"),
            ExplainNode("青苗补偿监督", "本季无业务", "", "10%", kind="na", note="不适用，权重分给同维度 4 项"),
        ),
    )  # fmt: skip
    return ExplainNode(
        "总分", "六个维度", "加权求和，四舍五入到 0.01", "100%", "92.35", "92.35", open=True,
        children=(
            ExplainNode("教育实践一体化", "3 项指标", "", "15%", "94.20", "14.13", Decimal("0.942")),
            deployment,
            ExplainNode("一票否决", "1 条触发", "触发即不评优", kind="vetoed", note="9月22日 发生一般事故，等次最高为合格"),
        ),
    )  # fmt: skip


def _calendar() -> Calendar:
    def window(start: date, end: date, state: Any, mark: date | None = None, **more: Any) -> Window:
        return Window(start, end, state, mark_on=mark, href="#", label=f"{start:%m-%d}", **more)

    october, november, december, january = (date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
    return Calendar(
        date(2026, 9, 28),
        date(2027, 1, 1),
        date(2026, 11, 21),
        (
            Row("基础制度", "三会一课", group=True),
            Row("支部党员大会", "周启明", (window(october, january, "due", date(2026, 12, 31)),)),
            Row("党小组会·第二小组", "罗一鸣", (
                window(october, november, "done", date(2026, 10, 22)),
                window(november, december, "due", date(2026, 11, 30), grace_until=date(2026, 12, 6), selected=True),
                window(december, january, "upcoming", date(2026, 12, 31)),
            )),
            Row("党小组会·第三小组", "谭文静", (
                window(october, november, "late", date(2026, 11, 4), grace_until=date(2026, 11, 6)),
                window(november, december, "done", date(2026, 11, 12)),
            )),
            Row("联创共建", "“4+1”融合 2.0 版", group=True),
            Row("攻关主题党日", "罗一鸣", (window(date(2026, 9, 1), november, "failed", date(2026, 10, 31)),)),
            Row("双方支部通气", "周启明", (
                window(october, november, "done", date(2026, 10, 20)),
                window(november, december, "waived", date(2026, 11, 10)),
            )),
        ),
        (Holiday(october, date(2026, 10, 8), "国庆"),),
    )  # fmt: skip


def _tree() -> list[OrgNode]:
    return [
        OrgNode("清洁电力开发项目部党委", count="党员 221 人", open=True, href="#", children=(
            OrgNode("生产一总支", count="57 人", open=True, href="#", children=(
                OrgNode("供电一大队党支部", count="20 人", href="#", current=True),
                OrgNode("供电三大队党支部", count="10 人", href="#", gap="三班没有党员"),
            )),
            OrgNode("检修攻坚临时党支部", count="9 人", href="#", kind="temporary", dates="2026年3月—12月"),
            OrgNode("余热电站党支部", count="0 人", kind="ended", dates="2025年12月31日 撤销"),
            OrgNode("生产二总支", count="68 人", href="#", children=(OrgNode("检修一大队党支部", count="21 人"),)),
        )),
    ]  # fmt: skip
