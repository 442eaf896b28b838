"""组织生活: what an actor may see."""
