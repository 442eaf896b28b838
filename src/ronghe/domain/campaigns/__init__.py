"""主题活动: themed activities and campaigns with stages and a report. See docs/subjects/campaigns.md."""
