"""离线: acts done on a phone without signal, taken in exactly once. See docs/subjects/offline.md."""
