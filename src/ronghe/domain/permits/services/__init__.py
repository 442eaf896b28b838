"""作业许可: the acts."""
