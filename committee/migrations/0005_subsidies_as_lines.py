from django.db import migrations

WITHOUT_A_NAME = "国・県の補助（名称は未入力）"


def subsidies_to_lines(apps, schema_editor):
    """国・県の補助 was one figure for the five years; it becomes a line, spread over the years as far as there is cost."""
    Proposal = apps.get_model("committee", "Proposal")
    FundingSource = apps.get_model("committee", "FundingSource")
    ProposalFunding = apps.get_model("committee", "ProposalFunding")
    with_subsidy = Proposal.objects.filter(subsidy__gt=0)
    if not with_subsidy.exists():
        return
    source, _ = FundingSource.objects.get_or_create(
        name=WITHOUT_A_NAME, defaults={"kind": "national", "is_example": True, "order": 900}
    )
    for proposal in with_subsidy:
        left, years = proposal.subsidy, []
        for year in range(5):
            cost = (proposal.yearly_cost or 0) + ((proposal.initial_cost or 0) if year == 0 else 0)
            paid = min(left, cost) if year < 4 else left
            years.append(paid)
            left -= paid
        ProposalFunding.objects.create(
            proposal=proposal, source=source, **{f"year_{year}": paid for year, paid in enumerate(years, start=1)}
        )


def lines_to_subsidies(apps, schema_editor):
    ProposalFunding = apps.get_model("committee", "ProposalFunding")
    for line in ProposalFunding.objects.filter(source__kind__in=("national", "prefecture")).select_related("proposal"):
        paid = sum(getattr(line, f"year_{year}") for year in range(1, 6))
        line.proposal.subsidy = (line.proposal.subsidy or 0) + paid
        line.proposal.save(update_fields=["subsidy"])


class Migration(migrations.Migration):

    dependencies = [
        ('committee', '0004_proposals_in_full'),
    ]

    operations = [
        migrations.RunPython(subsidies_to_lines, lines_to_subsidies),
    ]
