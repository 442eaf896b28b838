"""组织生活: what the room records. Of a talk only that it was held; never with what words or about what.

`talks_complete` is told once a body's year, when every pair of PM-09 has talked; a talk that is taken back may reverse it.
"""

from __future__ import annotations

from ronghe.domain.partylife.enums import BirthdayWay, OathKind, SiteKind, StudyForm, TalkDoubt, TalkKind
from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

_TALK = choice(*TalkKind.values)
_FORM = choice(*StudyForm.values)
_YEAR = {"year": Whole()}

TALK_HELD = declare("partylife.talk_held", N_("谈心谈话"), attributes={"talk": _TALK, "day": Day()})
TALK_CONFIRMED = declare("partylife.talk_confirmed", N_("确认谈过"), attributes={"talk": _TALK})
TALK_TAKEN_BACK = declare(
    "partylife.talk_taken_back",
    N_("谈心谈话不再计入"),
    attributes={"talk": _TALK, "why": choice(*TalkDoubt.values), "by_other": Flag()},
)
TALKS_COMPLETE = declare(
    "partylife.talks_complete", N_("本年谈心谈话按对谈完"), attributes={"pairs": Whole(), "members": Whole(), **_YEAR}
)
BIRTHDAY_KEPT = declare(
    "partylife.birthday_kept",
    N_("过政治生日"),
    attributes={"way": choice(*BirthdayWay.values), "day": Day(), "people": Whole(), "with_activity": Flag()},
)
BIRTHDAY_WORDS = declare("partylife.birthday_words", N_("写政治生日感言"), attributes=_YEAR)
OATH_TAKEN = declare(
    "partylife.oath_taken",
    N_("宣誓"),
    attributes={"oath": choice(*OathKind.values), "day": Day(), "people": Whole(), "at_site": Flag()},
)
SITE_KEPT = declare("partylife.site_kept", N_("登记红色资源"), attributes={"site": choice(*SiteKind.values)})
SITE_CLOSED = declare("partylife.site_closed", N_("停用红色资源"), attributes={"site": choice(*SiteKind.values)})
SITES_IMPORTED = declare("partylife.sites_imported", N_("导入红色资源"), attributes={"sites": Whole()})
SITE_VISIT_PLANNED = declare("partylife.site_visit_planned", N_("安排到红色资源的活动"), attributes={"day": Day()})
SITE_RATED = declare("partylife.site_rated", N_("评价红色资源"), attributes={"stars": Whole()})
POINT_SET = declare("partylife.point_set", N_("标明现场位置"), attributes={"of": Code()})
CLASS_LISTED = declare("partylife.class_listed", N_("排党史小课堂"), attributes={"day": Day()})
CLASS_CHANGED = declare("partylife.class_changed", N_("改党史小课堂"), attributes={"step": Code()})
CLASS_TOLD = declare("partylife.class_told", N_("讲党史小课堂"), attributes={"day": Day()})
HOURS_CLAIMED = declare(
    "partylife.hours_claimed", N_("登记学时"), measure="hour", attributes={"form": _FORM, "day": Day()}
)
HOURS_CONFIRMED = declare(
    "partylife.hours_confirmed", N_("认定学时"), measure="hour", attributes={"form": _FORM, "day": Day()}
)
HOURS_REFUSED = declare("partylife.hours_refused", N_("学时未认定"), attributes={"form": _FORM})
HOURS_WITHDRAWN = declare("partylife.hours_withdrawn", N_("撤回学时登记"), attributes={"form": _FORM})
HOURS_DISPUTED = declare("partylife.hours_disputed", N_("请更正学时"), attributes=_YEAR)
DISPUTE_ANSWERED = declare("partylife.dispute_answered", N_("答复学时更正"), attributes={"is_upheld": Flag()})
STUDY_RULES_SET = declare("partylife.study_rules_set", N_("设定学时规则"), attributes={"version": Whole()})
