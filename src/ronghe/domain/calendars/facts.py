"""日历: what the room records."""
