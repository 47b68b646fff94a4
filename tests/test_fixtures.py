"""The fixtures: whole, valid, and the same bytes after a round trip."""

import re

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from kb.fixtures import write
from kb.models import (
    Cause,
    EnhancedCode,
    Message,
    Post,
    PostEntry,
    Remedy,
    ReplyCode,
    Role,
    Sample,
    State,
    Synonym,
    Vendor,
)

pytestmark = pytest.mark.django_db

CONTENT = [Cause, Remedy, Synonym, ReplyCode, EnhancedCode, Vendor, Message, Sample, Post, PostEntry]
FILES = sorted(settings.FIXTURE_DIR.glob("*.yaml"))
DOCUMENTATION_DOMAINS = re.compile(r"@(?:[\w-]+\.)*example\.(?:org|com|net)\Z|@(?:[\w-]+\.)+example\Z")
DOCUMENTATION_IPS = re.compile(r"\A(?:192\.0\.2|198\.51\.100|203\.0\.113)\.")


def counts():
    return {model.__name__: model.objects.count() for model in CONTENT}


def test_what_is_dumped_has_the_same_bytes_as_what_was_loaded(tmp_path):
    write(tmp_path)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [path.name for path in FILES]
    for path in FILES:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_loading_twice_is_loading_once():
    before = counts()
    call_command("loaddata", *FILES, verbosity=0)
    assert counts() == before


@pytest.mark.parametrize("model", CONTENT)
def test_every_row_passes_the_rules_the_admin_applies(model):
    for row in model.objects.all():
        row.full_clean()


def test_there_are_the_32_causes_each_with_a_remedy_for_the_sender():
    assert Cause.objects.count() == 32
    for cause in Cause.objects.prefetch_related("remedies"):
        assert Role.SENDER_PERSON in [remedy.role for remedy in cause.remedies.all()], cause.slug


def test_who_acts_first_finds_steps_on_every_answer():
    for message in Message.objects.published().for_page():
        roles = {remedy.role for remedy in [*message.remedies.all(), *message.cause.remedies.all()]}
        assert message.acts in roles | {Role.NOBODY_WAIT}, message.slug


def test_codes_name_only_causes_there_are():
    slugs = set(Cause.objects.values_list("slug", flat=True))
    for row in [*ReplyCode.objects.all(), *EnhancedCode.objects.all()]:
        assert set(row.also) <= slugs, row.code


def test_a_bare_reply_code_never_says_that_an_address_is_dead():
    dead = {"no-such-user", "mailbox-disabled", "domain-no-mail", "bad-address"}
    assert not ReplyCode.objects.filter(code__in=["550", "551", "553", "554"], cause__slug__in=dead).exists()


def test_the_codes_of_the_post_that_no_rfc_knows_are_marked():
    for code in ("441", "505", "512"):
        assert not ReplyCode.objects.get(code=code).registered


def texts_of_our_own():
    """Yield (place, text) of everything but the quoted post, links and section numbers."""
    quoted = set(PostEntry.objects.values_list("raw", flat=True))
    for path in FILES:
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if row["model"] in ("kb.post", "kb.postentry"):
                continue
            for name, value in row["fields"].items():
                if isinstance(value, str) and value not in quoted and not name.endswith(("url", "reference")):
                    yield f"{path.name} {row['fields'].get('slug', '')} {name}", value


def test_our_own_texts_hold_no_real_persons_address_or_ip():
    for place, text in texts_of_our_own():
        for address in re.findall(r"[\w.+-]+(@[\w-]+(?:\.[\w-]+)+)", text):
            assert DOCUMENTATION_DOMAINS.search(address), f"{place}: {address}"
        for ip in re.findall(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])", text):
            assert DOCUMENTATION_IPS.match(ip) or ip == "127.0.0.1", f"{place}: {ip}"


def test_every_published_message_finds_itself_by_its_samples():
    from kb.lookup import answer

    for sample in Sample.objects.filter(message__state=State.PUBLISHED).select_related("message"):
        [finding] = answer(sample.text).findings
        level = {match.known.message for match in finding.others if match.score == finding.score}
        assert sample.message.slug in {finding.known.message, *level}, sample.text
        assert finding.why == "same-message", sample.text
