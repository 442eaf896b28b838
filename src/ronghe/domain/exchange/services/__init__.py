"""Acts of the room of exchange."""
