"""无记名投票: what the room records."""
