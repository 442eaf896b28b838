"""Acts of the room of ballots."""
