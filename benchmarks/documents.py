"""How much slower is our record of a meeting than the same page written in typst by hand?

    .venv/bin/python benchmarks/documents.py [--count 200]

Both sides set the same meeting record of two pages with the same fonts and a kept compiler, in turn, each time with
other names, so that nothing is answered from memory. Both print a digest at the foot; ours computes it, cleans the texts,
looks for characters without a glyph and breaks the title as well. The QR code, which the page by hand lacks, is timed
apart. Target: ratio 1.5 or less.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from datetime import UTC, datetime
from time import perf_counter

import typst

from ronghe.kernel.documents import AgendaItem, Attendee, FontSet, Speech, meeting_record, render_pdf
from ronghe.kernel.documents.fonts import SHIPPED_FONTS

TARGET = 1.5
MADE_AT = datetime(2026, 7, 3, tzinfo=UTC)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
RARE = "喆堃玥垚昇淼翀骉䶮㛃"
PEOPLE = 16
SPEECH = "三号罐基础浇筑已完成，养护按方案进行，记录每两小时签一次；动火点周边十米内清空可燃物，监护人到位后开工。"

HAND_WRITTEN = """
#set page(width: 210mm, height: 297mm, margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm), footer-descent: 7mm,
  footer: context {{
    let number = counter(page).get().first()
    align(if calc.odd(number) {{ right }} else {{ left }}, pad(x: 14pt, text(font: "Ronghe Song", size: 14pt)[— #number —]))
  }})
#set text(font: ("Ronghe Fang", "Ronghe Fang Rare"), size: 16pt, lang: "zh", region: "cn", fallback: false,
  tracking: -0.2pt, top-edge: 0.38em + 14.5pt, bottom-edge: 0.38em - 14.5pt)
#set par(leading: 0pt, spacing: 0pt, justify: true, first-line-indent: (amount: 2em, all: true))
#let hei(body) = text(font: "Ronghe Hei", body)
#show heading: it => block(spacing: 0pt, sticky: true, hei(text(size: 16pt, weight: "regular", it.body)))
#align(center, text(font: "Ronghe Title", size: 22pt)[{title}])
#v(29pt)
{elements}

{items}
#align(center, hei[到会情况表])
#text(size: 14pt, table(columns: (5fr, 8fr, 18fr, 13fr, 16fr), inset: (x: 0.25em, y: 0pt), stroke: 0.5pt,
  table.header([序号], [姓名], [单位], [职务（岗位）], [到会情况]),
{rows}
))

主持人签名：

记录人签名：
#place(bottom + right, dy: 26mm, text(size: 7.5pt, tracking: 0pt, top-edge: 0.88em, bottom-edge: -0.12em,
  stack(spacing: 0.6em, "内容校验码（SHA-256）", "{digest}", "{digest}")))
"""


def people(number: int) -> list[str]:
    return [SURNAMES[(number + seat) % 20] + RARE[(number * 7 + seat) % 10] for seat in range(PEOPLE)]


def ours(number: int, fonts: FontSet, check_url: str | None = None) -> bytes:
    names = people(number)
    record = meeting_record(
        title=f"第{number}次早碰头会议记录",
        held_from=MADE_AT,
        held_until=MADE_AT,
        place="现场活动室",
        chair=names[0],
        recorder=names[1],
        attendees=[Attendee(name, "第一采油厂第三作业区", "技术员", note="07:28扫码") for name in names],
        observers=names[2:4],
        items=[
            AgendaItem(f"第{item}件事", tuple(Speech(name, SPEECH) for name in names[:2]), resolution=SPEECH)
            for item in (1, 2)
        ],
    )
    return render_pdf(record, fonts=fonts, check_url=check_url, made_at=MADE_AT)


def by_hand(number: int, compiler: typst.Compiler) -> bytes:
    names = people(number)
    values = (
        ("时间", "2026年7月3日0时00分至0时00分"), ("地点", "现场活动室"), ("主持", names[0]), ("记录", names[1]),
        ("应到", "16人"), ("实到", "16人"), ("缺席", "无"), ("列席", "、".join(names[2:4])), ("议题", "第1件事\\ 第2件事"),
    )  # fmt: skip
    elements = "\n\n".join(f"#hei[{label}：]{text}" for label, text in values)
    items = "\n\n".join(
        f"= 第{item}件事\n\n"
        + "\n\n".join(f"#hei[{name}：]{SPEECH}" for name in names[:2])
        + f"\n\n#hei[决议：]{SPEECH}"
        for item in (1, 2)
    )
    rows = "\n".join(
        f"  [{seat}], [{name}], [第一采油厂第三作业区], [技术员], [到会，07:28扫码],"
        for seat, name in enumerate(names, 1)
    )
    source = HAND_WRITTEN.format(
        title=f"第{number}次早碰头会议记录", elements=elements, items=items, rows=rows, digest=f"{number:04} " * 8
    )
    pdf = compiler.compile(input=source.encode(), format="pdf", pdf_standards="a-2u", timestamp=MADE_AT)
    assert isinstance(pdf, bytes)
    return pdf


def timed(act, *arguments) -> float:
    start = perf_counter()
    act(*arguments)
    return perf_counter() - start


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=200)
    count = arguments.parse_args().count
    fonts = FontSet()
    compiler = typst.Compiler(font_paths=[str(SHIPPED_FONTS)], ignore_system_fonts=True)
    first = timed(ours, 0, fonts)
    by_hand(0, compiler)
    pairs = [(timed(ours, number, fonts), timed(by_hand, number, compiler)) for number in range(1, count + 1)]
    our_ms, hand_ms = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    coded = [timed(ours, number, fonts, f"https://ronghe.example/check/{number}") for number in range(count, 2 * count)]
    ratio = our_ms / hand_ms
    print(
        f"first document {first * 1000:.0f} ms; then, median of {count}: ours {our_ms:.1f} ms, by hand {hand_ms:.1f} ms"
    )
    print(f"with a QR code {statistics.median(coded) * 1000:.1f} ms")
    print(f"ratio {ratio:.2f} (target {TARGET} or less)")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
