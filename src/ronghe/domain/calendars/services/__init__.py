"""Acts of the room of calendars."""
