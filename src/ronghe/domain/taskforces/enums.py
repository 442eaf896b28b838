"""项目攻关临时党小组: closed lists."""
