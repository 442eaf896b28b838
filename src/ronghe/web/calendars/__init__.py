"""日历: what is owed and planned, day by day, and the addresses under which a phone reads it."""
