"""主题活动、专项活动: plain rules."""
