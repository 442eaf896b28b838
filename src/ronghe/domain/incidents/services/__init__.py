"""事故事件: services."""
