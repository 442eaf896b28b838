"""主题活动: what an actor may see."""
