"""项目攻关临时党小组: what an actor may see."""
