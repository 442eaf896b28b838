"""今日 records nothing: what is done from it is recorded by the room whose service does it."""
