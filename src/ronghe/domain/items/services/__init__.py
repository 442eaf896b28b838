"""工作事项: raising, taking steps, noting, changing, people, what time does."""
