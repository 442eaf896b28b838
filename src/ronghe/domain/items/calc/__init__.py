"""工作事项: plain rules on plain values."""
