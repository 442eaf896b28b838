"""提醒: what the room records."""
