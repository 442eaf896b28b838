"""Acts of the room of rollouts."""
