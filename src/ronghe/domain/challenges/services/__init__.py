"""揭榜挂帅: posting, bidding, judging, carrying out."""
