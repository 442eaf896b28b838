"""组织生活: political birthdays, oath, red sites, talks, democratic review. See docs/subjects/partylife.md."""
