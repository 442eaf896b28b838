"""事故事件: plain arithmetic."""
