"""提醒: who is told what is owed, when, and who is told next. See docs/subjects/reminders.md."""
