"""工作事项: one life for whatever people raise, claim, do, check and close; what a kind is, its subject declares."""
