"""三亮四比一创建: badges and consent, standards of posts, campaigns."""
