"""进度计划: what is built when, how far it is, what it costs. See docs/subjects/schedule.md."""
