"""How the pages look and behave: tokens, components with Python signatures, shell, icons, gallery. Knows no subject."""
