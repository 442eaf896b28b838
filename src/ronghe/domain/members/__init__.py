"""What is kept about a person beyond the roster: skills, mentors, corrections, the member card."""
