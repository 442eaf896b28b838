"""无记名投票: what an actor may see."""
