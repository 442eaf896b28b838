"""Pages of 三亮四比一创建."""
