"""Acts of the room of task forces."""
