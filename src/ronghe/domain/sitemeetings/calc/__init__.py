"""现场三会: plain functions on plain values."""
