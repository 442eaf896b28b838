"""四同: what an actor may see."""
