"""Who may do what here: 流动党员."""
