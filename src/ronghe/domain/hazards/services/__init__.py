"""隐患和违章: services."""
