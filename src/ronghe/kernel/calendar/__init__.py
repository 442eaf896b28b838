"""Days, periods and working calendars; knows no subject and no Django."""
