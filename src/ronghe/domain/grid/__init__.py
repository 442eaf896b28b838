"""The three-level grid: who is covered by whom, where the gaps are, and requests that go up with a clock."""
