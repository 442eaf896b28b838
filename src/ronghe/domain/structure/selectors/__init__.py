"""The trees as they stand on a day, bodies, acts and what they would do, stations."""
