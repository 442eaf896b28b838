"""今日 on the page: one ordered list with its acts, and how much lies on whom."""
