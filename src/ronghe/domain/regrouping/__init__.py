"""Splitting a branch into groups that can each run a region alone."""
