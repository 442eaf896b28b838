"""What can be wrong with a row, how much it matters, and the sentence that says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from ronghe.kernel.words import N_, _


class Severity(Enum):
    ERROR = "error"
    """Must be corrected in the file."""
    WARNING = "warning"
    """May be right: accepted with a reason, or corrected."""
    NOTICE = "notice"
    """Worth a look; stops nothing."""


SEVERITY_WORDS = {
    Severity.ERROR.value: N_("须改正"),
    Severity.WARNING.value: N_("须核对"),
    Severity.NOTICE.value: N_("供参考"),
}

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

KINDS: dict[str, tuple[Severity, str]] = {
    "name_missing": (E, N_("这一行没有姓名，请补上。")),
    "name_odd": (N, N_("姓名“%(value)s”中有不常见的字符，请核对。")),
    "text_too_long": (E, N_("“%(column)s”超过 %(limit)s 个字，请缩短。")),
    "id_truncated": (E, N_("身份证号存成了数字，后几位已丢失。请把该列设为文本格式，重新填写完整号码。")),
    "id_length": (E, N_("身份证号应为 18 位，这里是 %(length)s 位，请核对。")),
    "id_birth_date": (E, N_("身份证号第 7 至 14 位不是有效日期，请核对。")),
    "id_check_digit": (W, N_("身份证号 %(number)s 最后一位校验不符。请核对；号码确实如此的，写明理由后可以接收。")),
    "id_not_resident": (W, N_("证件号 %(number)s 不是居民身份证号。确为其他证件的，写明理由后可以接收。")),
    "id_conflict": (E, N_("身份证号 %(number)s 与第 %(other_row)s 行（%(other)s）相同，但姓名不同，请核对。")),
    "staff_number_conflict": (
        E,
        N_("员工编号 %(number)s 与第 %(other_row)s 行（%(other)s）相同，但不是同一人，请核对。"),
    ),
    "duplicate_row": (W, N_("与第 %(other_row)s 行是同一人，这一行不再计入。")),
    "same_name_and_birth": (N, N_("与第 %(other_row)s 行姓名、出生日期相同。请核对是否同一人。")),
    "gender_unknown": (W, N_("性别“%(value)s”认不出来，请填男或女。")),
    "gender_differs": (W, N_("性别与身份证号第 17 位不一致，请核对。")),
    "birth_differs": (N, N_("出生年月与身份证号不一致，以身份证号为准。")),
    "date_unreadable": (E, N_("“%(column)s”的“%(value)s”不是能读的日期，请写成 2021-07 或 2021-07-01。")),
    "date_in_future": (E, N_("“%(column)s”的“%(value)s”晚于今天，请核对。")),
    "joined_under_18": (W, N_("入党时不满 18 周岁（PD-01），请核对出生日期和入党时间。")),
    "joined_missing": (N, N_("是党员，但没有填入党时间。")),
    "joined_without_status": (W, N_("填了入党时间，但政治面貌不是党员，请核对。")),
    "probation_overrun": (W, N_("预备期从 %(since)s 起已满一年（PD-08），仍填为预备党员。请核对是否已转正或延长。")),
    "status_unknown": (W, N_("政治面貌“%(value)s”认不出来，请核对。")),
    "employment_unknown": (N, N_("用工形式“%(value)s”认不出来，按原文保存。")),
    "role_unknown": (W, N_("参建角色“%(value)s”认不出来，请核对。")),
    "post_unknown": (N, N_("党内职务“%(value)s”认不出来，不记入任职。")),
    "post_without_membership": (W, N_("担任党内职务，但政治面貌不是党员，请核对。")),
    "post_not_yours": (N, N_("党内职务由上级党组织任命，这次导入不写入任职，可请党群部门导入。")),
    "phone_unreadable": (N, N_("联系电话“%(value)s”不是 11 位手机号或带区号的座机号。")),
    "unit_missing": (W, N_("没有填单位，也没有填班站。")),
    "person_conflict": (E, N_("名册中有人员编号相同而身份证号不同，或身份证号相同而姓名不同，请核对。")),
    "person_ambiguous": (E, N_("名册中有几个同单位、同名、同出生年月的人，请补上员工编号或身份证号。")),
    "person_elsewhere": (E, N_("这个人已在您管理范围以外的单位在册，请先由原单位办理转出。")),
    "branch_elsewhere": (E, N_("党支部“%(value)s”不在您选的党组织之下，请核对名称，或改由上级党组织导入。")),
    "formula_without_value": (E, N_("单元格是公式，文件里没有存计算结果。请用 Excel 或 WPS 打开，保存后再选。")),
    "cell_error": (E, N_("单元格是公式错误 %(value)s，请改正。")),
}


SHORT: dict[str, str] = {
    "name_missing": N_("没有姓名"),
    "name_odd": N_("姓名字符"),
    "text_too_long": N_("文字过长"),
    "id_truncated": N_("身份证号被截断"),
    "id_length": N_("身份证号位数"),
    "id_birth_date": N_("身份证号日期"),
    "id_check_digit": N_("身份证号校验"),
    "id_not_resident": N_("其他证件号"),
    "id_conflict": N_("身份证号冲突"),
    "staff_number_conflict": N_("员工编号冲突"),
    "duplicate_row": N_("重复的行"),
    "same_name_and_birth": N_("同名同生日"),
    "gender_unknown": N_("性别认不出"),
    "gender_differs": N_("性别不一致"),
    "birth_differs": N_("出生不一致"),
    "date_unreadable": N_("日期读不出"),
    "date_in_future": N_("日期晚于今天"),
    "joined_under_18": N_("入党不满 18"),
    "joined_missing": N_("缺入党时间"),
    "joined_without_status": N_("非党员有入党时间"),
    "probation_overrun": N_("预备期超期"),
    "status_unknown": N_("政治面貌认不出"),
    "employment_unknown": N_("用工形式认不出"),
    "role_unknown": N_("参建角色认不出"),
    "post_unknown": N_("党内职务认不出"),
    "post_without_membership": N_("非党员有党内职务"),
    "post_not_yours": N_("职务须上级任命"),
    "phone_unreadable": N_("电话读不出"),
    "unit_missing": N_("没有单位"),
    "person_conflict": N_("与名册冲突"),
    "person_ambiguous": N_("名册中有几人"),
    "person_elsewhere": N_("在其他单位"),
    "branch_elsewhere": N_("支部不在范围"),
    "formula_without_value": N_("公式无结果"),
    "cell_error": N_("公式错误"),
}
"""The code in two words, for badges and labels."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` counts as in Excel; `column` is the head word in the file."""

    file: str
    sheet: str
    row: int
    column: str
    code: str
    severity: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def problem(code: str, *, file: str, sheet: str, row: int, column: str, **values: Any) -> Problem:
    """Return the finding `code` at a place, with its sentence filled in."""
    severity, sentence = KINDS[code]
    text = _(sentence)
    message = text % {"column": column, **values} if "%(" in text else text
    return Problem(file, sheet, row, column, code, severity.value, message)
