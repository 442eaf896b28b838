"""Acts of the zones' room, each module one part of a zone's life."""
