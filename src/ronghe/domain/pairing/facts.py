"""What this subject records: 两组共建."""
