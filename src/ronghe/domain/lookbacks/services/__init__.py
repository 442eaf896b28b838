"""Acts of the room of look-backs."""
