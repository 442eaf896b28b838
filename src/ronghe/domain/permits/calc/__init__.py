"""Plain arithmetic of permits: no Django, no clock."""
