"""Who may do what here: 换届."""
