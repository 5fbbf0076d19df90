"""The database refuses every change of what a proposal said when it was submitted."""

from django.db import migrations

from townhall.frozen import FreezeRows


class Migration(migrations.Migration):
    dependencies = [("committee", "0014_proposals_about_a_process")]

    operations = [FreezeRows("proposaledition")]
