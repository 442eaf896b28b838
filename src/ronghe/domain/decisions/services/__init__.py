"""Acts of the room of decisions."""
