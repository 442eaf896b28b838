"""劳动竞赛: arithmetic without Django."""
