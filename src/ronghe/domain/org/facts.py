"""What the organization's room records. No names: a person is a token, an edit names its fields."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

UNIT_CREATED = declare("org.unit_created", N_("设立行政单位"), attributes={"unit_kind": Code()})
UNIT_MOVED = declare("org.unit_moved", N_("调整行政隶属"))
PARTY_ORG_CREATED = declare("org.party_org_created", N_("设立党组织"), attributes={"org_kind": Code()})
PARTY_ORG_MOVED = declare("org.party_org_moved", N_("调整党组织隶属"))
PERSON_ADDED = declare("org.person_added", N_("人员入册"), attributes={"political_status": Code()})
PERSON_EDITED = declare("org.person_edited", N_("人员信息更新"), attributes={"fields": Code(), "count": Whole()})
MEMBERSHIP_STARTED = declare("org.membership_started", N_("编入党组织"), attributes={"membership": Code()})
MEMBERSHIP_ENDED = declare("org.membership_ended", N_("离开党组织"), attributes={"membership": Code()})
GROUP_CHANGED = declare("org.group_changed", N_("调整党小组"))
STATUS_CHANGED = declare(
    "org.status_changed", N_("政治面貌变更"), attributes={"political_status": Code(), "since": Day()}
)
VOTING_BARRED = declare("org.voting_barred", N_("中止表决权"))
VOTING_RESTORED = declare("org.voting_restored", N_("恢复表决权"))
STATION_MODE_CHANGED = declare(
    "org.station_mode_changed", N_("调整站场值守方式"), attributes={"staffing": Code(), "is_hub": Flag()}
)
POST_TAKEN = declare("org.post_taken", N_("任职"), attributes={"role": Code()})
POST_LEFT = declare("org.post_left", N_("免职"), attributes={"role": Code()})
ACCOUNT_OPENED = declare("org.account_opened", N_("开通账号"))
ACCOUNT_UNLOCKED = declare("org.account_unlocked", N_("解锁账号"))
ROSTER_DECLARED = declare("org.roster_declared", N_("声明花名册不涉密"), attributes={"files": Whole()})
ROSTER_IMPORTED = declare(
    "org.roster_imported",
    N_("导入花名册"),
    attributes={
        "rows": Whole(),
        "people": Whole(),
        "added": Whole(),
        "changed": Whole(),
        "units": Whole(),
        "bodies": Whole(),
        "memberships": Whole(),
        "posts": Whole(),
        "certificates": Whole(),
        "accepted": Code(),
    },
)
ROSTER_COMPARED = declare(
    "org.roster_compared", N_("比对花名册"), attributes={"people": Whole(), "differences": Whole()}
)
DIFFERENCES_TAKEN = declare("org.differences_taken", N_("采用名单内容"), attributes={"count": Whole()})
DIFFERENCES_DISMISSED = declare("org.differences_dismissed", N_("不采用名单内容"), attributes={"count": Whole()})
PERSON_LEFT = declare("org.person_left", N_("离开单位"))
