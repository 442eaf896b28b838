"""党建联盟: closed lists."""
