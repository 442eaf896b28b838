"""公文: closed lists."""
