"""协作区: where a territory unit and the parties of a project work as one. See docs/subjects/zones.md."""
