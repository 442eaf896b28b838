"""主题活动: what the room records."""
