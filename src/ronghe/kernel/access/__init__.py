"""Who may do what to what: accounts, log-in, permissions answered both ways, and the record of looks."""
