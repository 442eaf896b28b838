"""What a body sets for its part of the grid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.grid.calc.levels import Terms
from ronghe.domain.grid.facts import SETTINGS_CHANGED
from ronghe.domain.grid.models import GridSetting
from ronghe.domain.grid.rules import CHANGE_SETTINGS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

MOST_EMPLOYEES, MOST_DAYS = 30, 60


class SettingOutOfRange(DomainError):
    code = "grid_setting_out_of_range"
    sentence = N_("每名党员联系职工 1 至 %(employees)s 人，各级答复 1 至 %(days)s 个工作日，请改数字。")
    status = 422


@transaction.atomic
def change_settings(*, body: PartyOrg, terms: Terms, actor: Person, at: datetime) -> GridSetting:
    """Set how many employees a member is named for, and how many working days each level has; clocks that run stay.

    :raises SettingOutOfRange: nothing, or more than anybody could mean
    """
    CHANGE_SETTINGS.require(actor, body, at=at)
    days = (terms.member_days, terms.branch_days, terms.general_branch_days, terms.committee_days)
    if not 1 <= terms.employees_per_member <= MOST_EMPLOYEES or not all(1 <= number <= MOST_DAYS for number in days):
        raise SettingOutOfRange(employees=MOST_EMPLOYEES, days=MOST_DAYS)
    setting, _is_new = GridSetting.objects.update_or_create(
        body=body,
        defaults={
            "employees_per_member": terms.employees_per_member, "member_days": terms.member_days,
            "branch_days": terms.branch_days, "general_branch_days": terms.general_branch_days,
            "committee_days": terms.committee_days, "changed_by": actor, "changed_at": at,
        },
    )  # fmt: skip
    record(Draft(SETTINGS_CHANGED, at, actor, body=body.pk, source=setting))
    return setting
