"""The stamp that every change of the content renews; pages carry it in their ETag."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kb", "0003_documents_in_order")]

    operations = [
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stamp", models.CharField(max_length=32)),
            ],
        ),
    ]
