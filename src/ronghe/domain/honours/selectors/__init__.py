"""荣誉: what an actor may see of it."""
