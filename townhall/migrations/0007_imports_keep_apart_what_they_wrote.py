from django.db import migrations, models


def take_out_of_the_result(apps, schema_editor):
    """An import can be taken back for a day, also after an upgrade."""
    jobs = apps.get_model("townhall", "ImportJob").objects.filter(state="applied")
    for job in jobs.iterator(chunk_size=1):
        if "written" in job.result:
            job.written = job.result.pop("written")
            job.save(update_fields=["written", "result"])


class Migration(migrations.Migration):
    dependencies = [("townhall", "0006_imports_can_be_undone_exports_are_noted")]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="written",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="書いた行"),
        ),
        migrations.RunPython(take_out_of_the_result, migrations.RunPython.noop, elidable=True),
    ]
