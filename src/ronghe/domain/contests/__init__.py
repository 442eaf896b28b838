"""劳动竞赛: contests on site, figures computed from facts, judged results, standings and awards (G3, G4; PP-09)."""
