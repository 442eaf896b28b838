"""提醒: who may do what."""
