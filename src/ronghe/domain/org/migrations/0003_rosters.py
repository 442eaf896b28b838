import django.db.models.deletion
import ronghe.domain.org.models.rosters
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0002_posts_once_and_dates'),
    ]

    operations = [
        migrations.CreateModel(
            name='OperatorCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80)),
                ('number', models.CharField(default='', max_length=80)),
                ('expires_on', models.DateField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certificates', to='org.person')),
            ],
            options={
                'db_table': 'org_operator_certificate',
                'indexes': [models.Index(models.F('expires_on'), condition=models.Q(('expires_on__isnull', False)), name='org_certificate_expiry')],
                'constraints': [models.UniqueConstraint(models.F('person'), models.F('kind'), models.F('number'), name='org_operator_certificate_once')],
            },
        ),
        migrations.CreateModel(
            name='RosterImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('previewed', '待确认'), ('accepted', '已导入'), ('discarded', '已放弃')], default='previewed', max_length=12)),
                ('uploaded_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('folder', models.CharField(default=ronghe.domain.org.models.rosters.new_folder, max_length=32, unique=True)),
                ('file_names', models.JSONField(default=list)),
                ('as_of', models.DateField(null=True)),
                ('preview_sealed', models.TextField(null=True)),
                ('fingerprint', models.CharField(max_length=64)),
                ('counts', models.JSONField(default=dict)),
                ('reasons', models.JSONField(default=dict)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster_imports', to='org.partyorg')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster_imports', to='org.person')),
            ],
            options={
                'db_table': 'org_roster_import',
                'indexes': [models.Index(models.F('body'), models.F('uploaded_at'), name='org_roster_import_body')],
            },
        ),
    ]
