"""A roster of 100,000 rows, checked and stored, against openpyxl merely reading the sheet.

    python benchmarks/roster.py [rows]

Prints the ratio of the two times (target at most 2), the seconds the database was locked for writing (at most 10),
and the peak memory of the import (at most 500 MB). The import runs in a process of its own, on a fresh SQLite home.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅建国志鹏飞海波宏宇欣雪"
HEAD = ["序号", "姓名", "性别", "身份证号", "出生年月", "民族", "学历", "部门", "班站", "岗位", "工种", "技能等级", "政治面貌",
        "入党时间", "所在党支部", "所在党小组", "联系电话", "备注"]  # fmt: skip


def write_roster(path: Path, rows: int) -> None:
    from openpyxl import Workbook

    from ronghe.domain.org.calc.roster.identity import check_sign

    chance = random.Random(7)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("在册人员")
    sheet.append(["川东北气矿人员花名册"])
    sheet.append(["填报单位：川东北气矿", *[None] * 11, "填报时间：2026年3月"])
    sheet.append(HEAD)
    for at in range(rows):
        born = date(1966 + at % 35, 1 + at % 12, 1 + at % 28)
        serial = at // 100 % 1000
        digits = f"99{at % 10_000:04d}{born:%Y%m%d}{serial:03d}"
        is_member = at % 3 == 0
        area, station = at % 40, at % 1000
        sheet.append([
            at + 1, chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN), "男" if serial % 2 else "女",
            digits + check_sign(digits), chance.choice([f"{born:%Y.%m}", f"{born:%Y-%m-%d}", f"{born.year}年{born.month}月"]),
            "汉族", "本科", f"第{area}作业区", f"第{station}站", "运行岗", "输气工", "高级工",
            "中共党员" if is_member else "群众", f"{born.year + 24}.07" if is_member else None,
            f"第{area}作业区第{station // 40}党支部" if is_member else None, f"第{station % 4}党小组" if is_member else None,
            f"139{at:08d}", None,
        ])  # fmt: skip
    workbook.save(path)


def read_with_openpyxl(path: Path) -> float:
    from openpyxl import load_workbook

    started = time.perf_counter()
    for _row in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True):
        pass
    return time.perf_counter() - started


def import_once(path: Path) -> None:
    """Run in a process of its own, with RONGHE_HOME set: import the file and print what it took."""
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from ronghe.kernel.db.fresh import bring_up_to_date

    bring_up_to_date()
    from ronghe.domain.org.calc.roster.reading import SourceFile
    from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
    from ronghe.domain.org.models import Person
    from ronghe.domain.org.services import rosters
    from ronghe.domain.org.services.people import take_post
    from ronghe.domain.org.services.trees import create_party_org, create_unit

    now = timezone.now()
    since = date(2020, 1, 1)
    company = create_unit(name="川东北气矿", kind=UnitKind.COMPANY, parent=None, since=since, actor=None, at=now)
    body = create_party_org(
        name="川东北气矿党委", kind=PartyOrgKind.COMMITTEE, parent=None, since=since, actor=None, at=now, unit=company
    )
    clerk = Person.objects.create(name="何芳", initials="hf", unit=company, valid_from=since)
    take_post(person=clerk, role=PostRole.COMMITTEE_CLERK, body=body, since=since, actor=None, at=now)
    locked = []
    settle = rosters._settle

    def timed(*args, **options):
        begun = time.perf_counter()
        settle(*args, **options)
        connection.on_commit(lambda: locked.append(time.perf_counter() - begun))

    rosters._settle = timed
    for label in ("first", "again"):
        started = time.perf_counter()
        _roster, done = rosters.import_roster(
            files=[SourceFile(path, path.name)], body=body, actor=clerk, at=timezone.now(), declares_unclassified=True,
            reasons={},
        )  # fmt: skip
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(label, seconds, locked[-1], peak, done.counts["added"], done.counts["unchanged"], sep="\t", flush=True)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_roster(path, rows)
        reference = read_with_openpyxl(path)
        environment = os.environ | {
            "RONGHE_HOME": folder, "DJANGO_SETTINGS_MODULE": "ronghe.config.settings.base", "RONGHE_DATABASE_URL": "",
        }  # fmt: skip
        answer = subprocess.run(
            [sys.executable, __file__, "--import", str(path)],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        print(f"openpyxl reads {rows:,} rows in {reference:.1f} s")
        for line in answer.stdout.splitlines():
            label, seconds, lock, peak, added, unchanged = line.split("\t")
            print(
                f"{label}: {float(seconds):.1f} s, ratio {float(seconds) / reference:.2f} (at most 2), write lock "
                f"{float(lock):.1f} s (at most 10), peak {float(peak):.0f} MB (at most 500), "
                f"added {int(added):,}, unchanged {int(unchanged):,}"
            )


if __name__ == "__main__":
    if "--import" in sys.argv:
        import_once(Path(sys.argv[-1]))
    else:
        main()
