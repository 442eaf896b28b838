"""提醒: what an actor may see."""
