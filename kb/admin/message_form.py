"""The form of one message: a whole pasted line is taken apart, a wording that is known already is refused."""

import re

from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.admin.base import ContentForm
from kb.diagnosis import fingerprint, skeleton
from kb.diagnosis.extract import extract
from kb.diagnosis.passage import Passage
from kb.models import Message, ReplyCode

SLOT = re.compile(r"\{[a-z]+\}")
LONGEST_SLUG = 60  # of the hundred that fit: room for a suffix, and addresses are read aloud


class MessageForm(ContentForm):
    inlined = ("samples", "remedies")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = gettext_lazy(
                "Its place in addresses: vendor and words, such as qmail-no-mailbox. Empty: made from them. "
                "Fixed once the message is published."
            )
        if "text" in self.fields:
            self.fields["text"].help_text = format_html(
                "{} {}",
                self.fields["text"].help_text,
                _("A whole line such as “550 5.1.1 User unknown” is taken apart when the code fields are empty."),
            )

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("text"):
            return cleaned
        self._split_codes_off()
        folded = skeleton(cleaned["text"])
        if not re.search(r"\w", SLOT.sub("", folded)):
            self.add_error("text", _("Only codes and changing parts: add the words by which it is recognised."))
            return cleaned
        if not {"reply_code", "enhanced_code", "vendor"} & set(self.errors):
            self._refuse_known_wording(folded)
        if "slug" in self.fields and "slug" not in self.errors:
            cleaned["slug"] = self._slug(folded)
        return cleaned

    def _split_codes_off(self):
        """Move the codes at the head of the text into their fields, where those are empty or say the same."""
        text = self.cleaned_data["text"]
        replies = extract(Passage.of(text))
        if not replies or replies[0].marks[0].start > 0:
            return
        reply = replies[0]
        begin = reply.wordings[0].at[0][0] if reply.wordings else len(text)
        leading = {mark.label for mark in reply.marks if mark.start < begin}
        enhanced = reply.enhanced_code if "enhanced-code" in leading else None
        chosen, written = self.cleaned_data.get("reply_code"), self.cleaned_data.get("enhanced_code", "")
        if {"reply_code", "enhanced_code"} & set(self.errors):
            return
        new_reply, new_enhanced = reply.reply_code and not chosen, enhanced and not written
        other_reply = chosen and reply.reply_code not in (None, chosen.code)
        other_enhanced = written and enhanced not in (None, written)
        if other_reply or other_enhanced or not (new_reply or new_enhanced):
            return  # the words themselves begin with a number: "554 554 delivery error"
        if new_reply:
            self.cleaned_data["reply_code"] = ReplyCode.objects.filter(code=reply.reply_code).first()
            if not self.cleaned_data["reply_code"]:
                self.add_error("reply_code", unknown_code(reply.reply_code))
        if new_enhanced:
            self.cleaned_data["enhanced_code"] = enhanced
        self.cleaned_data["text"] = max((wording.text for wording in reply.wordings), key=len, default="")

    def _refuse_known_wording(self, folded):
        known = (
            Message.objects.filter(
                vendor=self.cleaned_data.get("vendor"),
                reply_code=self.cleaned_data.get("reply_code"),
                enhanced_code=self.cleaned_data.get("enhanced_code", ""),
                fingerprint=fingerprint(folded),
            )
            .exclude(pk=self.instance.pk)
            .first()
        )
        if known:
            self.add_error(
                "text",
                format_html(
                    '{} <a href="{}" target="_blank">{}</a>',
                    _("This vendor's message with these codes and this wording is here already:"),
                    reverse("admin:kb_message_change", args=[known.pk]),
                    known.line,
                ),
            )

    def _slug(self, folded):
        """Return the slug as typed; where that is empty, or taken by the row this one was copied from, a new one."""
        typed = self.cleaned_data.get("slug", "")
        copied = "_saveasnew" in self.data and Message.objects.filter(slug=typed).exists()
        if typed and not copied:
            return typed
        if self.instance.pk:
            return self.initial["slug"]
        return free_slug(
            self.cleaned_data.get("vendor"),
            folded,
            [str(self.cleaned_data.get("reply_code") or ""), self.cleaned_data.get("enhanced_code", "")],
        )


def free_slug(vendor, folded, codes):
    """Return `<vendor>-<words>` in ASCII, or with the codes where no word is, that no message has yet."""
    words = slugify(SLOT.sub(" ", folded)) or "-".join(code.replace(".", "-") for code in codes if code) or "message"
    whole = "-".join([vendor.slug, words] if vendor else [words])
    base = whole if len(whole) <= LONGEST_SLUG else whole[: LONGEST_SLUG + 1].rsplit("-", 1)[0][:LONGEST_SLUG]
    taken = set(Message.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, count = base, 1
    while slug in taken:
        count += 1
        slug = f"{base}-{count}"
    return slug


def unknown_code(code):
    return format_html(
        '{} <a href="{}?code={}" target="_blank">{}</a>',
        _("Reply code %(code)s is not in the table yet.") % {"code": code},
        reverse("admin:kb_replycode_add"),
        code,
        _("Add it, then save this form again."),
    )
