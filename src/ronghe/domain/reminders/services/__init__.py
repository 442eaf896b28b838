"""Acts of the room of reminders."""
