"""Acts of the room of planning."""
