"""推广: what an actor may see."""
