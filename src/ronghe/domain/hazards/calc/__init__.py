"""隐患和违章: plain arithmetic."""
