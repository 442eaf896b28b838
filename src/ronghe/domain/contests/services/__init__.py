"""劳动竞赛: opened, judged, closed, awarded."""
