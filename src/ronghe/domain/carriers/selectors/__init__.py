"""先锋载体 as an actor may see it: carriers, promises, call-ups."""
