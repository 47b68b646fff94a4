"""Bringing the fixtures into a database that editors work in: new content comes, their work stays."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.apps import apps
from django.core import serializers
from django.db import transaction

from kb.fixtures import as_data, digest
from kb.models import Seeded


@dataclass
class Outcome:
    """How many rows were made, changed and removed, and the keys of those an editor changed or deleted."""

    made: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    kept: list[str] = field(default_factory=list)


def seed(directory: Path) -> Outcome:
    """Load the fixtures of `directory`: all of them, or none when anything fails.

    A row keeps the digest of what was last seeded: where the row still is what was seeded, the fixture's new content
    replaces it; where an editor changed or deleted it, it stays as the editor left it and is listed.
    """
    outcome = Outcome()
    with transaction.atomic():
        seeded = {(row.model, row.key): row for row in Seeded.objects.all()}
        for data in _data(directory):
            _seed_row(data, seeded, outcome)
        for row in sorted(seeded.values(), key=lambda row: -row.pk):
            _remove(row, outcome)
    return outcome


def _data(directory):
    """Yield the fixtures' rows as {model, fields}, in the order in which they load."""
    for path in sorted(directory.glob("*.yaml")):
        yield from yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or ()


def _seed_row(data, seeded, outcome):
    """Seed one row and take its record out of `seeded`."""
    model = apps.get_model(data["model"])
    [fresh] = serializers.deserialize("python", [data])
    key = json.dumps(fresh.object.natural_key(), ensure_ascii=False)
    record = seeded.pop((data["model"], key), None)
    current = _row(model, fresh.object.natural_key())
    wanted = digest(as_data(fresh.object))
    if current is None and record is not None:
        outcome.kept.append(f"{data['model']} {key} (deleted here)")
        return
    if current is None:
        fresh.save()
        outcome.made += 1
    elif (now := digest(as_data(current))) == wanted:
        outcome.same += 1
    elif record is not None and now == record.digest:
        fresh.save()
        outcome.changed += 1
    else:
        outcome.kept.append(f"{data['model']} {key}")
        return
    if record is None:
        Seeded.objects.create(model=data["model"], key=key, digest=wanted)
    elif record.digest != wanted:
        record.digest = wanted
        record.save()


def _row(model, natural_key):
    try:
        return model._default_manager.get_by_natural_key(*natural_key)
    except model.DoesNotExist:
        return None


def _remove(record, outcome):
    """Remove a row that the fixtures no longer hold, unless an editor changed it since."""
    row = _row(apps.get_model(record.model), json.loads(record.key))
    if row is not None and digest(as_data(row)) == record.digest:
        row.delete()
        outcome.removed += 1
    elif row is not None:
        outcome.kept.append(f"{record.model} {record.key} (no longer in the fixtures)")
    record.delete()
