"""公文: notices and bulletins: drafted from what is on record, numbered, issued, received. See docs/subjects/papers.md."""
