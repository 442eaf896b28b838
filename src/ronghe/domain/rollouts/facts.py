"""推广: what the room records."""
