from django.db import migrations, models
from django.db.models import F


def never_before_the_secretariat(apps, schema_editor):
    """A town that has given 事務局 more than the usual 28 days keeps them."""
    rows = apps.get_model("schedule", "ReminderSettings").objects
    rows.filter(secretariat_after__gt=28).update(ciso_after=F("secretariat_after"))


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0006_policy_ledger'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalremindersettings',
            name='ciso_after',
            field=models.PositiveSmallIntegerField(default=28, verbose_name='CISO（委員長）へも知らせる日数'),
        ),
        migrations.AddField(
            model_name='remindersettings',
            name='ciso_after',
            field=models.PositiveSmallIntegerField(default=28, verbose_name='CISO（委員長）へも知らせる日数'),
        ),
        migrations.RunPython(never_before_the_secretariat, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='remindersettings',
            constraint=models.CheckConstraint(condition=models.Q(('ciso_after__gte', models.F('secretariat_after'))), name='reminders_reach_the_ciso_last', violation_error_message='CISOへは、事務局と同じ日かその後にしてください。'),
        ),
    ]
