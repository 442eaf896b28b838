"""Paper ballots beside the phones: handed out by name, counted by one person, checked by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from ronghe.domain.ballots.calc import urn
from ronghe.domain.ballots.enums import BallotState, VoterWay
from ronghe.domain.ballots.facts import PAPER_TAKEN_BACK, PAPERS_CHECKED, PAPERS_HANDED, PAPERS_TOLD
from ronghe.domain.ballots.models import Ballot, BallotPapers, BallotVoter
from ronghe.domain.ballots.rules import CHECK_PAPERS, RUN_BALLOT
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_


class PapersClosed(DomainError):
    code = "papers_closed"
    sentence = N_("“%(title)s”的状态是“%(state)s”，纸票不能再动。")


class NoPaperFor(DomainError):
    code = "no_paper_for"
    sentence = N_("%(name)s已经投票，或不在名单里，不能再发纸票。")


class NoPaperToTakeBack(DomainError):
    code = "no_paper_to_take_back"
    sentence = N_("%(name)s没有领纸票，不用收回。")


class PapersDoNotAdd(DomainError):
    code = "papers_do_not_add"
    sentence = N_("“%(item)s”的纸票共 %(votes)s 张，发出的只有 %(papers)s 张，请核对。")
    status = 422


class OnePaperAlone(DomainError):
    code = "one_paper_alone"
    sentence = N_("只发出 1 张纸票，录入的人一看就知道是谁投的。请再发给一人，或收回后请本人用手机投。")


class PapersShapeless(DomainError):
    code = "papers_shapeless"
    sentence = N_("每一项、每个选项都要填纸票张数，没有的填 0。")
    status = 422


class CheckedByTeller(NotAllowed):
    code = "checked_by_teller"
    sentence = N_("纸票由您录入，须另一个人复核。")


class NothingToCheck(DomainError):
    code = "nothing_to_check"
    sentence = N_("还没有录入纸票，或已经复核过。")


class PapersNotChecked(DomainError):
    code = "papers_not_checked"
    sentence = N_("发出了 %(papers)s 张纸票，还没有录入并由另一人复核，不能计票。")


@transaction.atomic
def hand_papers(*, ballot: Ballot, voters: Iterable[Person], actor: Person, at: datetime) -> int:
    """Hand paper ballots to voters on the list, who then do not vote on the phone; return how many.

    A count that was entered before no longer holds.

    :raises NoPaperFor: somebody has voted, holds a paper, or is not on the list
    :raises PapersClosed: the ballot is counted or void
    """
    RUN_BALLOT.require(actor, ballot, at=at)
    _lock_open(ballot)
    people = {person.pk: person for person in voters}
    for person in people.values():
        waiting = BallotVoter.objects.filter(ballot=ballot, person=person, way=VoterWay.WAITING)
        if not waiting.update(way=VoterWay.PAPER):
            raise NoPaperFor(name=person.name)
    BallotPapers.objects.filter(ballot=ballot).delete()
    if people:
        attributes = {"voters": len(people)}
        record(Draft(PAPERS_HANDED, at, actor, body=ballot.body_id, attributes=attributes, source=ballot))
    return len(people)


@transaction.atomic
def take_back_paper(*, ballot: Ballot, voter: Person, actor: Person, at: datetime) -> None:
    """Take back a paper handed out by mistake: the voter may vote on the phone again, and papers are counted anew.

    :raises NoPaperToTakeBack: the voter holds none
    :raises PapersClosed: the ballot is counted or void
    """
    RUN_BALLOT.require(actor, ballot, at=at)
    _lock_open(ballot)
    held = BallotVoter.objects.filter(ballot=ballot, person=voter, way=VoterWay.PAPER)
    if not held.update(way=VoterWay.WAITING):
        raise NoPaperToTakeBack(name=voter.name)
    BallotPapers.objects.filter(ballot=ballot).delete()
    record(Draft(PAPER_TAKEN_BACK, at, actor, body=ballot.body_id, attributes={"voters": 1}, source=ballot))


@transaction.atomic
def tell_papers(*, ballot: Ballot, counts: Mapping[int, Sequence[int]], actor: Person, at: datetime) -> BallotPapers:
    """Enter what the papers say: item number → votes in the order of the choices; the rest of the papers is invalid.

    Entered again, it replaces the first count and has to be checked anew.

    :raises PapersShapeless: an item is missing, or a choice of it, or a number below zero
    :raises PapersDoNotAdd: more votes for an item than papers were handed out
    :raises OnePaperAlone: a single paper, of whom everybody knows who filled it in, unless the result is declared anyhow
    :raises PapersClosed: the ballot is counted or void
    """
    RUN_BALLOT.require(actor, ballot, at=at)
    fresh = _lock_open(ballot)
    papers = _papers_out(fresh)
    if papers == 1 and fresh.least_shown > 1:
        raise OnePaperAlone
    told: list[tuple[int, ...]] = []
    items = list(fresh.items.order_by("number"))
    if set(counts) != {item.number for item in items}:
        raise PapersShapeless
    for item in items:
        row = tuple(counts[item.number])
        if len(row) != len(fresh.choices) or any(votes < 0 for votes in row):
            raise PapersShapeless
        if sum(row) > papers:
            raise PapersDoNotAdd(item=item.title, votes=sum(row), papers=papers)
        told.append(row)
    kept, _is_new = BallotPapers.objects.update_or_create(
        ballot=fresh,
        defaults={"sealed": seal_text(urn.pack(tuple(told))), "teller": actor, "told_at": at, "checker": None,
                  "checked_at": None},
    )  # fmt: skip
    record(Draft(PAPERS_TOLD, at, actor, body=ballot.body_id, attributes={"papers": papers}, source=ballot))
    return kept


@transaction.atomic
def check_papers(*, ballot: Ballot, actor: Person, at: datetime) -> BallotPapers:
    """Say that the entered papers are right: somebody else than who entered them, on the list or a leader of the body.

    :raises CheckedByTeller: the same person
    :raises NothingToCheck: nothing was entered, or it is checked already
    :raises PapersClosed: the ballot is counted or void
    """
    CHECK_PAPERS.require(actor, ballot, at=at)
    _lock_open(ballot)
    kept = BallotPapers.objects.filter(ballot=ballot, checker=None).first()
    if kept is None:
        raise NothingToCheck
    if kept.teller_id == actor.pk:
        raise CheckedByTeller
    kept.checker, kept.checked_at = actor, at
    kept.save(update_fields=["checker", "checked_at"])
    attributes = {"papers": _papers_out(ballot)}
    record(Draft(PAPERS_CHECKED, at, actor, body=ballot.body_id, attributes=attributes, source=ballot))
    return kept


def papers_told(ballot: Ballot) -> urn.Counts | None:
    """Return what was entered, for whoever checks it; `None` where nothing is."""
    kept = BallotPapers.objects.filter(ballot=ballot).first()
    if kept is None or kept.sealed is None:
        return None
    return urn.unpack(open_text(kept.sealed), choices=len(ballot.choices))


def checked_papers(ballot: Ballot) -> urn.Counts:
    """Return the checked sums of the papers and forget them: the ballot is being counted.

    :raises PapersNotChecked: not entered, or not checked
    """
    kept = BallotPapers.objects.filter(ballot=ballot, checker__isnull=False).first()
    if kept is None or kept.sealed is None:
        raise PapersNotChecked(papers=_papers_out(ballot))
    counts = urn.unpack(open_text(kept.sealed), choices=len(ballot.choices))
    kept.sealed = None
    kept.save(update_fields=["sealed"])
    return counts


def _papers_out(ballot: Ballot) -> int:
    return BallotVoter.objects.filter(ballot=ballot, way=VoterWay.PAPER).count()


def _lock_open(ballot: Ballot) -> Ballot:
    fresh = Ballot.objects.select_for_update().get(pk=ballot.pk)
    if fresh.state != BallotState.OPEN:
        raise PapersClosed(title=fresh.title, state=fresh.get_state_display())
    return fresh
