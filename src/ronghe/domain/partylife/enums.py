"""组织生活: closed lists."""
