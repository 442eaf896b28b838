"""推广: closed lists."""
