"""今日: what one person owes from every room, in one order, and how much lies on whom."""
