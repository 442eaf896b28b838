"""共建: zones and the playbooks that bodies work by."""
