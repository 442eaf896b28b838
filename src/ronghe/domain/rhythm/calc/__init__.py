"""Arithmetic of the rhythm's room: who counts as expected and present, and how long a code is good."""
