"""Plain values of the members' room."""
