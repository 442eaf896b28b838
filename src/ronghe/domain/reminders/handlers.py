"""What cannot wait until the day's message: somebody is called up. Written with the call, sent right after it."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.carriers.facts import CALLED
from ronghe.domain.carriers.models import CallUp
from ronghe.domain.reminders.services.sending import queue_urgent
from ronghe.domain.reminders.tasks import send_urgent
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact
from ronghe.kernel.words import _


@on_fact(CALLED)
def _called(fact: Fact) -> None:
    """Tell everybody on the roster who was not told yet; a reversal, when a false alarm is called off, tells nobody."""
    if fact.source_id is None or fact.reverses is not None:
        return
    call = CallUp.objects.get(pk=fact.source_id)
    rally_at = timezone.localtime(call.rally_at)
    given = {
        "occasion": call.get_occasion_display(), "place": call.place, "rally": call.rally_place,
        "time": f"{rally_at:%m-%d %H:%M}",
    }  # fmt: skip
    people = list(call.roster.order_by().values_list("person_id", flat=True))
    queued = queue_urgent(
        key=f"carriers.callup:{call.pk}", people=people, at=fact.occurred_at,
        subject=_("紧急集结：%(occasion)s，%(place)s") % given,
        text=_("%(time)s 到%(rally)s集合，请打开“今日”应答：来，还是来不了。") % given,
    )  # fmt: skip
    if queued:
        send_urgent.enqueue()
