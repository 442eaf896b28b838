"""Things with an order or a reason: steppers, the explain tree, the obligation calendar, the tree of organisations."""

# ruff: noqa: ARG001 - Django hands every block its `content`; most components only place it

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.template import Library
from django.utils.safestring import SafeString

from ronghe.ui.calendar import Calendar
from ronghe.ui.component import Props, component
from ronghe.ui.explain import ExplainNode
from ronghe.ui.families.marks import STATE_WORDS, sprite
from ronghe.ui.tree import OrgNode

register = Library()

StepState = Literal["done", "now", "next", "locked", "failed"]


@component(register, family="flow", block=True)
def stepper(content: SafeString, *, label: str = "") -> Props:
    """Meetings or steps in their order: {% stepper label="三会按序" %}{% step "now" %}党小组会{% endstep %}{% step "locked" opens="党小组会结束后" %}安全交底会{% endstep %}{% endstepper %}"""
    return {"label": label}


@component(register, family="flow", block=True)
def step(content: SafeString, state: StepState, *, note: str = "", opens: str = "", href: str = "") -> Props:
    """One step; a locked one says what opens it: {% step "locked" opens="党小组会结束后" %}安全交底会{% endstep %}"""
    return {"state": state, "note": note, "opens": opens, "href": href}


@component(register, family="flow")
def explain_tree(root: ExplainNode, *, label: str = "", number: str = "") -> Props:
    """Where a score comes from, down to the facts, built of `ronghe.ui.explain.ExplainNode`: {% explain_tree root=tree %}"""
    return {
        "root": root,
        "label": label,
        "number": number,
        "down_href": f"{sprite()}#i-down",
        "right_href": f"{sprite()}#i-right",
        "sprite": sprite(),
        "level": 0,
    }


@component(register, family="flow")
def obligation_legend() -> Props:
    """The shapes and tints of the obligation calendar: {% obligation_legend %}"""
    shown = ("done", "late", "due", "failed", "waived", "upcoming")
    return {"marks": [(state, f"{sprite()}#s-{state}", STATE_WORDS[state]) for state in shown]}


@component(register, family="flow")
def obligation_calendar(calendar: Calendar, *, label: str = "") -> Props:
    """Obligations over time: windows, grace, shapes, holidays, today; built as `ronghe.ui.calendar.Calendar`: {% obligation_calendar calendar %}"""
    return {"calendar": calendar, "label": label, "sprite": sprite()}


@component(register, family="flow")
def org_tree(nodes: Sequence[OrgNode], *, label: str = "") -> Props:
    """Organisations as a tree that folds, walked with the arrow keys, built of `ronghe.ui.tree.OrgNode`: {% org_tree nodes label="党组织" %}"""
    return {"nodes": nodes, "label": label, "sprite": sprite(), "level": 1}
