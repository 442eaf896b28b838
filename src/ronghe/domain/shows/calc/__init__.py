"""三亮四比一创建: arithmetic without Django."""
