"""问卷: drawing up, answering, closing."""
