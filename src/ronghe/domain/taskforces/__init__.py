"""项目攻关临时党小组: difficult points with the four fixes. See docs/subjects/taskforces.md."""
