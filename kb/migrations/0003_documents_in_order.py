"""A document's id is its place among hits; `migrate` writes the documents anew when it has finished."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kb", "0002_groups")]

    operations = [migrations.RemoveField(model_name="document", name="priority")]
