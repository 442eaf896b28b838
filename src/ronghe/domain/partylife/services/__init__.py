"""Acts of the room of partylife."""
