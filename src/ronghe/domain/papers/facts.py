"""公文: what the room records."""
