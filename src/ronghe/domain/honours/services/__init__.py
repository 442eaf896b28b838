"""荣誉: one function an act."""
