"""事故事件: what happened, how bad by law, who has to be told until when, and what was told when."""
