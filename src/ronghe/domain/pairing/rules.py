"""Who may do what here: 两组共建."""
