"""Questionnaires that come with the platform: a draft is one tap away, and every word of it can be changed."""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.domain.surveys.calc.questions import Asked


@dataclass(frozen=True, slots=True)
class Line:
    """A question with its words and section."""

    text: str
    asked: Asked
    section: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A questionnaire by its `id`, which is its purpose too."""

    id: str
    title: str
    intro: str
    lines: tuple[Line, ...]


def _line(number: int, text: str, kind: str, *options: str, rows: tuple[str, ...] = (), needed: bool = True,
          section: str = "") -> Line:  # fmt: skip
    return Line(text, Asked(number, kind, options, rows, needed), section)


TEMPLATES = (
    Template(
        "needs", "需求调查", "花两分钟说说工作里最想改的事，能帮的马上安排。",
        (
            _line(1, "最想解决哪方面", "several", "提升工作效率", "变革管理模式", "数据深度应用", section="想解决什么"),
            _line(2, "哪些事最费时间", "several", "重复填报", "等审批", "来回跑路", "查找资料", "设备故障", "其他",
                  section="想解决什么"),
            _line(3, "这些事每周大约多花几小时", "number", needed=False, section="想解决什么"),
            _line(4, "希望怎么帮", "single", "上门帮扶", "远程指导", "培训", "给工具或权限", section="怎么帮"),
            _line(5, "最想说的一件事", "text", needed=False, section="怎么帮"),
        ),
    ),
    Template(
        "satisfaction", "服务满意度", "请按实际感受打分，5 分最满意。",
        (
            _line(1, "总体满意吗", "scale", section="总体"),
            _line(2, "各方面打几分", "matrix", rows=("响应快慢", "解决程度", "服务态度", "后续跟踪"), section="分项"),
            _line(3, "问题一般多久能解决", "single", "当天", "三天内", "一周内", "更久", "没有解决", section="分项"),
            _line(4, "有什么建议", "text", needed=False, section="建议"),
        ),
    ),
    Template(
        "review", "活动评价", "活动刚结束，请打个分，帮下一次办得更好。",
        (
            _line(1, "总体打几分", "scale"),
            _line(2, "内容对工作有用吗", "single", "很有用", "有些用", "没什么用"),
            _line(3, "时间、地点、组织打几分", "matrix", rows=("时间安排", "地点", "组织")),
            _line(4, "下次想听什么、做什么", "text", needed=False),
        ),
    ),
)  # fmt: skip


def template_called(name: str) -> Template | None:
    """Return the template of this id, `None` where there is none."""
    return next((one for one in TEMPLATES if one.id == name), None)
