"""工作事项: one list, one page and one form for every kind; a kind's own subject adds what only it has."""
