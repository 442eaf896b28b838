"""节拍: huddles and meetings, who came, what was said and decided. See docs/subjects/rhythm.md."""
