"""What differs between the databases, and nothing outside this room."""
