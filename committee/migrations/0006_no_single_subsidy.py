from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('committee', '0005_subsidies_as_lines'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='historicalproposal',
            name='subsidy',
        ),
        migrations.RemoveField(
            model_name='proposal',
            name='subsidy',
        ),
    ]
