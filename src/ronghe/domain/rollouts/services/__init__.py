"""Acts of roll-outs."""
