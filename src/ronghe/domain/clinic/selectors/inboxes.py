"""What waits for somebody in the clinic, told to 今日. Of a sealed case it says no more than that it is one."""

from __future__ import annotations

from ronghe.domain.clinic.selectors.cases import cases_to_take, cases_with_news
from ronghe.domain.clinic.selectors.experts import applications_waiting, invitations_of, visits_to_tell, visits_today
from ronghe.domain.clinic.selectors.pieces import pieces_returned_to, pieces_to_agree, pieces_to_review
from ronghe.kernel.inbox import Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_

_VISIT = Says(what="item__title", who="expert__person__name", where="place", due_at="starts_at", args=("item_id",))
_CASE = Says(what="title", where="body__name", due_at="due_at", since="since")
_PIECE = Says(what="title", where="field__name", since="proposed_at")

INBOXES = (
    Inbox("clinic_visits", N_("今天约好的门诊"), "clinic_visits", visits_today, Topic.MEETING, _VISIT, page="clinic_case",
          weight=Weight.HEAVY, is_owed=True, is_named=False),
    Inbox("clinic_untold", N_("门诊见过面，等您记一下"), "clinic", visits_to_tell, Topic.KNOWING, _VISIT, page="clinic_case",
          is_named=False),
    Inbox("clinic_news", N_("专家门诊有新消息"), "clinic", cases_with_news, Topic.KNOWING, _CASE, page="clinic_case",
          record="items.workitem"),
    Inbox("clinic_waiting", N_("您的专业有人求助，等人接诊"), "clinic", cases_to_take, Topic.DECIDING, _CASE,
          page="clinic_case", record="items.workitem"),
    Inbox("clinic_invitations", N_("推荐您当门诊专家，等您同意"), "clinic", invitations_of, Topic.DECIDING,
          Says(what="body__name", since="named_at"), page="clinic_expert", is_named=False),
    Inbox("clinic_applications", N_("报名坐诊等您同意"), "clinic", applications_waiting, Topic.DECIDING,
          Says(what="person__name", since="named_at"), page="clinic_expert", is_named=False),
    Inbox("clinic_agreeing", N_("您问过的事要写成知识，等您同意"), "clinic", pieces_to_agree, Topic.DECIDING, _PIECE,
          page="clinic_piece"),
    Inbox("clinic_reviews", N_("门诊知识等您审核"), "clinic_reviews", pieces_to_review, Topic.DECIDING, _PIECE,
          page="clinic_piece"),
    Inbox("clinic_returned", N_("门诊知识退回来了"), "clinic", pieces_returned_to, Topic.WORK, _PIECE, page="clinic_piece",
          is_owed=True),
)  # fmt: skip
for one in INBOXES:
    declare_inbox(one)
