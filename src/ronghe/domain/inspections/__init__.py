"""督查与达标: visits with a checklist, findings followed until their effect is shown, grades of acceptance."""
