"""Who puts experts up, asks, answers, keeps hours, and lets a case be told to everybody."""

from __future__ import annotations

from ronghe.domain.clinic.enums import ExpertState, PieceState
from ronghe.domain.clinic.rules.reaches import Agreed, ExpertIn, NotOwn, Shown, Unsealed, Waiting
from ronghe.domain.items.rules import TakingPart
from ronghe.domain.org.rules import LEADERS
from ronghe.domain.org.rules.reaches import ByBody, Own
from ronghe.kernel.access.permissions import Grant, Permission

OPEN_FIELD = Permission("clinic.open_field", Grant(LEADERS, ByBody("pk")))
"""Asked of the body."""
KEEP_FIELD = Permission("clinic.keep_field", Grant(LEADERS, ByBody("body_id")))

PUT_UP = Permission("clinic.put_up", Grant(LEADERS, ByBody("pk")))
"""Asked of the body. Whoever is put up says yes; whoever puts himself up waits for the body."""
SEE_EXPERT = Permission(
    "clinic.see_expert",
    Grant((), Shown("state", ExpertState.ACTIVE)),
    Grant((), Own()),
    Grant(LEADERS, ByBody("body_id")),
)
ACCEPT_INVITATION = Permission("clinic.accept_invitation", Grant((), Own()))
SETTLE_APPLICATION = Permission("clinic.settle_application", Grant(LEADERS, NotOwn(ByBody("body_id"), ("person_id",))))
KEEP_CARD = Permission("clinic.keep_card", Grant((), Own()), Grant(LEADERS, ByBody("body_id")))
"""Words and fields of the card, and ending it."""
KEEP_HOURS = Permission("clinic.keep_hours", Grant((), Own()))
"""Nobody sets hours for somebody else."""

ASK = Permission("clinic.ask")
"""Nobody raises a case by the common way: it needs a thread. Everybody asks with `services.asking`."""
SEE_WAITING = Permission(
    "clinic.see_waiting",
    Grant((), Waiting(ExpertIn("case_sheet__field_id"))),
    Grant(LEADERS, Waiting(ByBody("body_id"))),
)
"""Who reads a question that nobody took: experts of its field, and who has to find somebody. A sealed one: nobody."""
TAKE = Permission(
    "clinic.take",
    Grant((), Waiting(NotOwn(ExpertIn("case_sheet__field_id"), ("raised_by_id",)))),
    Grant((), Own("owner_id")),
)
ADDRESS = Permission("clinic.address", Grant((), Own("raised_by_id")))
"""Ask a certain expert: whoever asked, at any time before the answer."""
HAND_OUT = Permission("clinic.hand_out", Grant(LEADERS, Waiting(ByBody("body_id"))))
"""Find somebody for a question that nobody has taken."""
ANSWER = Permission("clinic.answer", Grant((), Own("owner_id")))
JUDGE = Permission("clinic.judge", Grant((), Own("raised_by_id")))
"""Whether it is solved, and how helpful it was: whoever asked, and nobody else."""
WRITE = Permission("clinic.write", Grant((), Own("owner_id")), Grant((), Own("raised_by_id")), Grant((), TakingPart()))
LET_IN = Permission(
    "clinic.let_in", Grant((), Unsealed(Own("owner_id"))), Grant((), Unsealed(Own("raised_by_id")))
)  # fmt: skip
"""Let others read along. A sealed case is between two."""

MOVE_VISIT = Permission("clinic.move_visit", Grant((), Own("expert__person_id")), Grant((), Own("item__raised_by_id")))
HOLD_VISIT = Permission("clinic.hold_visit", Grant((), Own("expert__person_id")))

PROPOSE = Permission(
    "clinic.propose", Grant((), Unsealed(Own("owner_id"))), Grant((), Unsealed(Own("raised_by_id")))
)  # fmt: skip
"""Asked of the item."""
AGREE = Permission("clinic.agree", Grant((), Own("asker_id")))
INVOLVED = ("expert_id", "asker_id", "written_by_id")
REVIEW = Permission(
    "clinic.review",
    Grant((), Agreed(NotOwn(ExpertIn("field_id"), INVOLVED))),
    Grant(LEADERS, Agreed(NotOwn(ByBody("body_id"), INVOLVED))),
)
"""Another expert of the field or a leader of the body: never who answered, asked or wrote it."""
SEE_PIECE = Permission(
    "clinic.see_piece",
    Grant((), Shown("state", PieceState.PUBLISHED)),
    Grant((), Own("expert_id")),
    Grant((), Own("asker_id")),
    Grant((), Own("written_by_id")),
    Grant((), Agreed(ExpertIn("field_id"))),
    Grant(LEADERS, Agreed(ByBody("body_id"))),
)
WRITE_PIECE = Permission("clinic.write_piece", Grant((), Own("expert_id")), Grant((), Own("written_by_id")))
MARK_OUTDATED = Permission(
    "clinic.mark_outdated",
    Grant((), Own("expert_id")),
    Grant((), Agreed(ExpertIn("field_id"))),
    Grant(LEADERS, Agreed(ByBody("body_id"))),
)
