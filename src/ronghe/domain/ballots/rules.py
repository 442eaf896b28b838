"""无记名投票: who may do what."""
