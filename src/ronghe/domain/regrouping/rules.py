"""Who may do what here: 划分党小组."""
