"""The three administrators' pages: accounts, locks, seals. None of them sees another's."""
