"""现场三会: closed lists."""
