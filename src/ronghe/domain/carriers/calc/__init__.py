"""先锋载体: arithmetic and declarations without tables."""
