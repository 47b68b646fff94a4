from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Bouncebook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from kb import freshness, upkeep

        freshness.connect()
        post_migrate.connect(upkeep.settle, sender=self)
