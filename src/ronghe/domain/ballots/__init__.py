"""无记名投票: who has voted is known, what anybody voted is not. See docs/subjects/ballots.md."""
