"""The two groups of people who come in by the admin: editors, and viewers who only look."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

CONTENT = ["cause", "remedy", "synonym", "replycode", "enhancedcode", "vendor", "message", "sample"]
QUOTED = ["post", "postentry"]  # the old post: nobody adds to it or takes from it


def make_groups(apps, schema_editor):
    using = schema_editor.connection.alias
    # `migrate` makes permissions only after the last migration.
    create_permissions(installed.get_app_config("kb"), verbosity=0, using=using, apps=apps)
    may = {
        "editor": [
            *(f"{act}_{model}" for model in CONTENT for act in ("add", "change", "delete", "view")),
            *(f"{act}_{model}" for model in QUOTED for act in ("change", "view")),
        ],
        "viewer": [f"view_{model}" for model in [*CONTENT, *QUOTED]],
    }
    permissions = apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="kb")
    for name, codenames in may.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.set(permissions.filter(codename__in=codenames))


def remove_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=["editor", "viewer"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0001_knowledge_base"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
