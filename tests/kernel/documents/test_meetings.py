from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from ronghe.kernel.documents import (
    AgendaItem,
    Attendee,
    Heading,
    Imprint,
    Labelled,
    Paragraph,
    Signature,
    Signatures,
    Speech,
    Table,
    Vote,
    meeting_record,
    meeting_summary,
    render_pdf,
)

SHANGHAI = timezone(timedelta(hours=8))
ATTENDEES = (
    Attendee("王喆", "第三作业区", "区长", note="07:28本人手机签到"),
    Attendee("李堃", "油建公司", "项目经理", note="主持人代记，记录人周淼"),
    Attendee("郑骉", "检测公司", "检测员", present=False, reason="病假"),
    Attendee("冯䶮", "设计院", present=False),
)
ITEM = AgendaItem(
    "今日动火作业",
    (Speech("李堃", "监护人已到位。"), Speech("王喆", "九时开工。")),
    Vote("举手表决", entitled=4, yes=2, no=1, abstained=0, outcome="未通过"),
    "明日再议。",
)


def huddle(**changes):
    values = {
        "title": "早碰头会议记录",
        "held_from": datetime(2026, 7, 3, 7, 30, tzinfo=SHANGHAI),
        "held_until": datetime(2026, 7, 3, 7, 52, tzinfo=SHANGHAI),
        "place": "现场活动室",
        "chair": "王喆",
        "recorder": "周淼",
        "attendees": ATTENDEES,
        "observers": ("吴翀",),
        "items": (ITEM,),
    }
    return meeting_record(**(values | changes))


def elements(document):
    return {block.label: block.text for block in document.blocks if isinstance(block, Labelled)}


def test_record_has_every_element_of_pm14():
    assert elements(huddle()) == {
        "时间": "2026年7月3日7时30分至7时52分",
        "地点": "现场活动室",
        "主持": "王喆",
        "记录": "周淼",
        "应到": "4人",
        "实到": "2人",
        "缺席": "2人，郑骉（病假）；冯䶮（未说明原因）",
        "列席": "吴翀",
        "议题": "今日动火作业",
    }


def test_record_of_an_item_has_speeches_vote_and_resolution_pm14():
    blocks = huddle().blocks
    start = blocks.index(Heading("今日动火作业"))

    assert blocks[start + 1 : start + 5] == (
        Paragraph("监护人已到位。", lead="李堃："),
        Paragraph("九时开工。", lead="王喆："),
        Paragraph("举手表决，应到会有表决权4人，赞成2票，反对1票，弃权0票，未通过。", lead="表决："),
        Paragraph("明日再议。", lead="决议："),
    )


def test_record_without_items_observers_or_absences_says_so_pm14():
    said = elements(huddle(items=(), observers=(), attendees=ATTENDEES[:2]))

    assert (said["缺席"], said["列席"], said["议题"]) == ("无", "无", "无")


def test_record_lists_several_items_by_number():
    assert elements(huddle(items=(AgendaItem("甲"), AgendaItem("乙"))))["议题"] == "1. 甲\n2. 乙"


def test_record_still_open_or_past_midnight_says_when():
    assert elements(huddle(held_until=None))["时间"] == "2026年7月3日7时30分"
    night = huddle(held_until=datetime(2026, 7, 4, 0, 10, tzinfo=SHANGHAI))
    assert elements(night)["时间"] == "2026年7月3日7时30分至2026年7月4日0时10分"


def test_attendance_table_keeps_order_and_says_who_ticked_whom_pm15():
    (table,) = (block for block in huddle().blocks if isinstance(block, Table))

    assert [column.head for column in table.columns] == ["序号", "姓名", "单位", "职务（岗位）", "到会情况"]
    assert table.rows == (
        ("1", "王喆", "第三作业区", "区长", "到会，07:28本人手机签到"),
        ("2", "李堃", "油建公司", "项目经理", "到会，主持人代记，记录人周淼"),
        ("3", "郑骉", "检测公司", "检测员", "缺席，病假"),
        ("4", "冯䶮", "设计院", "", "缺席，未说明原因"),
    )


def test_record_ends_with_a_line_for_each_signature_or_how_it_was_signed():
    assert huddle().blocks[-1] == Signatures((Signature("主持人签名"), Signature("记录人签名")))
    signed = huddle(recorder_signed="电子签名，2026年7月3日8时").blocks[-1]
    assert signed.lines[1] == Signature("记录人签名", "周淼", "电子签名，2026年7月3日8时")


def test_record_has_no_red_head_number_or_imprint(measure):
    record = huddle()

    assert (record.head, record.imprint, record.issuer, record.show_date) == (None, None, "", False)
    pdf = measure(render_pdf(record))
    colors = {letter["non_stroking_color"] for page in range(pdf.page_count) for letter in pdf.characters(page)}
    assert colors == {(0.0,)}


def test_huddle_of_two_hundred_people_prints_every_name(measure):
    people = tuple(Attendee(f"王喆{number}", "第三作业区") for number in range(1, 201))
    text = measure(render_pdf(huddle(attendees=people))).text()

    assert all(f"{number}王喆{number}第三作业区到会" in text for number in range(1, 201))


def test_summary_has_red_head_names_after_the_text_and_imprint_dl06():
    summary = meeting_summary(
        mark="党建协作区联席会议纪要",
        number="南一联建〔2026〕8号",
        title="第二次联席会议纪要",
        issuer="党建协作区",
        issued_on=date(2026, 7, 5),
        body=(Paragraph("会议研究了三件事。"),),
        attended=("王喆", "李堃"),
        on_leave=("郑骉",),
        copies_to=("第一采油厂党委",),
    )

    assert summary.head.mark == "党建协作区联席会议纪要"
    assert summary.blocks == (
        Paragraph("会议研究了三件事。"),
        Labelled("出席", "王喆、李堃"),
        Labelled("请假", "郑骉"),
    )
    assert summary.imprint == Imprint("党建协作区", date(2026, 7, 5), ("第一采油厂党委",))
    assert summary.dated == date(2026, 7, 5)
