"""Who may do what here: 联系点."""
