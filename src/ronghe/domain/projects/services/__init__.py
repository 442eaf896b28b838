"""Acts of the room of projects."""
