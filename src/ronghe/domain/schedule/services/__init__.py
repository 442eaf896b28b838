"""Acts of the room of schedules."""
