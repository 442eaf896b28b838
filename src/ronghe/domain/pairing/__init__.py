"""Party group and team as one, and what its one leader may do."""
