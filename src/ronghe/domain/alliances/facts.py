"""党建联盟: what the room records."""
