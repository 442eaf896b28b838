"""The one place that says which obligations are settled: a match or a waiver stands beside them, or neither does."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.obligations.models import Obligation, ObligationMatch, Waiver

AT_A_TIME = 500


def settle(obligation_ids: Collection[int]) -> None:
    """Bring `is_settled` of these in line with what stands beside them; called where matches or waivers are written."""
    match = Exists(ObligationMatch.objects.filter(obligation=OuterRef("pk")))
    waiver = Exists(Waiver.objects.filter(obligation=OuterRef("pk")))
    wanted = sorted(obligation_ids)
    for start in range(0, len(wanted), AT_A_TIME):
        rows = Obligation.objects.filter(pk__in=wanted[start : start + AT_A_TIME])
        rows.filter(Q(match) | Q(waiver), is_settled=False).update(is_settled=True)
        rows.filter(~match, ~waiver, is_settled=True).update(is_settled=False)


def unmarked() -> Collection[int]:
    """Return the ids whose mark is wrong, in order; nothing unless somebody wrote past the services."""
    match = Exists(ObligationMatch.objects.filter(obligation=OuterRef("pk")))
    waiver = Exists(Waiver.objects.filter(obligation=OuterRef("pk")))
    wrong = Q(is_settled=False) & (Q(match) | Q(waiver)) | Q(is_settled=True) & ~match & ~waiver
    return list(Obligation.objects.filter(wrong).order_by("pk").values_list("pk", flat=True))
