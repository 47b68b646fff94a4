"""How values are shown; no tag asks the database."""

import re
import unicodedata
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kb.models import Permanence, Role, Usual

register = template.Library()

SLOT = re.compile(r"\{(address|ip|host|id|number|time|url)\}")
SLOT_NAMES = {
    "address": _("mail address"),
    "ip": _("IP"),
    "host": _("server name"),
    "id": _("id"),
    "number": _("number"),
    "time": _("time"),
    "url": _("link"),
}
SPAN_NAMES = {
    "reply-code": _("reply code"),
    "enhanced-code": _("enhanced status code"),
    "words": _("the server's words"),
    "recipient": _("recipient"),
    "sender": _("sender"),
    "remote-host": _("receiving server"),
    "remote-ip": _("receiving server's IP"),
    "your-ip": _("IP the server saw"),
    "stage": _("stage of the conversation"),
    "vendor-key": _("the vendor's own key"),
    "id": _("id"),
    "link": _("link"),
}
ROLE_ICONS = {
    Role.SENDER_PERSON: "person",
    Role.SENDER_ADMIN: "server",
    Role.RECIPIENT_PERSON: "person",
    Role.RECIPIENT_ADMIN: "server",
    Role.NOBODY_WAIT: "clock",
}


@register.filter
def role(slug):
    return Role(slug).label if slug in Role.values else ""


@register.filter
def role_icon(slug):
    return ROLE_ICONS.get(slug, "person")


@register.filter
def permanence(slug):
    if slug in Permanence.values:
        return Permanence(slug).label
    return Usual(slug).label if slug in Usual.values else _("not said")


@register.filter
def span_name(label):
    return SPAN_NAMES.get(label, label)


@register.filter
def pieces(text):
    """Return (text, slot name or '') pairs of a message's words, so that what varies can be shown as such."""
    parts = SLOT.split(text)
    return [
        (SLOT_NAMES[part] if index % 2 else visible(part), part if index % 2 else "")
        for index, part in enumerate(parts)
        if part
    ]


@register.filter
def commands(step):
    """Return (text, whether it is a command) pairs: what stands between backticks is typed or read to the letter."""
    parts = step.split("`")
    if len(parts) % 2 == 0:  # one backtick too many is a character like any other
        return [(step, False)]
    return [(part, bool(index % 2)) for index, part in enumerate(parts) if part]


@register.filter
def visible(text):
    """Return the text with characters that hide or turn it round written out, such as ⟨U+202E⟩."""
    return "".join(
        f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in ("Cf", "Cc") and c not in "\n\r\t" else c for c in text
    )


@register.filter
def get(mapping, key):
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def in_other_language(context, language):
    """Return this page's address in `language`; '' where the page has none (an error page off the map)."""
    request = context.get("request")
    if request is None:
        return ""
    try:
        found = resolve(request.path_info)
        with override(language):
            path = reverse(found.view_name, args=found.args, kwargs=found.kwargs)
    except (Resolver404, NoReverseMatch):
        return f"/{language}/"
    query = request.META.get("QUERY_STRING", "") if request.method == "GET" else ""
    return f"{path}?{query}" if query else path


@register.simple_tag(takes_context=True)
def query_with(context, **changes):
    """Return the page's query string with `changes`; None takes a name away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return urlencode(sorted(query.lists()), doseq=True)
