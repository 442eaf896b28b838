"""学习交流: joint study, members' lectures, mentor pairs, visits to learn. See docs/subjects/exchange.md."""
