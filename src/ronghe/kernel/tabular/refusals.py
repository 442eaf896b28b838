"""Why a file cannot be read as a table. Each says what the file is, or what is wrong, and what to do."""

from __future__ import annotations

from ronghe.kernel.errors import Unreadable
from ronghe.kernel.words import N_


class EmptyFile(Unreadable):
    code = "empty_file"
    sentence = N_("“%(name)s”是空文件，请重新导出后再选。")


class WrongFileType(Unreadable):
    code = "wrong_file_type"
    sentence = N_("“%(name)s”是%(found)s，不是能读的表格。请另存为 .xlsx 或 .csv 后再选。")


class PasswordProtected(Unreadable):
    code = "password_protected"
    sentence = N_("“%(name)s”设了打开密码。请在 Excel 或 WPS 中取消密码，另存后再选。")


class DamagedFile(Unreadable):
    code = "damaged_file"
    sentence = N_("“%(name)s”已损坏或没有下载完整。请用 Excel 或 WPS 打开，另存后再选。")


class FileTooLarge(Unreadable):
    code = "file_too_large"
    sentence = N_("“%(name)s”有 %(size)s MB，超过上限 %(limit)s MB。请按单位拆成几个文件。")


class SuspiciousArchive(Unreadable):
    """Unpacks to far more than a table of its size would: a zip bomb, or made to look like one."""

    code = "suspicious_archive"
    sentence = N_("“%(name)s”解开后大得不正常，没有读取。请用 Excel 或 WPS 打开，只保留需要的工作表，另存后再选。")


class TooManyRows(Unreadable):
    code = "too_many_rows"
    sentence = N_("“%(name)s”的工作表“%(sheet)s”超过 %(limit)s 行。请按单位拆成几个文件。")


class TooManyColumns(Unreadable):
    code = "too_many_columns"
    sentence = N_("“%(name)s”的工作表“%(sheet)s”超过 %(limit)s 列。请删去多余的列后再选。")


class TooManyCells(Unreadable):
    code = "too_many_cells"
    sentence = N_("“%(name)s”的表格范围超过 %(limit)s 个单元格。请删去数据区以外的内容后再选。")


class UnknownEncoding(Unreadable):
    code = "unknown_encoding"
    sentence = N_("“%(name)s”的文字编码认不出来。请用 Excel 或 WPS 打开，另存为 .xlsx 后再选。")


class NoTable(Unreadable):
    code = "no_table"
    sentence = N_("“%(name)s”是网页文件，里面没有表格。请从原系统重新导出，或另存为 .xlsx 后再选。")
