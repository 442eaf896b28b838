"""Gaps, the map, who is named for whom and how long a level has: plain functions on plain values."""
