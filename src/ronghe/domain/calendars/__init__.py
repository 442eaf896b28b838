"""日历: what is owed and planned, day by day, and the feed that a phone subscribes to. See docs/subjects/calendars.md."""
