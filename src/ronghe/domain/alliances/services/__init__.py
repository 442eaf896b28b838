"""Acts of the room of alliances."""
