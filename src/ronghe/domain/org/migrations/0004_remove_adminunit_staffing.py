from django.db import migrations


class Migration(migrations.Migration):
    """Apart from the copy: PostgreSQL refuses to alter a table whose new rows still wait for their checks."""

    dependencies = [("org", "0003_staffing_is_dated")]
    operations = [migrations.RemoveField(model_name="adminunit", name="staffing")]
