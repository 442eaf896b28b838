"""作业许可: main permit, start order and special permits, from the request to the archive."""
