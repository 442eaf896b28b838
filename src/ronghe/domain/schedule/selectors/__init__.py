"""What an actor may see of schedules, and what is computed of them."""
