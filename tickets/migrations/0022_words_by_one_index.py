"""By itself, for nobody may read tickets while an index goes: what takes long is done before."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0021_words")]

    operations = [migrations.RemoveIndex(model_name="ticket", name="ticket_search")]
