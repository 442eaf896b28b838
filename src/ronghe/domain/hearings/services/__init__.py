"""Acts of the room of hearings."""
