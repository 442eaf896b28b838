"""述职评议: secretaries report, others score. See docs/subjects/hearings.md."""
