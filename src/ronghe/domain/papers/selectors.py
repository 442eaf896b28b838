"""公文: what an actor may see."""
