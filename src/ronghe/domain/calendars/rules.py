"""日历: who may do what."""
