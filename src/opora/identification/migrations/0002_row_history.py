"""Changes of runs are noted: a draft that becomes a list, its order."""

from django.db import migrations

from opora.audit.history import keep_history


class Migration(migrations.Migration):
    dependencies = [("identification", "0001_first"), ("audit", "0003_row_history")]

    operations = [keep_history("identification_run", "identification.run", region="territory_id")]
