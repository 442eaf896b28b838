"""项目攻关临时党小组: plain functions on plain values."""
