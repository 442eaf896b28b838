"""主题活动: closed lists."""
