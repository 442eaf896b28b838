"""攻关: tasks and their evidence."""
