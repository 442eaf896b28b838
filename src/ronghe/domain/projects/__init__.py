"""项目: the engineering projects that agreements, zones and task forces are about. See docs/subjects/projects.md."""
