"""组织生活会与民主评议: arithmetic without Django."""
