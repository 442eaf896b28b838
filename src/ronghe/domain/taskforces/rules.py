"""项目攻关临时党小组: who may do what."""
