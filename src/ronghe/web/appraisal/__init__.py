"""考评: runs, one run, where a score comes from."""
