"""主题活动: who may do what."""
