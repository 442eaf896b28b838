"""项目攻关临时党小组: what the room records."""
