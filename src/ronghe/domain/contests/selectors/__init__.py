"""劳动竞赛: what an actor may see of it."""
