"""Score sheets: their shape, their reading, and what can be wrong with them."""

from ronghe.scoring.sheets.check import check_sheet
from ronghe.scoring.sheets.model import Sheet, read_sheet
from ronghe.scoring.sheets.schema import sheet_schema

__all__ = ["Sheet", "check_sheet", "read_sheet", "sheet_schema"]
