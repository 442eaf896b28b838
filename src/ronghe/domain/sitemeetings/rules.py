"""现场三会: who may do what."""
