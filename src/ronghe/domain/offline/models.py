"""离线: what the room keeps."""
