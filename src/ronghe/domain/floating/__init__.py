"""Floating members: found at entry, attached to a zone, their home branch informed, a return slip when they leave."""
