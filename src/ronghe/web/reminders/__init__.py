"""提醒: what the bell leads to, and how each wants to be reminded."""
