"""现场三会: what an actor may see."""
