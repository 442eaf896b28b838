"""Regroupings: the list, opening one, the arrange page, comparing, why, what is asked, the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.regrouping.calc.comparing import compare
from ronghe.domain.regrouping.calc.judging import NEEDS
from ronghe.domain.regrouping.calc.model import Dimension
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.calc.proposals import Relaxed
from ronghe.domain.regrouping.calc.reasons import DIMENSION_NAMES, TERM_NAMES, Reason, say, way_out
from ronghe.domain.regrouping.documents import grouping_record
from ronghe.domain.regrouping.enums import REGROUPING_FLOW, RegroupingState, SolvingState
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.rules import CARRY_OUT_REGROUPING, DECIDE_REGROUPING, DRAFT_REGROUPING
from ronghe.domain.regrouping.selectors.asking import Question, gaps_of, question_of
from ronghe.domain.regrouping.selectors.proposals import (
    Arrangement,
    bodies_to_regroup,
    conflict_of,
    letter_name,
    list_regroupings,
    names_in,
    open_proposal,
)
from ronghe.domain.regrouping.services.drafting import change_question, open_regrouping, unit_to_regroup
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.printing import PaperForm
from ronghe.ui import toasts
from ronghe.web.files import paper_answer
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.regrouping.forms import ApartForm, ApproveForm, OpenForm, QuestionForm, ReasonForm
from ronghe.web.regrouping.presenting import Board, board_of, group_names, percent, tenths
from ronghe.web.regrouping.reading import proposals_with, seen, shown, today_among
from ronghe.web.requests import actor_of

STATE_MARKS = {
    RegroupingState.DRAFTING: "running",
    RegroupingState.SUBMITTED: "due",
    RegroupingState.APPROVED: "upcoming",
    RegroupingState.CARRIED_OUT: "done",
    RegroupingState.UNDONE: "waived",
    RegroupingState.DROPPED: "waived",
}
FILLED_IN = {
    "trade": "web:person_skills",
    "post": "web:roster_list",
    "station": "web:roster_list",
    "age": "web:roster_list",
    "gender": "web:roster_list",
    "party": "web:roster_list",
    "travel": "web:grouping_ways",
    "staffing": "web:org_overview",
    "stations": "web:org_overview",
}
"""Where each gap is filled in."""


@login_required
def grouping_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = page_of(list_regroupings(actor, now, page=asked_page(request), size=20))
    lines = [(row, STATE_MARKS[RegroupingState(row.state)]) for row in page.object_list]
    can_draft = bodies_to_regroup(actor, now).exists()
    return render(request, "regrouping/grouping_list.html", {"page": page, "lines": lines, "can_draft": can_draft})


@login_required
def grouping_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_regroup(actor, now)
    if not bodies.exists():
        raise NotAllowed
    initial = {"as_of": local_day(now), "whole_area": True, "body": number_of(request.GET.get("body"))}
    form = OpenForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        try:
            regrouping = open_regrouping(
                body=body, group_count=form.cleaned_data["group_count"], as_of=form.cleaned_data["as_of"],
                unit=unit_to_regroup(body) if form.cleaned_data["whole_area"] else None, actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:grouping_detail", regrouping.pk)
    return render(request, "regrouping/grouping_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def grouping_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The arrange page. Asked as a poll with the version that is shown (`v`), it is silent while nothing is new."""
    regrouping = seen(request, pk)
    proposals = proposals_with(regrouping)
    proposal = shown(regrouping, proposals, request.GET.get("p"))
    if proposal is not None and request.GET.get("v") == version_of(proposal):
        return HttpResponse(status=204)
    context = arrange_context(request, regrouping, proposals, proposal)
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    template = "regrouping/grouping_detail.html" + ("#arrange" if is_fragment else "")
    answer = render(request, template, {**context, "is_fragment": is_fragment})
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def grouping_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """What a move would do, as parts of the arrange page that a script puts in place while somebody drags."""
    regrouping = seen(request, pk)
    proposals = proposals_with(regrouping)
    proposal = shown(regrouping, proposals, request.GET.get("p"))
    opened = open_proposal(proposal) if proposal is not None else None
    trying = _asked_move(request)
    if proposal is None or opened is None or trying is None:
        raise Http404
    board = _board(opened, proposals, trying)
    context = {"regrouping": regrouping, "proposal": proposal, "proposal_name": letter_name(proposal), "board": board}
    return render(request, "regrouping/_effect.html", {**context, **_rights(request, regrouping)})


@login_required
def grouping_compare(request: HttpRequest, pk: int) -> HttpResponse:
    regrouping = seen(request, pk)
    ready = [one for one in proposals_with(regrouping) if one.assignment is not None]
    first = next((one for one in ready if one.letter == request.GET.get("a")), ready[0] if ready else None)
    second = next((one for one in ready if one.letter == request.GET.get("b")), ready[-1] if ready else None)
    context: dict[str, Any] = {"regrouping": regrouping, "ready": [(one.letter, letter_name(one)) for one in ready]}
    if first is not None and second is not None:
        context |= _compared(first, second)
    return render(request, "regrouping/grouping_compare.html", context)


@login_required
def grouping_why(request: HttpRequest, pk: int) -> HttpResponse:
    regrouping = seen(request, pk)
    proposal = shown(regrouping, proposals_with(regrouping), request.GET.get("p"))
    opened = open_proposal(proposal) if proposal is not None else None
    if proposal is None or opened is None:
        raise Http404
    judged, outcome = opened.judgement, _searched_outcome(proposal)
    terms = [(_(words), judged.terms.get(name, 0)) for name, words in TERM_NAMES.items()]
    uneven = [(_(DIMENSION_NAMES[one]), percent(judged.uneven_e4[one])) for one in Dimension if one in judged.uneven_e4]
    relaxed = [opened.say(from_plain(Relaxed, one).reason) for one in outcome.get("relaxed", ())]
    context = {
        "regrouping": regrouping, "proposal": proposal, "proposal_name": letter_name(proposal), "terms": terms,
        "total": judged.objective, "uneven": uneven, "relaxed": relaxed, "outcome": outcome,
        "gap": _gap(outcome), "order": [_(DIMENSION_NAMES[Dimension(one)]) for one in regrouping.bands],
        "settings": proposal.settings, "seconds": tenths(outcome.get("ms", 0) // 100),
        "broken": [opened.say(one) for one in judged.broken if one.code != "unplaced"],
        "measured": outcome.get("terms") is not None and proposal.settings.get("asked") == regrouping.settings_version,
    }  # fmt: skip
    return render(request, "regrouping/grouping_why.html", context)


@login_required
def grouping_asked(request: HttpRequest, pk: int) -> HttpResponse:
    regrouping = seen(request, pk)
    actor, now = actor_of(request), timezone.now()
    if not DRAFT_REGROUPING.allows(actor, regrouping, at=now):
        raise Http404
    question = question_of(regrouping)
    form = QuestionForm(request.POST or None, regrouping=regrouping, question=question)
    if request.method == "POST" and form.is_valid():
        try:
            change_question(
                regrouping=regrouping, seen=form.cleaned_data["seen"], actor=actor, at=now,
                group_count=form.cleaned_data["group_count"], hubs=list(form.cleaned_data["hubs"]),
                requirements=form.requirements, weights=form.weights, bands=form.bands,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("要求已改，重新求解后生效。"))
            return redirect("web:grouping_detail", pk)
    people = question.crew.people
    context = {
        "regrouping": regrouping,
        "form": form,
        "gaps": [(gap.sentence, _fill_in(gap.code, regrouping)) for gap in gaps_of(question)],
        "apart": [(people[a], people[b]) for a, b in regrouping.apart if a in people and b in people],
        "apart_form": ApartForm(people=_people_of(question)),
    }
    return render(request, "regrouping/grouping_asked.html", context, status=422 if form.errors else 200)


@login_required
def grouping_record_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    regrouping = seen(request, pk)
    if form not in {paper.value for paper in PaperForm}:
        raise Http404
    name = _("%(body)s划分党小组记录") % {"body": regrouping.body.name}
    return paper_answer(request, grouping_record(regrouping), form, source=regrouping, name=name)


def version_of(proposal: GroupingProposal) -> str:
    return f"{proposal.letter}-{proposal.version}-{proposal.solving}"


def arrange_context(
    request: HttpRequest, regrouping: Regrouping, proposals: list[GroupingProposal],
    proposal: GroupingProposal | None, *, failed: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything that the arrange page needs; `failed` is a form that was refused, to be shown as it was typed."""
    opened = open_proposal(proposal) if proposal is not None else None
    trying = _asked_move(request)
    board = _board(opened, proposals, trying) if opened is not None else None
    day = local_day(timezone.now())
    return {
        "regrouping": regrouping,
        "state_mark": STATE_MARKS[RegroupingState(regrouping.state)],
        "proposal": proposal,
        "letter": proposal.letter if proposal is not None else "",
        "proposal_name": letter_name(proposal) if proposal is not None else "",
        "tabs": [(one.letter, letter_name(one), one == proposal) for one in proposals],
        "version": version_of(proposal) if proposal is not None else "",
        "board": board,
        "outcome": _outcome_words(proposal) if proposal is not None else "",
        "outdated": proposal is not None
        and proposal.settings.get("asked", regrouping.settings_version) != regrouping.settings_version,
        "conflicts": _conflicts(regrouping, proposal) if proposal is not None else [],
        "gaps": [] if board is not None else _gaps(regrouping),
        "approve_form": failed
        if isinstance(failed, ApproveForm)
        else ApproveForm(initial={"decided_on": day, "effective_on": day}),
        "reason_form": failed if isinstance(failed, ReasonForm) else ReasonForm(),
        **_rights(request, regrouping),
    }


def _rights(request: HttpRequest, regrouping: Regrouping) -> dict[str, bool]:
    actor, now = actor_of(request), timezone.now()
    drafts = DRAFT_REGROUPING.allows(actor, regrouping, at=now)
    decides = DECIDE_REGROUPING.allows(actor, regrouping, at=now)
    carries = CARRY_OUT_REGROUPING.allows(actor, regrouping, at=now)
    due = regrouping.effective_on is not None and regrouping.effective_on <= local_day(now)
    done_at = regrouping.carried_out_at
    return {
        "can_draft": drafts and regrouping.is_drafting,
        "can_decide": decides and REGROUPING_FLOW.allows(regrouping, "approve"),
        "can_return": decides and REGROUPING_FLOW.allows(regrouping, "return"),
        "can_carry_out": carries and due and REGROUPING_FLOW.allows(regrouping, "carry_out"),
        "can_undo": carries and REGROUPING_FLOW.allows(regrouping, "undo") and done_at is not None
        and local_day(done_at) == local_day(now),
        "can_drop": drafts and REGROUPING_FLOW.allows(regrouping, "drop"),
    }  # fmt: skip


def _board(opened: Arrangement, proposals: list[GroupingProposal], trying: tuple[int, int] | None) -> Board:
    """:raises Http404: the move names a person or a group that is not there."""
    today = today_among(proposals)
    beside = open_proposal(today) if today is not None and today != opened.proposal else None
    try:
        return board_of(opened, beside, trying=trying)
    except KeyError as error:
        raise Http404 from error


def _asked_move(request: HttpRequest) -> tuple[int, int] | None:
    member, to = number_of(request.GET.get("member")), number_of(request.GET.get("to"))
    return None if member is None or to is None else (member, to)


def _outcome_words(proposal: GroupingProposal) -> str:
    """How far the search is, in one line."""
    seconds = tenths(proposal.outcome.get("ms", 0) // 100)
    if proposal.is_searching:
        if proposal.assignment is None:
            return _("求解中，先出一个方案…")
        return _("求解中，正在改进。%(gap)s") % {"gap": _gap(proposal.outcome)}
    if proposal.is_today or proposal.is_by_hand:
        return ""
    if proposal.solving == SolvingState.FAILED and proposal.assignment is None:
        return _("没有拟出方案。请放宽要求，或再求解一次。")
    return _("用时 %(seconds)s 秒。%(gap)s") % {"seconds": seconds, "gap": _gap(proposal.outcome)}


def _gap(outcome: dict[str, Any]) -> str:
    gap = outcome.get("gap_e4")
    if gap is None:
        return ""
    if outcome.get("optimal"):
        return _("已证明是这些中心站下最好的。")
    return _("与可证明的最好相差不到 %(gap)s。") % {"gap": percent(gap)}


def _searched_outcome(proposal: GroupingProposal) -> dict[str, Any]:
    """A hand's proposal is explained by the search it came from."""
    found: dict[str, Any] = proposal.outcome or (proposal.parent.outcome if proposal.parent is not None else {})
    return found


@dataclass(frozen=True, slots=True)
class RuleInTheWay:
    """One rule of a conflict; `loosen` is what the form sends to loosen it, `href` where it can be changed."""

    text: str
    way_out: str
    loosen: str
    loosen_word: str
    href: str


def _conflicts(regrouping: Regrouping, proposal: GroupingProposal) -> list[list[RuleInTheWay]]:
    """The smallest sets of rules that cannot all be kept, each rule with its way out."""
    if not proposal.conflict:
        return []
    names = names_in(proposal)
    asked = reverse("web:grouping_asked", args=[regrouping.pk])
    return [
        [RuleInTheWay(say(rule, names), way_out(rule), *_loosening(rule), asked) for rule in conflict.rules]
        for conflict in conflict_of(proposal)
    ]


def _loosening(rule: Reason) -> tuple[str, str]:
    """Return what the form sends to loosen this rule by one step, and the word on the button; nothing where none fits."""
    figures = rule.figures
    if rule.code in NEEDS:
        return f"need:{figures['kind']}:{figures['name']}", _("每组少要 1 人")
    if rule.code in {"pin_hub", "pin_group", "pin_nowhere"}:
        return f"pin:{figures['member']}", _("取消钉住")
    if rule.code == "apart":
        return f"apart:{figures['member']}:{figures['other']}", _("取消这一对")
    if rule.code in {"least", "most", "leader"}:
        words = {"least": _("不限最少人数"), "most": _("不限最多人数"), "leader": _("不要求兼任")}
        return rule.code, words[rule.code]
    if rule.code in {"members", "formal", "hubs", "people"}:
        return "groups", _("少划一组")
    return "", ""


def _gaps(regrouping: Regrouping) -> list[tuple[str, str]]:
    return [(gap.sentence, _fill_in(gap.code, regrouping)) for gap in gaps_of(question_of(regrouping))]


def _fill_in(code: str, regrouping: Regrouping) -> str:
    return reverse(FILLED_IN[code], args=[regrouping.pk] if code == "travel" else [])


def _people_of(question: Question) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=question.crew.people).select_related("unit").order_by("name", "pk")


def _compared(first: GroupingProposal, second: GroupingProposal) -> dict[str, Any]:
    a, b = open_proposal(first), open_proposal(second)
    if a is None or b is None:
        raise Http404
    found = compare(b.problem, a.assignment, b.assignment)
    names = group_names(a), group_names(b)
    rows = [
        (_("组数"), str(found.first.groups), str(found.second.groups)),
        (_("能单独管一片的组"), str(found.first.alone), str(found.second.alone)),
        (_("不合的规定"), str(found.first.broken), str(found.second.broken)),
        (_("人均路程（分）"), tenths(found.first.minutes_e1), tenths(found.second.minutes_e1)),
        (_("要换组的人"), str(found.first.moves), str(found.second.moves)),
        *(
            (
                _("%(name)s偏差") % {"name": _(DIMENSION_NAMES[one])},
                percent(found.first.uneven_e4.get(one, 0)),
                percent(found.second.uneven_e4[one]),
            )
            for one in Dimension
            if one in found.second.uneven_e4
        ),
        (_("总代价"), str(found.first.objective), str(found.second.objective)),
    ]
    people = [
        (b.people[member.id], first_name, second_name)
        for member in b.problem.members
        for first_name, second_name in [(_named(names[0], a, member.id), _named(names[1], b, member.id))]
        if first_name != second_name
    ]
    return {
        "a": first, "b": second, "a_name": letter_name(first), "b_name": letter_name(second), "rows": rows,
        "people": people, "sizes": _sizes(a, b, names),
    }  # fmt: skip


def _named(names: list[str], opened: Arrangement, member: int) -> str:
    at = opened.assignment.where.get(member)
    return "—" if at is None else names[at]


def _sizes(
    a: Arrangement, b: Arrangement, names: tuple[list[str], list[str]]
) -> list[list[tuple[str, int, int, bool]]]:
    return [
        [
            (name, figures.size, figures.formal, figures.alone)
            for name, figures in zip(some, one.judgement.groups, strict=True)
        ]
        for some, one in ((names[0], a), (names[1], b))
    ]
