"""日历: closed lists."""
