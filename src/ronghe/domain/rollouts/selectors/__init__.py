"""What an actor may see of roll-outs, and what is computed about them."""
