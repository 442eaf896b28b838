"""离线: what the room records."""
