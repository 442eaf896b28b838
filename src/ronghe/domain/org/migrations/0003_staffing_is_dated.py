from django.db import migrations


def date_the_staffing(apps, _schema_editor):
    """What was one value of a station becomes its first dated mode, from the day the station was set up."""
    unit, mode = apps.get_model("org", "AdminUnit"), apps.get_model("org", "StationMode")
    manned = unit.objects.exclude(staffing=None).order_by("pk")
    mode.objects.bulk_create(
        mode(station=station, staffing=station.staffing, valid_from=station.valid_from) for station in manned
    )


class Migration(migrations.Migration):
    dependencies = [("org", "0002_people_statuses_and_stations")]
    operations = [migrations.RunPython(date_the_staffing, migrations.RunPython.noop)]
