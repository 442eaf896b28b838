"""问卷: what may be shown, what lies in the urn, shipped questionnaires."""
