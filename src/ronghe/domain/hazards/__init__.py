"""隐患和违章: two kinds of work item, what each has beyond other items, and how many violations somebody has."""
