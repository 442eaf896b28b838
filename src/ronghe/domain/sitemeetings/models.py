"""现场三会: what the room keeps."""
