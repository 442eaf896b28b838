"""组织生活: what the room records."""
