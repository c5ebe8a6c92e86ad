"""Who sees campaigns, links and profiles; sheets, codes and receipts are closed to pages."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from opora.registry.wall import ANYTHING, AROUND_MUNICIPALITIES, AROUND_REGIONS, Belongs, walled

SQL = Path(__file__).parents[1] / "sql" / "answering.sql"
NO_SQL = """
    DROP FUNCTION opora_survey(text);
    DROP FUNCTION opora_answer(text, text, text, jsonb, date, integer);
    DROP FUNCTION opora_mix_sheets(integer, date, integer, text[]);
    DROP FUNCTION opora_answered(bigint[]);
    DROP FUNCTION opora_forget_links(bigint);
    GRANT SELECT, INSERT, UPDATE, DELETE ON diagnostics_sheet, diagnostics_waitingsheet, diagnostics_receipt,
      diagnostics_answercode TO opora_app;
"""
OF_A_CAMPAIGN = "EXISTS (SELECT FROM diagnostics_campaign c WHERE c.id = campaign_id)"
WALL = walled(
    Belongs(
        "diagnostics_campaign", region="region_id", municipality="municipality_id",
        read=(
            f"state <> 'draft' AND municipality_id IS NULL AND region_id = {AROUND_REGIONS}",
            f"state <> 'draft' AND municipality_id = {AROUND_MUNICIPALITIES}",
            f"state <> 'draft' AND region_id IS NULL AND {ANYTHING}",
        ),
    ),
    Belongs(
        "diagnostics_surveylink",
        region="region_id", municipality="municipality_id", school="school_id",
    ),
    # Only the program itself writes profiles.
    Belongs(
        "diagnostics_schoolprofile", region="region_id", municipality="municipality_id", school="school_id",
        deeds="SELECT",
    ),
    Belongs("diagnostics_profilerelease", read=(OF_A_CAMPAIGN,), deeds="SELECT"),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("diagnostics", "0001_first"), ("registry", "0009_wall_of_people")]

    operations: ClassVar = [
        migrations.RunSQL(*WALL),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), NO_SQL),
    ]
