import getpass
import os
import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, IntegrityError, transaction


class Command(BaseCommand):
    help = "Make an account for an editor; the password is asked for, or read from the first line of standard input."

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="?", help="what the editor logs in with; asked for when absent")
        parser.add_argument("--viewer", action="store_true", help="an account that sees everything and changes nothing")

    def handle(self, *args, name, viewer, **options):
        try:
            role = _group("viewer" if viewer else "editor")
            user = _user(name if name is not None else _asked_name())
            _add(user, _password(user), role)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except (KeyboardInterrupt, EOFError) as error:
            raise CommandError("Stopped: no account was made.") from error
        address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/admin/"
        self.stdout.write(f"Account {user.username} made in the group {role.name}: log in at {address}")


def _group(name):
    try:
        return Group.objects.get(name=name)
    except (Group.DoesNotExist, DatabaseError) as error:
        raise CommandError(f'There is no group "{name}" yet: run migrate first (python manage.py migrate).') from error


def _asked_name():
    if not _at_terminal():
        raise CommandError("Say the name of the account after the command.", returncode=2)
    return input("Name: ")


def _user(name):
    """Return a new user, not yet saved, whose name Django's rules accept and nobody has."""
    users = get_user_model()
    user = users(username=users.normalize_username(name), is_staff=True)
    users._meta.get_field("username").clean(user.username, user)
    if users.objects.filter(username=user.username).exists():
        raise CommandError(_taken(user))
    return user


def _password(user):
    if _at_terminal():
        password = getpass.getpass("Password: ")
        validate_password(password, user)
        if getpass.getpass("Password again: ") != password:
            raise CommandError("The two passwords differ: no account was made.")
        return password
    try:
        password = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    except UnicodeDecodeError as error:
        raise CommandError("The password on standard input is not UTF-8 text.") from error
    if not password:
        raise CommandError("Give the password on the first line of standard input, or run this in a terminal.")
    validate_password(password, user)
    return password


def _add(user, password, group):
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            user.groups.add(group)
    except IntegrityError as error:  # somebody took the name while the password was typed
        raise CommandError(_taken(user)) from error


def _taken(user):
    return f"There is an account {user.username} already: choose another name, or change its password in the admin."


def _at_terminal():
    return sys.stdin is not None and sys.stdin.isatty()
