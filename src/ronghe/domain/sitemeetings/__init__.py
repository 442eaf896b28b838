"""现场三会: group meeting, safety briefing, technical briefing, in this order. See docs/subjects/sitemeetings.md."""
