"""任务: what one person does by a moment, and how it was shown to be done. See docs/subjects/work.md."""
