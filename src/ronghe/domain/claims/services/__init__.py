"""任务领办清单: drawing up, publishing, signing, closing."""
