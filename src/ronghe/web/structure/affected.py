"""What else hangs on the bodies of an act, counted for whoever decides: duties, tasks, zones, pairs, terms."""

from __future__ import annotations

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.pairing.models import GroupTeamLink
from ronghe.domain.structure.enums import ActKind, PartPlace
from ronghe.domain.structure.models import BodyAct
from ronghe.domain.work.enums import UNFINISHED
from ronghe.domain.work.models import Task
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.words import counted

ENDING = frozenset({ActKind.MERGE, ActKind.DISSOLVE, ActKind.CONVERT, ActKind.SPLIT})


def affected_by(act: BodyAct) -> list[str]:
    """Return in words what else is touched by an act that ends or divides bodies; four counts."""
    if act.kind not in ENDING:
        return []
    sources = act.parts.filter(place=PartPlace.SOURCE, body__isnull=False).order_by("number")
    bodies = list(sources.values_list("body_id", flat=True))
    found = {
        "duties": Obligation.objects.filter(body__in=bodies, due_on__gte=act.effective_on).count(),
        "tasks": Task.objects.filter(body__in=bodies, state__in=UNFINISHED).count(),
        "zones": CollaborationZone.objects.filter(body__in=bodies).count(),
        "pairs": GroupTeamLink.objects.filter(group__in=bodies, valid_until=None).count(),
    }
    words = {
        "duties": counted("生效后还有 %(count)s 项应办", found["duties"]),
        "tasks": counted("还有 %(count)s 项任务没办结", found["tasks"]),
        "zones": counted("是 %(count)s 个协作区的共建党支部", found["zones"]),
        "pairs": counted("有 %(count)s 对“两组”共建", found["pairs"]),
    }
    return [words[name] % {"count": count} for name, count in found.items() if count]
