"""无记名投票: closed lists."""
