"""Who may do what here: 建制."""
