"""公文: what the room records."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Whole, declare
from ronghe.kernel.words import N_

PAPER_DRAFTED = declare("papers.drafted", N_("起草公文"), attributes={"kind": Code()})
PAPER_DISCARDED = declare("papers.discarded", N_("删去公文草稿"), attributes={"kind": Code()})
PAPER_ISSUED = declare("papers.issued", N_("印发公文"), attributes={"kind": Code(), "recipients": Whole()})
PAPER_WITHDRAWN = declare("papers.withdrawn", N_("撤回公文"), attributes={"kind": Code()})
PAPER_RECEIVED = declare("papers.received", N_("签收公文"), attributes={"kind": Code()})
