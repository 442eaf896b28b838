"""Background work: retries, schedules and the reaper, on the database's own queue."""
