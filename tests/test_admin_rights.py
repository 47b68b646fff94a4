"""Who may do what in the admin: every address of every table, for everybody who may knock."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.urls import NoReverseMatch, reverse

from kb.models import Content, Message, Post, Remedy, ReplyCode, Vendor

pytestmark = pytest.mark.django_db

CONTENT = ["cause", "synonym", "replycode", "enhancedcode", "vendor", "message"]
QUOTED = ["post", "postentry"]
ACTS = ["changelist", "add", "change", "history", "delete"]
LOGIN, OPEN, CLOSED = 302, 200, 403

READ = {"changelist", "change", "history"}

MAY = {
    "anonymous": {},
    "viewer": dict.fromkeys([*CONTENT, *QUOTED], READ),
    "editor": {model: set(ACTS) for model in CONTENT} | dict.fromkeys(QUOTED, READ),
    "superuser": {model: set(ACTS) for model in [*CONTENT, *QUOTED]},
}
DERIVED = ["wording", "shingle", "document", "seeded"]


def enter(client, who):
    if who == "superuser":
        client.force_login(User.objects.create_superuser(who))
    elif who != "anonymous":
        user = User.objects.create_user(who, is_staff=True)
        user.groups.add(Group.objects.get(name=who))
        client.force_login(user)


def address(model, act, app="kb"):
    row = apps.get_model(app, model).objects.order_by("pk").first()
    args = [] if act in ("changelist", "add") else [row.pk if row else 1]
    return reverse(f"admin:{app}_{model}_{act}", args=args)


@pytest.fixture
def everything(db):
    """A row of each table; the fixtures bring most of them."""
    Vendor.objects.get_or_create(slug="rights", defaults={"name_ko": "권리", "name_en": "Rights"})
    for model in [*CONTENT, *QUOTED]:
        assert apps.get_model("kb", model).objects.exists(), model


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("model", [*CONTENT, *QUOTED])
def test_each_address_opens_for_those_who_have_the_right(client, everything, model, act, who):
    enter(client, who)
    response = client.get(address(model, act))
    expected = OPEN if act in MAY[who].get(model, ()) else LOGIN if who == "anonymous" else CLOSED
    assert response.status_code == expected
    if expected == LOGIN:
        assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("who", ["anonymous", "viewer"])
@pytest.mark.parametrize("act", ["add", "change", "delete"])
@pytest.mark.parametrize("model", [*CONTENT, *QUOTED])
def test_who_may_not_change_anything_saves_nothing(client, everything, model, act, who):
    enter(client, who)
    before = [*apps.get_model("kb", model).objects.order_by("pk").values()]
    response = client.post(address(model, act), {"post": "yes", "slug": "x", "name_en": "x", "text": "x"})
    assert response.status_code == (LOGIN if who == "anonymous" else CLOSED)
    assert [*apps.get_model("kb", model).objects.order_by("pk").values()] == before


def test_a_viewer_sees_a_page_without_fields_and_without_a_save_button(client, everything):
    enter(client, "viewer")
    shown = client.get(address("message", "change")).content.decode()
    assert 'name="text"' not in shown
    assert 'name="_save"' not in shown
    assert 'name="opened_as"' not in shown
    assert Message.objects.order_by("pk").first().slug in shown


def test_a_viewer_has_no_actions_and_cannot_call_one(client, everything):
    enter(client, "viewer")
    message = Message.objects.filter(state="published").first()
    client.post(address("message", "changelist"), {"action": "back_to_draft", "_selected_action": [message.pk]})
    message.refresh_from_db()
    assert message.state == "published"


@pytest.mark.parametrize("who", ["viewer", "editor"])
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("model", ["user", "group"])
def test_accounts_and_groups_are_closed_to_all_but_superusers(client, model, act, who):
    enter(client, who)
    assert client.get(address(model, act, app="auth")).status_code == CLOSED


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("model", ["user", "group"])
def test_a_superuser_keeps_accounts_and_groups(client, model, act):
    enter(client, "superuser")
    assert client.get(address(model, act, app="auth")).status_code == OPEN


@pytest.mark.parametrize("who", ["viewer", "editor"])
def test_nobody_makes_themselves_a_superuser_by_a_hidden_field(client, who):
    enter(client, who)
    mine = User.objects.get(username=who)
    client.post(reverse("admin:auth_user_change", args=[mine.pk]), {"username": who, "is_superuser": "on"})
    mine.refresh_from_db()
    assert not mine.is_superuser


def test_an_account_that_is_not_staff_is_sent_to_the_login(client):
    client.force_login(User.objects.create_user("reader"))
    assert client.get(reverse("admin:index")).status_code == LOGIN


def test_an_editor_adds_and_deletes(client, everything):
    enter(client, "editor")
    client.post(reverse("admin:kb_vendor_add"), {"slug": "new-one", "name_ko": "새", "name_en": "New"}, follow=True)
    vendor = Vendor.objects.get(slug="new-one")
    client.post(reverse("admin:kb_vendor_delete", args=[vendor.pk]), {"post": "yes"})
    assert not Vendor.objects.filter(slug="new-one").exists()


def test_what_a_row_stands_on_cannot_be_deleted(client, everything):
    enter(client, "editor")
    code = ReplyCode.objects.filter(messages__isnull=False).first()
    assert "Cannot delete" in client.get(reverse("admin:kb_replycode_delete", args=[code.pk])).content.decode()
    client.post(reverse("admin:kb_replycode_delete", args=[code.pk]), {"post": "yes"})
    assert ReplyCode.objects.filter(pk=code.pk).exists()


@pytest.mark.parametrize("model", [*DERIVED, "remedy", "sample"])
def test_derived_rows_and_rows_inside_others_have_no_pages(model):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:kb_{model}_changelist")


def test_every_table_of_content_is_either_registered_or_edited_inside_another():
    registered = {model for model in admin.site._registry if model._meta.app_label == "kb"}
    inside = {inline.model for model in registered for inline in admin.site._registry[model].inlines}
    assert registered | inside == {
        model for model in apps.get_app_config("kb").get_models() if issubclass(model, Content)
    }
    assert {model._meta.model_name for model in registered} == {*CONTENT, *QUOTED}


def test_the_two_groups_hold_exactly_their_rights():
    kb = Permission.objects.filter(content_type__app_label="kb")
    tables = [*CONTENT, Remedy._meta.model_name, "sample"]
    all_acts = {f"{act}_{model}" for act in ("add", "change", "delete", "view") for model in tables}
    quoted = {f"{act}_{model}" for act in ("change", "view") for model in QUOTED}
    held = {group.name: {*group.permissions.values_list("codename", flat=True)} for group in Group.objects.all()}
    assert held == {"editor": all_acts | quoted, "viewer": {f"view_{model}" for model in [*tables, *QUOTED]}}
    assert kb.filter(group__name="editor", codename__contains=Post._meta.model_name).count() == 4


def test_the_migration_takes_its_groups_back_and_makes_them_again():
    groups = import_module("kb.migrations.0002_groups")
    here = SimpleNamespace(connection=connection)
    groups.remove_groups(apps, here)
    assert not Group.objects.exists()
    groups.make_groups(apps, here)
    groups.make_groups(apps, here)
    test_the_two_groups_hold_exactly_their_rights()
