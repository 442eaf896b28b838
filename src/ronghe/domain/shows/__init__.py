"""三亮四比一创建: identity, standard and promise shown; what is compared and created."""
