from django.db import migrations
from django.db.models import Exists, OuterRef, Q


def settle(apps, schema_editor):
    """Mark what stood met or waived before the mark was kept."""
    obligation = apps.get_model("obligations", "Obligation")
    beside = [
        Exists(apps.get_model("obligations", name).objects.filter(obligation=OuterRef("pk")))
        for name in ("ObligationMatch", "Waiver")
    ]
    obligation.objects.filter(Q(beside[0]) | Q(beside[1])).update(is_settled=True)


class Migration(migrations.Migration):
    dependencies = [("obligations", "0002_moves_requests_and_settling")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
