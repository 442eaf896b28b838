"""试算: what other numbers in a run's sheet would make of it, how firm places are, and the draft that comes of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE
from ronghe.domain.appraisal.calc.boards import Board
from ronghe.domain.appraisal.documents import explanation_document
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.boards import barrel_for, shortest_boards
from ronghe.domain.appraisal.selectors.closing import closings_of
from ronghe.domain.appraisal.selectors.differences import difference_as_data, difference_for
from ronghe.domain.appraisal.selectors.explaining import explained_for
from ronghe.domain.appraisal.selectors.peers import peers_as_data, peers_for
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.trends import PERIODS, trend_as_data, trend_for
from ronghe.domain.appraisal.selectors.what_if import firmness_for, knobs_seen_by, trial_for
from ronghe.domain.appraisal.services.drafting import draft_from_what_if
from ronghe.kernel.printing import PaperForm
from ronghe.scoring.exact import text
from ronghe.scoring.what_if import Standing

router = Router(tags=["appraisal"])


class KnobRow(Schema):
    name: str = Field(description="数在评分表里的位置，如 root/items/0/cap")
    owner: str = Field(description="节点或等次的 id")
    word: str
    value: str


class TrialRequest(Schema):
    values: dict[str, str] = Field(description="位置 → 新的数；没写的照旧")


class StandingAnswer(Schema):
    total: str | None
    rank: int | None
    grade: str | None


class MoveRow(Schema):
    subject: str
    name: str
    before: StandingAnswer
    after: StandingAnswer


class GradeMoveRow(Schema):
    before: str | None
    after: str | None
    count: int


class TrialAnswer(Schema):
    changes: dict[str, str] = Field(description="与评分表不同的数")
    count: int
    moved: int
    up: int
    down: int
    open_ties: int
    grades: list[GradeMoveRow]
    items: list[MoveRow] = Field(description="动得最多的在前")
    page: int
    pages: int


class PeerRow(Schema):
    subject: str
    name: str
    total: str
    rank: int
    peers: str = Field(description="哪一档同类")
    members: int | None
    place: int = Field(description="同类中的位次")
    among: int = Field(description="同类有几个")
    low: str
    high: str
    best: int = Field(description="分不出先后的里面最前的位次")
    worst: int


class FirmnessRow(Schema):
    subject: str
    name: str
    total: str
    rank: int
    best: int
    worst: int


class FirmnessAnswer(Schema):
    step: str
    weights: list[str] = Field(description="轮流变动权重的节点")
    count: int
    unsure: int = Field(description="位次可能不同的对象数")
    widest: int
    items: list[FirmnessRow]
    page: int
    pages: int


class SheetDraftAnswer(Schema):
    draft: int
    title: str


class BoardAnswer(Schema):
    id: str
    score: str
    full: str
    median: str = Field(description="同类的中位数")
    gap: str
    peers: int
    kind: str = Field(description="short 补短板、kept 固底板、leading 锻新板")


class ShortRow(BoardAnswer):
    subject: str
    name: str


class BoardsPage(Schema):
    items: list[ShortRow]
    by_board: dict[str, int]
    count: int
    page: int
    pages: int


class CauseRow(Schema):
    id: str
    title: str
    measured: str | None
    missing: str


class BarrelAnswer(Schema):
    boards: list[BoardAnswer]
    shortest: str | None
    causes: list[CauseRow]
    missed: int
    before: BoardAnswer | None = Field(description="同一块板在上一期")
    run_before: int | None


class ClosingRow(Schema):
    id: str
    title: str
    missing: str = Field(description="现在少得的分")
    how: str
    kinds: list[str] = Field(description="哪些事实算数")
    mechanisms: list[str] = Field(description="哪些制度的应办事项算数")


class SideAnswer(Schema):
    value: str
    full: str
    applicable: bool
    measured: str | None
    formula: str


class ChangeRow(Schema):
    id: str
    title: str
    rest: bool = Field(description="封顶、折算、否决或不适用项目的分值：合计与各项之和的差")
    points: str
    why: list[str] = Field(description="measured、rule、applies、new、gone")
    before: SideAnswer | None
    after: SideAnswer | None


class DifferenceAnswer(Schema):
    run_before: int
    run_after: int
    before: str
    after: str
    points: str
    changes: list[ChangeRow]


@router.get(
    "/runs/{run_id}/what-if", response=list[KnobRow], summary="评分表里可以试改的数", operation_id="appraisal_knobs"
)
def run_knobs(request: HttpRequest, run_id: int) -> Any:
    knobs = knobs_seen_by(actor_of(request), _run(request, run_id), timezone.now())
    return [{"name": one.name, "owner": one.owner, "word": one.word, "value": one.value} for one in knobs]


@router.post(
    "/runs/{run_id}/what-if",
    response=TrialAnswer,
    summary="试算：改几个数，谁动、动多少",
    description="不留下任何东西；结果与按改后的评分表完整运行一次相同。",
    operation_id="appraisal_what_if",
)
def run_what_if(request: HttpRequest, run_id: int, wanted: TrialRequest, page: int = Query(1, ge=1)) -> Any:
    start = (page - 1) * PAGE_SIZE
    trial = trial_for(
        actor_of(request), _run(request, run_id), wanted.values, timezone.now(), start=start, limit=PAGE_SIZE
    )
    moves = trial.moves
    return {
        "changes": dict(trial.changes), "count": len(moves), "moved": moves.moved, "up": moves.up, "down": moves.down,
        "open_ties": moves.open_ties, "page": page, "pages": max(1, -(-len(moves) // PAGE_SIZE)),
        "grades": [
            {"before": before, "after": after, "count": times} for (before, after), times in moves.grades.items()
        ],
        "items": [
            {"subject": str(one.move.subject), "name": one.name, "before": _standing(one.move.before),
             "after": _standing(one.move.after)}
            for one in trial.rows
        ],
    }  # fmt: skip


@router.get(
    "/runs/{run_id}/firmness",
    response=FirmnessAnswer,
    summary="位次稳不稳：每项权重轮流上下一点",
    operation_id="appraisal_firmness",
)
def run_firmness(request: HttpRequest, run_id: int, step: str = "0.1", page: int = Query(1, ge=1)) -> Any:
    start = (page - 1) * PAGE_SIZE
    found, rows = firmness_for(
        actor_of(request), _run(request, run_id), timezone.now(), step=step, start=start, limit=PAGE_SIZE
    )
    return {
        "step": text(found.step), "weights": list(found.items), "count": len(found), "unsure": found.unsure,
        "widest": found.widest, "page": page, "pages": max(1, -(-len(found) // PAGE_SIZE)),
        "items": [
            {"subject": str(one.reach.subject), "name": one.name, "total": text(one.reach.total),
             "rank": one.reach.rank, "best": one.reach.best, "worst": one.reach.worst}
            for one in rows
        ],
    }  # fmt: skip


@router.post(
    "/runs/{run_id}/what-if/draft",
    response={201: SheetDraftAnswer},
    summary="把试算的评分表起草成范本的新一版",
    operation_id="appraisal_what_if_draft",
)
def run_what_if_draft(request: HttpRequest, run_id: int, wanted: TrialRequest) -> Any:
    draft = draft_from_what_if(
        run=_run(request, run_id), values=wanted.values, actor=actor_of(request), at=timezone.now()
    )
    return Status(201, {"draft": draft.pk, "title": draft.title})


@router.get("/runs/{run_id}/boards", response=BoardsPage, summary="各单位最短的一块板", operation_id="appraisal_boards")
def run_boards(request: HttpRequest, run_id: int, board: str = "", page: int = Query(1, ge=1)) -> Any:
    start = (page - 1) * PAGE_SIZE
    found = shortest_boards(
        actor_of(request), _run(request, run_id), timezone.now(), board=board, start=start, limit=PAGE_SIZE
    )
    return {
        "items": [{"subject": str(row.subject), "name": row.name, **_board(row.board)} for row in found.rows],
        "by_board": dict(found.by_board), "count": found.count, "page": page,
        "pages": max(1, -(-found.count // PAGE_SIZE)),
    }  # fmt: skip


@router.get(
    "/runs/{run_id}/results/{subject}/boards",
    response=BarrelAnswer,
    summary="一个单位的固底板、补短板、锻新板",
    operation_id="appraisal_barrel",
)
def run_barrel(request: HttpRequest, run_id: int, subject: int) -> Any:
    actor, run, now = actor_of(request), _run(request, run_id), timezone.now()
    found = barrel_for(actor, run, explained_for(actor, run, subject, now), now)
    return {
        "boards": [_board(board) for board in found.boards],
        "shortest": found.shortest.id if found.shortest else None,
        "causes": [
            {"id": cause.id, "title": cause.title, "measured": cause.measured, "missing": text(cause.missing)}
            for cause in found.causes
        ],
        "missed": len(found.missed),
        "before": _board(found.before) if found.before else None,
        "run_before": found.run_before.pk if found.run_before else None,
    }


@router.get(
    "/runs/{run_id}/results/{subject}/difference",
    response=DifferenceAnswer,
    summary="一个对象在两次考评之间差在哪里",
    description="各项的 points 加起来正好是 points。不写 with 时，与被更正的那次比，否则与上一期比。",
    operation_id="appraisal_difference",
)
def run_difference(
    request: HttpRequest, run_id: int, subject: int, other: int | None = Query(None, alias="with")
) -> Any:  # fmt: skip
    found = difference_for(actor_of(request), _run(request, run_id), subject, timezone.now(), other=other)
    return difference_as_data(found)


@router.get(
    "/runs/{run_id}/results/{subject}/closing",
    response=list[ClosingRow],
    summary="各项差多少、怎么补上",
    operation_id="appraisal_closing",
)
def run_closing(request: HttpRequest, run_id: int, subject: int) -> Any:
    explanation = explained_for(actor_of(request), _run(request, run_id), subject, timezone.now())
    return [
        {"id": one.id, "title": one.title, "missing": text(one.missing), "how": one.how, "kinds": list(one.kinds),
         "mechanisms": list(one.mechanisms)}
        for one in closings_of(explanation)
    ]  # fmt: skip


def _board(board: Board) -> dict[str, Any]:
    return {
        "id": board.id, "score": text(board.score), "full": text(board.full), "median": text(board.median),
        "gap": text(board.gap), "peers": board.peers, "kind": board.kind,
    }  # fmt: skip


@router.get(
    "/runs/{run_id}/peers",
    response=list[PeerRow],
    summary="同类和把握",
    description="全部中的位次、同类中的位次、总分多半在哪里、和第几位分不出先后。",
    operation_id="appraisal_peers",
)
def run_peers(request: HttpRequest, run_id: int) -> Any:
    return peers_as_data(peers_for(actor_of(request), _run(request, run_id), timezone.now()))


@router.get(
    "/runs/{run_id}/results/{subject}/trend",
    response=dict[str, Any],
    summary="一个对象的历期走势",
    operation_id="appraisal_trend",
)
def run_trend(request: HttpRequest, run_id: int, subject: int, periods: int = Query(PERIODS, ge=1, le=PERIODS)) -> Any:
    found = trend_for(actor_of(request), _run(request, run_id), subject, timezone.now(), periods=periods)
    return trend_as_data(found)


@router.get(
    "/runs/{run_id}/results/{subject}/explanation/pdf", summary="得分说明 PDF", operation_id="appraisal_explain_pdf"
)
def run_explain_paper(request: HttpRequest, run_id: int, subject: int) -> HttpResponse:
    run = _run(request, run_id)
    document = explanation_document(actor_of(request), run, subject, timezone.now())
    return paper_answer(request, document, PaperForm.PDF, source=run)


def _run(request: HttpRequest, run_id: int) -> Run:
    return run_seen_by(actor_of(request), run_id, timezone.now())


def _standing(standing: Standing) -> dict[str, Any]:
    total = None if standing.total is None else text(standing.total)
    return {"total": total, "rank": standing.rank, "grade": standing.grade}
