"""Who may do what here: 党员."""
