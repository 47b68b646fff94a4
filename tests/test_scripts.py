"""scripts/dev.sh says in one sentence what is wrong; `manage.py editor` makes accounts."""

import io
import os
import shutil
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

PYTHONS = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")


@pytest.fixture
def dev(tmp_path):
    """Return a function that runs a copy of dev.sh, far from the repository's .venv, on this machine's tools."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(settings.BASE_DIR / "scripts" / "dev.sh", tmp_path / "scripts")
    shutil.copy(settings.BASE_DIR / "requirements.txt", tmp_path)
    fake(tmp_path, "python3", f'exec "{sys.executable}" "$@"')

    def run(*arguments, **variables):
        environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}", **variables}
        return subprocess.run(
            ["sh", tmp_path / "scripts" / "dev.sh", *arguments],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )

    return run


def fake(tmp_path, name, script):
    program = tmp_path / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("arguments", [(), ("serve",), ("run it",)])
def test_an_unknown_command_gets_the_usage_and_status_2(dev, arguments):
    done = dev(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: ") and done.stderr.count("\n") == 1


def test_help_is_the_usage(dev):
    done = dev("help")
    assert done.returncode == 0 and done.stdout.startswith("Usage: ")


def test_too_old_a_python_is_named_in_one_sentence(dev, tmp_path):
    for name in PYTHONS:
        fake(tmp_path, name, '[ "$1" = -V ] && echo Python 3.9.2 && exit; exit 1')
    done = dev("run")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "Python 3.11 or newer" in done.stderr and "Python 3.9.2" in done.stderr


@pytest.mark.parametrize("from_file", [False, True])
def test_a_taken_port_is_named_with_the_way_out(dev, tmp_path, from_file):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        if from_file:
            (tmp_path / ".env").write_text(f"HOST=127.0.0.1\nexport PORT='{port}' # ours\n")
        done = dev("run", HOST="" if from_file else "127.0.0.1", PORT="" if from_file else port)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"Port {port} is taken" in done.stderr and "PORT=8001" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1", "8000 1"])
def test_a_port_that_is_none_is_refused(dev, port):
    done = dev("run", PORT=port)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "PORT must be a number" in done.stderr


def test_a_python_that_cannot_make_environments_is_told_from_the_rest(dev, tmp_path):
    fake(tmp_path, "python3", f'[ "$1 $2" = "-m venv" ] && exit 1; exec "{sys.executable}" "$@"')
    fake(tmp_path, "virtualenv", "exit 1")
    done = dev("test")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_packages_that_cannot_be_downloaded_leave_a_log_and_no_traceback(dev, tmp_path):
    made = 'mkdir -p .venv/bin; printf "#!/bin/sh\\necho Traceback: no network; exit 1\\n" >.venv/bin/python'
    fake(
        tmp_path,
        "python3",
        f'[ "$1 $2" = "-m venv" ] || exec "{sys.executable}" "$@"; {made}; chmod +x .venv/bin/python',
    )
    done = dev("test")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "are you online" in done.stderr and "Traceback" not in done.stdout + done.stderr
    assert "no network" in (tmp_path / "var" / "pip.log").read_text()


def make_account(monkeypatch, password, *arguments):
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    out = io.StringIO()
    call_command("editor", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("options", "group"), [((), "editor"), (("--viewer",), "viewer")])
def test_an_account_is_made_in_its_group(monkeypatch, options, group):
    Group.objects.get_or_create(name=group)
    monkeypatch.setenv("PORT", "8123")
    said = make_account(monkeypatch, "a long pass phrase\nmore\n", "kim", *options)
    user = get_user_model().objects.get(username="kim")
    assert user.check_password("a long pass phrase")
    assert (user.is_staff, user.is_superuser, [g.name for g in user.groups.all()]) == (True, False, [group])
    assert said.count("\n") == 1 and "http://127.0.0.1:8123/admin/" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("taken", "a long pass phrase", "already"),
        ("kim lee", "a long pass phrase", "valid username"),
        ("kim", "1234", "too short"),
        ("kim", "", "first line of standard input"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(monkeypatch, name, password, said):
    Group.objects.get_or_create(name="editor")
    get_user_model().objects.create_user("taken")
    with pytest.raises(CommandError, match=said):
        make_account(monkeypatch, password, name)
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_without_groups_migrate_is_asked_for(monkeypatch):
    Group.objects.all().delete()
    with pytest.raises(CommandError, match="run migrate first"):
        make_account(monkeypatch, "a long pass phrase", "kim")
