"""党建联盟: what an actor may see."""
