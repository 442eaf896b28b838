"""A clerk brings in a roster: upload, look, accept; the same file again changes nothing."""

from __future__ import annotations

from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import Person
from tests.browser.conftest import DESK
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.kernel.tabular.files import xlsx


def test_roster_from_upload_to_accepting(emptying_here, transactional_db, clock, people, tmp_path):
    area = make_unit("仪陇输气作业区", kind=UnitKind.OPERATION_AREA)
    committee = make_body("仪陇输气作业区党委", kind=PartyOrgKind.COMMITTEE, unit=area)
    clerk = make_person("何芳", unit=area)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    file = xlsx(tmp_path / "花名册.xlsx", [HEAD, MA, HE])

    page = people.comes_in(clerk, size=DESK)
    page.goto("/org/")
    page.get_by_role("link", name="导入花名册").click()
    page.set_input_files("input[type=file]", file)
    page.locator("[name=declares_unclassified]").check()
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/org/roster/*/")
    assert page.get_by_text("马春杰").first.is_visible()
    assert Person.objects.count() == 1

    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("新增人员").first.wait_for()
    assert sorted(Person.objects.exclude(pk=clerk.pk).values_list("name", flat=True)) == ["贺红", "马春杰"]
