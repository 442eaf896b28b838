"""Terms of office, elections, by-elections, and the three ways of counting votes that are never mixed."""
