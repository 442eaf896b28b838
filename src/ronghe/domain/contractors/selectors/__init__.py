"""Companies and workers as an actor may see them, what bars entry, who is on site, what is to be checked."""
