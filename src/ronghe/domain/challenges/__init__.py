"""揭榜挂帅: hard problems are posted with terms, teams bid, a panel chooses, milestones are checked and paid for."""
