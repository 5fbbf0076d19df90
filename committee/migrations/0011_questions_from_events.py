from django.db import migrations


def questions_from_events(apps, schema_editor):
    """照会 and 回答 were only told in 経過: each question gets the answer that followed it."""
    Event = apps.get_model("committee", "ProposalEvent")
    Question = apps.get_model("committee", "ProposalQuestion")
    asked = {}
    for event in Event.objects.filter(action__in=("return", "answer")).order_by("proposal", "at", "pk"):
        mine = asked.setdefault(event.proposal_id, [])
        if event.action == "return":
            mine.append(
                Question(
                    proposal_id=event.proposal_id,
                    number=len(mine) + 1,
                    edition=event.edition,
                    question=event.comment,
                    asked_by=event.actor,
                    asked_at=event.at,
                )
            )
        elif mine and not mine[-1].answer:
            mine[-1].answer, mine[-1].answered_by, mine[-1].answered_at = event.comment, event.actor, event.at
    for questions in asked.values():
        for question in questions:
            question.save()


class Migration(migrations.Migration):

    dependencies = [
        ('committee', '0010_questions_openings_editions'),
    ]

    operations = [
        migrations.RunPython(questions_from_events, migrations.RunPython.noop),
    ]
