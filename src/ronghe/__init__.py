"""融合: grassroots Party-building and production as one piece of work."""
