"""提醒: closed lists."""
