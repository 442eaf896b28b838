"""离线: what an actor may see."""
