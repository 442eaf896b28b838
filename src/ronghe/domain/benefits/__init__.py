"""效益账、效益点: an idea, what it is reckoned to save, what it did save, and the book. See docs/subjects/benefits.md."""
