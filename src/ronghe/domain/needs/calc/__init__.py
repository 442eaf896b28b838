"""精准问需: plain rules on plain values."""
