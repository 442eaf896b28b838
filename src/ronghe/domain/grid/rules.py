"""Who may do what here: 网格."""
