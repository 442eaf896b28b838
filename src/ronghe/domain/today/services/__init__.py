"""What waits in the rooms below and how it is done from 今日; putting things off."""
