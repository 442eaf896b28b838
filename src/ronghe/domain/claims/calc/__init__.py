"""任务领办清单: plain rules on plain values."""
