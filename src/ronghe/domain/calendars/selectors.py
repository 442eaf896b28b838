"""日历: what an actor may see."""
