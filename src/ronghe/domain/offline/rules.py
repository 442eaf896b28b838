"""离线: who may do what."""
