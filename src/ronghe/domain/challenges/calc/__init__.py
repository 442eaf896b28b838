"""揭榜挂帅: plain rules on plain values."""
