"""三亮四比一创建: what an actor, and what anybody with a badge in sight, may read."""
