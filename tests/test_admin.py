"""What editors do in the admin: a pasted line becomes a published message that the next paste finds."""

import json
import re
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connection
from django.test import Client
from django.urls import reverse

from kb import freshness
from kb.lookup import answer
from kb.models import (
    Cause,
    Document,
    EnhancedCode,
    Message,
    Post,
    PostEntry,
    Remedy,
    ReplyCode,
    Sample,
    Shingle,
    State,
    Synonym,
    Vendor,
    Wording,
)

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
EXPLAINED = {"explanation_ko": "설명", "explanation_en": "Meaning.", "checked_on": "2026-01-02"}


def make_cause(slug="no-such-user", **fields):
    texts = dict.fromkeys(["name_ko", "name_en", "sentence_ko", "sentence_en", "retry_ko", "retry_en"], f"About {slug}")
    return Cause.objects.create(
        **{"slug": slug, "position": Cause.objects.count() + 1, "who_acts": "sender-person", **texts, **fields}
    )


def make_code(code="550"):
    model = EnhancedCode if "." in code else ReplyCode
    return model.objects.create(code=code, meaning_ko="뜻", meaning_en="Meaning")


def make_vendor(slug="qmail"):
    return Vendor.objects.create(slug=slug, name_ko=slug, name_en=slug)


def make_message(text="User unknown", **fields):
    fields = {"slug": f"message-{Message.objects.count() + 1}", **fields}
    return Message.objects.create(text=text, **fields)


def make_published(text="User unknown", **fields):
    cause = Cause.objects.first() or make_cause()
    ready = {"cause": cause, "state": State.PUBLISHED, **EXPLAINED, "checked_on": date(2026, 1, 2)}
    return make_message(text, **{**ready, **fields})


def make_post():
    return Post.objects.create(
        slug="old", title="Old", list_title="Old", intro="one\ntwo ", rule="---", author="a", published_on=date(2004, 1, 1),
        views=1, site="s", board="b", url="https://example.org/1", article_number=1, copyright_line="c",
    )  # fmt: skip


def make_entry(post, message, position=1, **fields):
    texts = {"marker": "▶ ", "raw": "550 No", "verdict": "right", "remark_ko": "말", "remark_en": "Remark"}
    return PostEntry.objects.create(post=post, message=message, position=position, section=1, **{**texts, **fields})


@pytest.fixture(autouse=True)
def empty(db):
    """These tests speak of single rows: the published content is put aside for each of them."""
    derived, quoted, owned = (Shingle, Wording, Document), (PostEntry, Post), (Sample, Remedy, Synonym)
    for model in (*derived, *quoted, *owned, Message, Vendor, ReplyCode, EnhancedCode, Cause):
        model.objects.all()._raw_delete(DEFAULT_DB_ALIAS)


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def page(model, act, *args):
    return reverse(f"admin:kb_{model}_{act}", args=args)


def filled(response, **changes):
    """Return what a browser would post from the form on this page, with `changes`."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {bound.html_name: bound.value() for form in forms for bound in form if not isinstance(bound.value(), bool)}
    checked = {bound.html_name: "on" for form in forms for bound in form if bound.value() is True}
    return {name: "" if value is None else value for name, value in {**data, **checked, **changes}.items()}


def add(client, model, **fields):
    url = page(model, "add")
    return client.post(url, filled(client.get(url), **fields), follow=True)


def change(client, row, **fields):
    url = page(row._meta.model_name, "change", row.pk)
    return client.post(url, filled(client.get(url), **fields), follow=True)


def errors(response):
    return {name: " ".join(found) for name, found in response.context["adminform"].form.errors.items()}


def said(response):
    return [str(message) for message in response.context["messages"]]


def run(client, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(page("message", "changelist"), data, follow=True)


def top_message(paste):
    [finding] = answer(paste).findings
    return finding.known and finding.known.message


# --- from a pasted line to an answer ---------------------------------------------------------------------------------
def test_the_very_next_paste_finds_what_an_editor_published(boss):
    cause, vendor = make_cause(), make_vendor()
    make_code("550")
    line = "550 5.1.1 <kim@example.org>... Nobody of that name lives here"
    add(boss, "message", text=line, vendor=vendor.pk, cause=cause.pk, state="published", **EXPLAINED)
    message = Message.objects.get()
    assert (message.reply_code.code, message.enhanced_code) == ("550", "5.1.1")
    assert message.text == "<kim@example.org>... Nobody of that name lives here"
    assert top_message(line.replace("kim", "lee")) == message.slug == "qmail-nobody-of-that-name-lives-here"


def test_a_draft_is_not_found(boss):
    make_cause(), make_code("550")
    add(boss, "message", text="550 Nobody of that name lives here")
    assert Message.objects.get().state == State.DRAFT
    assert top_message("550 Nobody of that name lives here") is None


def test_a_mended_text_is_found_and_the_old_one_is_not(boss):
    message = make_published("Nobody of that name lives here", reply_code=make_code())
    change(boss, message, text="The drawer of this person is full to the brim")
    assert top_message("550 The drawer of this person is full to the brim") == message.slug
    assert top_message("550 Nobody of that name lives here") is None


def test_saving_says_how_the_message_is_recognised(boss):
    response = add(boss, "message", text="<kim@example.org>... User unknown at [192.0.2.1]", _continue="1")
    assert 'Recognised as: "{address}... user unknown at {ip}" (slots: address, ip)' in said(response)
    assert "<mark>{address}</mark>... user unknown at <mark>{ip}</mark>" in response.content.decode()


def test_a_message_without_slots_says_so(boss):
    assert 'Recognised as: "user unknown" (slots: none)' in said(add(boss, "message", text="User unknown"))


def test_a_refresh_that_fails_takes_the_row_back(boss, monkeypatch):
    def fail(message):
        raise RuntimeError("no shingles today")

    url = page("message", "add")
    data = filled(boss.get(url), text="User unknown")
    monkeypatch.setattr(freshness, "refresh_wordings", fail)
    with pytest.raises(RuntimeError):
        boss.post(url, data)
    assert not Message.objects.exists()
    assert not LogEntry.objects.exists()


def test_samples_and_remedies_are_saved_with_their_message(boss):
    rows = {
        "samples-TOTAL_FORMS": 1,
        "samples-0-text": "550 5.1.1 <a@example.org>: gone for good",
        "remedies-TOTAL_FORMS": 1,
    }
    rows |= {"remedies-0-role": "sender-person", "remedies-0-steps_ko": "하나", "remedies-0-steps_en": "One\r\nTwo"}
    add(boss, "message", text="User unknown", **rows)
    message = Message.objects.get()
    assert message.remedies.get().steps_en == "One\nTwo"
    assert set(message.wordings.values_list("skeleton", flat=True)) == {"user unknown", "{address}: gone for good"}


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ({"samples-0-text": "550 No", "samples-1-text": "550 No"}, "samples"),
        (
            {f"remedies-{n}-{field}": "sender-person" for n in (0, 1) for field in ("role", "steps_ko", "steps_en")},
            "remedies",
        ),
    ],
    ids=["sample", "remedy"],
)
def test_the_same_row_twice_below_a_message_is_refused(boss, rows, field):
    response = add(boss, "message", text="User unknown", **{f"{field}-TOTAL_FORMS": 2}, **rows)
    assert response.status_code == 200
    assert "Please correct the duplicate" in response.content.decode()
    assert not Message.objects.exists()


# --- codes -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pasted", "codes", "text"),
    [
        ("550 5.1.1 User unknown", ("550", "5.1.1"), "User unknown"),
        ("550 User unknown", ("550", ""), "User unknown"),
        ("5.1.1 User unknown", ("", "5.1.1"), "User unknown"),
        ("550-5.1.1 The account\r\n550 5.1.1 does not exist", ("550", "5.1.1"), "The account does not exist"),
        ("550 no mailbox here by that name (#5.1.1)", ("550", ""), "no mailbox here by that name (#5.1.1)"),
        ("Remote host said: 550 User unknown", ("", ""), "Remote host said: 550 User unknown"),
        ("User unknown", ("", ""), "User unknown"),
    ],
)
def test_codes_at_the_head_of_a_pasted_line_go_into_their_fields(boss, pasted, codes, text):
    make_code("550")
    add(boss, "message", text=pasted)
    message = Message.objects.get()
    assert (str(message.reply_code or ""), message.enhanced_code) == codes
    assert message.text == text


def test_a_number_in_the_words_stays_when_the_codes_are_filled_in(boss):
    code = make_code("554")
    add(boss, "message", text="554 delivery error", reply_code=code.pk)
    assert Message.objects.get().text == "554 delivery error"


def test_a_whole_line_beside_its_own_reply_code_is_taken_apart(boss):
    code = make_code("550")
    add(boss, "message", text="550 5.1.1 User unknown", reply_code=code.pk)
    assert Message.objects.get().line == "550 5.1.1 User unknown"


def test_an_unknown_reply_code_is_refused_with_the_way_to_add_it(boss):
    response = add(boss, "message", text="577 5.1.1 User unknown")
    assert "Reply code 577 is not in the table yet" in errors(response)["reply_code"]
    assert f'href="{page("replycode", "add")}?code=577"' in response.content.decode()
    assert boss.get(page("replycode", "add"), {"code": "577"}).context["adminform"].form["code"].value() == "577"
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["550", "550 5.1.1", "<kim@example.org>", "...", "{address} {ip}"])
def test_a_message_needs_words(boss, text):
    make_code("550")
    response = add(boss, "message", text=text)
    assert "add the words" in errors(response)["text"]
    assert not Message.objects.exists()


# --- the same wording twice ------------------------------------------------------------------------------------------
def test_a_known_wording_is_refused_with_a_link_to_it(boss):
    vendor, code = make_vendor(), make_code()
    known = make_message(
        "<kim@example.org>... User <b>unknown</b>", vendor=vendor, reply_code=code, enhanced_code="5.1.1"
    )
    again = "550 5.1.1 <lee@example.net>...  user <B>unknown</B>"
    response = add(boss, "message", text=again, vendor=vendor.pk)
    assert page("message", "change", known.pk) in errors(response)["text"]
    assert "User &lt;b&gt;unknown&lt;/b&gt;" in errors(response)["text"]
    assert Message.objects.count() == 1


@pytest.mark.parametrize("different", ["vendor", "reply_code", "enhanced_code"])
def test_the_same_wording_of_another_vendor_or_code_is_taken(boss, different):
    vendor, code = make_vendor(), make_code()
    make_message(vendor=vendor, reply_code=code, enhanced_code="5.1.1")
    fields = {"vendor": vendor.pk, "reply_code": code.pk, "enhanced_code": "5.1.1"}
    other = {"vendor": "", "reply_code": make_code("551").pk, "enhanced_code": "5.1.0"}
    add(boss, "message", text="User unknown", **{**fields, different: other[different]})
    assert Message.objects.count() == 2


def test_the_same_wording_without_vendor_and_codes_is_refused_too(boss):
    make_message()
    assert "here already" in errors(add(boss, "message", text="USER  unknown"))["text"]


def test_a_message_may_be_saved_again_as_it_is(boss):
    change(boss, make_message(), explanation_en="Mended.")
    assert Message.objects.get().explanation_en == "Mended."


def test_a_copy_for_another_vendor_gets_its_own_slug(boss):
    first, other = make_message(vendor=make_vendor(), slug="qmail-user-unknown"), make_vendor("postfix")
    Sample.objects.create(message=first, text="550 5.1.1 User is not known")
    change(boss, first, vendor=other.pk, _saveasnew="1")
    copy = Message.objects.get(vendor=other)
    assert copy.slug == "postfix-user-unknown"
    assert copy.samples.count() == first.samples.count() == 1


# --- slugs -----------------------------------------------------------------------------------------------------------
def test_an_empty_slug_is_made_from_vendor_and_words_with_a_suffix_when_taken(boss):
    vendor = make_vendor()
    for code in ("5.1.1", "5.1.2", "5.1.3"):
        add(boss, "message", text="<a@example.org> Pas de boîte!", vendor=vendor.pk, enhanced_code=code)
    slugs = Message.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["qmail-pas-de-boite", "qmail-pas-de-boite-2", "qmail-pas-de-boite-3"]


def test_a_slug_of_words_without_latin_letters_is_made_from_the_codes(boss):
    make_code()
    add(boss, "message", text="550 5.1.1 없는 사용자입니다", vendor=make_vendor().pk)
    assert Message.objects.get().slug == "qmail-550-5-1-1"


def test_a_slug_without_anything_to_make_it_from_is_still_made(boss):
    add(boss, "message", text="없는 사용자입니다")
    assert Message.objects.get().slug == "message"


def test_a_slug_of_a_long_message_ends_at_a_word(boss):
    add(boss, "message", text="word " * 60)
    assert re.fullmatch(r"word(-word){11}", Message.objects.get().slug)


def test_a_typed_slug_is_kept(boss):
    add(boss, "message", text="User unknown", slug="my-own")
    assert Message.objects.get().slug == "my-own"


def test_the_slug_of_a_published_message_is_fixed(boss):
    message = make_published()
    change(boss, message, slug="moved")
    assert Message.objects.get().slug == message.slug


def test_an_emptied_slug_of_a_draft_stays_what_it_was(boss):
    message = make_message(slug="as-it-was")
    change(boss, message, slug="")
    assert Message.objects.get().slug == "as-it-was"


# --- publishing ------------------------------------------------------------------------------------------------------
def test_publishing_refuses_by_name_what_is_not_ready_and_lets_the_others_through(boss):
    ready = make_published("First wording of all", state=State.DRAFT, reply_code=make_code())
    bare = make_message("Second wording, unexplained")
    response = run(boss, "publish", ready, bare)
    assert [*Message.objects.published()] == [ready]
    assert "1 message is now: published." in said(response)
    [refused] = [line for line in said(response) if line.startswith("Not changed")]
    assert "Second wording, unexplained" in refused
    assert "needs its cause" in refused


def test_what_the_action_publishes_is_found_at_once_and_its_history_tells_it(boss):
    message = make_published("Nobody of that name lives here", state=State.DRAFT, reply_code=make_code())
    run(boss, "publish", message)
    assert top_message("550 Nobody of that name lives here") == message.slug
    assert Document.objects.filter(kind="message", key=message.slug).exists()
    assert LogEntry.objects.get().get_change_message() == "Changed state."


def test_back_to_draft_takes_a_message_off_the_site(boss):
    message = make_published("Nobody of that name lives here", reply_code=make_code())
    run(boss, "back_to_draft", message)
    assert Message.objects.get().state == State.DRAFT
    assert top_message("550 Nobody of that name lives here") is None
    assert not Document.objects.filter(kind="message").exists()


def test_many_refused_messages_are_counted_after_the_first_ten(boss):
    response = run(boss, "publish", *(make_message(f"Wording {'x' * n}") for n in range(1, 14)))
    assert "Not changed either: 3 more." in said(response)


def test_publishing_what_is_published_says_that_nothing_was_to_do(boss):
    assert said(run(boss, "publish", make_published())) == ["Nothing to do: all of them are already: published."]


def test_an_unexplained_message_is_not_published_by_its_form_either(boss):
    response = add(boss, "message", text="User unknown", state="published")
    assert "needs its cause" in errors(response)["__all__"]


def test_only_a_published_message_links_to_the_site(boss):
    published, draft = make_published(), make_message("Another wording")
    link = published.get_absolute_url()
    assert link in boss.get(page("message", "change", published.pk)).content.decode()
    assert draft.get_absolute_url() not in boss.get(page("message", "change", draft.pk)).content.decode()


def test_what_a_deletion_takes_along_is_listed_without_derived_rows(boss):
    message = make_message("User unknown here")
    Remedy.objects.create(message=message, role="sender-person", steps_ko="하나", steps_en="One")
    shown = boss.get(page("message", "delete", message.pk)).content.decode()
    assert "the sender" in shown
    assert "hingle" not in shown
    assert "ording" not in shown


def test_a_deleted_message_is_no_longer_found(boss):
    message = make_published("Nobody of that name lives here", reply_code=make_code())
    boss.post(page("message", "delete", message.pk), {"post": "yes"})
    assert not Wording.objects.exists()
    assert top_message("550 Nobody of that name lives here") is None


def test_a_message_with_samples_can_be_deleted(boss):
    message = make_published("Nobody of that name lives here")
    Sample.objects.create(message=message, text="550 There is no such drawer")
    boss.post(page("message", "delete", message.pk), {"post": "yes"})
    connection.check_constraints()
    assert not Message.objects.exists()
    assert not Wording.objects.exists()


# --- two editors on one row ------------------------------------------------------------------------------------------
def test_the_second_of_two_editors_is_told_what_the_first_one_changed(boss):
    message = make_message()
    url = page("message", "change", message.pk)
    mine = filled(boss.get(url), explanation_ko="내 설명")
    change(boss, message, explanation_en="<b>First editor's words.</b>")
    response = boss.post(url, mine)
    assert "Explanation (English):</strong> “&lt;b&gt;First editor" in response.content.decode()
    assert "Explanation ko" not in errors(response)["__all__"]
    assert response.context["adminform"].form["explanation_ko"].value() == "내 설명"
    assert Message.objects.get().explanation_ko == ""


def test_a_second_save_after_that_is_taken(boss):
    message = make_message()
    url = page("message", "change", message.pk)
    mine = filled(boss.get(url), explanation_ko="내 설명")
    change(boss, message, explanation_en="First editor's words.")
    boss.post(url, filled(boss.post(url, mine)))
    assert Message.objects.get().explanation_ko == "내 설명"


def test_a_row_below_the_form_that_somebody_changed_counts_too(boss):
    cause = make_cause()
    remedy = Remedy.objects.create(cause=cause, role="sender-person", steps_ko="하나", steps_en="One")
    url = page("cause", "change", cause.pk)
    mine = filled(boss.get(url))
    remedy.steps_en = "Two"
    remedy.save()
    assert "Remedies" in errors(boss.post(url, mine))["__all__"]
    remedy.refresh_from_db()
    assert remedy.steps_en == "Two"


@pytest.mark.parametrize("opened_as", ["[", "[" * 5000, "7", '{"text": 1}', "x"])
def test_a_damaged_note_of_what_was_opened_is_a_message_not_a_crash(boss, opened_as):
    assert "Somebody else" in errors(change(boss, make_message(), opened_as=opened_as))["__all__"]


# --- text and JSON that cannot be kept -------------------------------------------------------------------------------
@pytest.mark.parametrize("field", ["text", "enhanced_code", "explanation_ko", "source_url", "source_note", "slug"])
def test_a_null_character_is_a_field_error(boss, field):
    response = add(boss, "message", **{"text": "User unknown", field: "a\x00b"})
    assert response.status_code == 200
    assert field in errors(response)


def test_half_a_surrogate_pair_is_a_field_error_in_every_text():
    from kb.admin.fields import TidyText

    with pytest.raises(Exception, match="cannot be kept"):
        TidyText().clean("a\ud800b")


def test_half_a_surrogate_pair_in_a_form_never_breaks_the_page(boss):
    response = boss.post(
        page("message", "add"), b"text=%ED%A0%80&slug=a", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200


@pytest.mark.parametrize("query", ["?q=%00", "?q=%ED%A0%80", "?state__exact=%00", "?vendor__id__exact=%00", "?p=%00"])
def test_odd_characters_in_the_address_of_a_list_are_no_crash(boss, query):
    assert boss.get(page("message", "changelist") + query, follow=True).status_code == 200


def test_odd_characters_in_an_autocomplete_are_no_crash(boss):
    query = {"term": "a\x00", "app_label": "kb", "model_name": "message", "field_name": "cause"}
    assert boss.get(reverse("admin:autocomplete"), query).json()["results"] == []


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ('["mailbox-full"]', "No cause has this slug: &#x27;mailbox-full&#x27;"),
        ('["no-such-user", "no-such-user"]', "twice"),
        ('"no-such-user"', "Write a list of causes"),
        ('{"no-such-user": 1}', "Write a list of causes"),
        ("[1]", "Write a list of causes"),
        ("[", "Enter a valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[" + "9" * 5000 + "]", "not valid JSON"),
        ('["\\ud800"]', "No cause has this slug"),
        ('["\\u0000"]', "No cause has this slug"),
    ],
)
def test_other_causes_are_a_list_of_known_slugs(boss, value, problem):
    make_cause()
    response = add(boss, "replycode", code="550", meaning_ko="뜻", meaning_en="Meaning", also=value)
    assert response.status_code == 200
    assert problem in response.context["adminform"].form.errors["also"].as_ul()


def test_known_slugs_and_an_empty_field_are_taken(boss):
    make_cause()
    add(boss, "replycode", code="550", meaning_ko="뜻", meaning_en="Meaning", also='["no-such-user"]')
    add(boss, "replycode", code="551", meaning_ko="뜻", meaning_en="Meaning", also="")
    assert list(ReplyCode.objects.values_list("code", "also")) == [("550", ["no-such-user"]), ("551", [])]


@pytest.mark.parametrize("value", ['"550"', "[550]", '["55"]', '["55²"]', "{}"])
def test_basic_codes_are_a_list_of_codes(boss, value):
    response = add(boss, "enhancedcode", code="X.1.1", meaning_ko="뜻", meaning_en="Meaning", basic_codes=value)
    assert "Write a list of reply codes" in errors(response)["basic_codes"]


@pytest.mark.parametrize(
    "value", ["[]", '{"ses": "x"}', '{"ses": [1]}', '{"ses": []}', '{"": ["x"]}', '{"ses": [" "]}']
)
def test_names_elsewhere_are_lists_under_the_names_of_tools(boss, value):
    assert "Write the tools" in errors(change(boss, make_cause(), names_elsewhere=value))["names_elsewhere"]


def test_half_a_surrogate_pair_in_json_is_a_field_error(boss):
    response = change(boss, make_cause(), names_elsewhere='{"ses": ["\\ud800"]}')
    assert "cannot be kept" in errors(response)["names_elsewhere"]


def test_names_elsewhere_are_kept_as_typed(boss):
    change(boss, make_cause(), names_elsewhere='{"ses": ["Permanent/General"]}')
    assert Cause.objects.get().names_elsewhere == {"ses": ["Permanent/General"]}


def test_lines_are_kept_with_plain_line_ends_and_without_a_false_change(boss):
    cause = make_cause(avoid_en="one\ntwo")
    change(boss, cause, avoid_en="one\r\ntwo")
    assert Cause.objects.get().avoid_en == "one\ntwo"
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_a_pattern_is_plain_text_like_any_other(boss):
    add(boss, "message", text="(a+)+$ User unknown")
    assert Message.objects.get().text == "(a+)+$ User unknown"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "//example.org"])
def test_a_link_that_is_no_web_address_is_refused(boss, link):
    assert "source_url" in errors(add(boss, "message", text="User unknown", source_url=link))
    vendor = {"slug": "v", "name_ko": "v", "name_en": "v", "homepage": link, "postmaster_url": link}
    assert {"homepage", "postmaster_url"} == set(errors(add(boss, "vendor", **vendor)))


def test_a_script_in_any_text_is_shown_as_text(boss):
    cause = make_cause(**dict.fromkeys(["name_ko", "name_en", "sentence_ko", "sentence_en", "retry_ko"], SCRIPT))
    vendor = Vendor.objects.create(
        slug="v", **dict.fromkeys(["name_ko", "name_en", "hosts", "note_ko", "note_en"], SCRIPT)
    )
    texts = dict.fromkeys(["explanation_ko", "explanation_en", "evidence_ko", "evidence_en", "source_note"], SCRIPT)
    message = make_message(SCRIPT + " {address}", vendor=vendor, cause=cause, **texts)
    Sample.objects.create(message=message, text=SCRIPT)
    for owner in ({"cause": cause}, {"message": message}):
        Remedy.objects.create(role="sender-person", steps_ko=SCRIPT, steps_en=SCRIPT, **owner)
    synonym = Synonym.objects.create(phrase=SCRIPT, cause=cause)
    code = ReplyCode.objects.create(code="550", name=SCRIPT, meaning_ko=SCRIPT, meaning_en=SCRIPT, also=[SCRIPT])
    entry = make_entry(make_post(), message, raw=SCRIPT, explanation=SCRIPT, remark_ko=SCRIPT, remark_en=SCRIPT)
    for row in (cause, vendor, message, synonym, code, entry):
        model = row._meta.model_name
        pages = [page(model, act, row.pk) for act in ("change", "delete", "history")]
        saved = change(boss, row)  # says what was saved, or repeats what was refused
        shown = [saved, *(boss.get(url) for url in [page(model, "changelist"), *pages])]
        for response in shown:
            text = response.content.decode()
            assert "<script>alert" not in text, response.request
            assert "<img src=x" not in text, response.request
        assert "&lt;script&gt;alert(1)" in shown[2].content.decode(), model


# --- the pages themselves --------------------------------------------------------------------------------------------
def test_the_pages_hold_no_script_style_or_handler_of_their_own(boss):
    message = make_published()
    for url in (
        reverse("admin:index"),
        page("message", "changelist"),
        page("message", "add"),
        page("message", "change", message.pk),
    ):
        shown = boss.get(url).content.decode()
        assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=", shown), url


def test_the_admin_is_named_after_the_site_and_links_to_it(boss):
    shown = boss.get(reverse("admin:index")).content.decode()
    assert "Bouncebook" in shown
    assert '<a href="/">' in shown


def test_a_long_list_of_messages_takes_as_many_queries_as_a_short_one(boss, django_assert_max_num_queries):
    vendor = make_vendor()
    for n in range(30):
        make_published(f"Wording {'x' * n} of this", reply_code=make_code(str(500 + n)), vendor=vendor)
    with django_assert_max_num_queries(20):
        assert boss.get(page("message", "changelist")).status_code == 200


@pytest.mark.parametrize(
    "model", ["cause", "synonym", "vendor", "message", "replycode", "enhancedcode", "post", "postentry"]
)
def test_every_list_can_be_searched_and_counted(boss, model):
    assert boss.get(page(model, "changelist"), {"q": "550 용량", "_facets": "True"}).status_code == 200


def test_a_search_finds_a_message_by_its_code_and_words(boss):
    message = make_message("Mailbox is full", reply_code=make_code("552"))
    make_message("User unknown", reply_code=make_code("550"))
    found = boss.get(page("message", "changelist"), {"q": "552 full"}).context["cl"].result_list
    assert [*found] == [message]


def test_the_words_of_the_old_post_stay_to_the_letter(boss):
    post = make_post()
    entry = make_entry(post, make_message())
    change(boss, entry, raw="mended", marker="x", remark_en="Better")
    change(boss, post, intro="mended", author="Somebody")
    entry.refresh_from_db(), post.refresh_from_db()
    assert (entry.raw, entry.marker, entry.remark_en) == ("550 No", "▶ ", "Better")
    assert (post.intro, post.author) == ("one\ntwo ", "Somebody")


def test_a_form_without_its_token_is_refused(db):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(User.objects.create_superuser("boss"))
    assert careful.post(page("message", "add"), {"text": "User unknown"}).status_code == 403
    assert not Message.objects.exists()


def test_what_was_opened_is_told_field_by_field(boss):
    shown = boss.get(page("message", "change", make_message().pk))
    opened_as = json.loads(shown.context["adminform"].form["opened_as"].value())
    assert {"text", "state", "samples", "remedies"} <= set(opened_as)
    assert "skeleton" not in opened_as
