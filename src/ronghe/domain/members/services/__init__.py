"""What people may do with what is known about them, and what their leaders confirm."""
