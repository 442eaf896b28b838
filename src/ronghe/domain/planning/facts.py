"""四同: what the room records."""
