"""Pages to read: causes, messages, the original post."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.models import Cause, EnhancedCode, Message, Post, Role
from kb.web.advice import remedies_for
from kb.web.forms import PasteForm
from kb.web.groups import by_first_digit, counts
from kb.web.methods import reading
from kb.web.titles import title_of
from kb.web.trail import trail

MOST_OF_A_CAUSE = 40


@reading
def home(request):
    often_seen = Message.objects.published().often_seen().for_list()
    context = {"form": PasteForm(), "groups": by_first_digit(often_seen), "counts": counts(), "is_home": True}
    return render(request, "pages/home.html", context)


@reading
def causes(request):
    return render(request, "pages/causes.html", {"causes": Cause.objects.all(), "roles": Role})


@reading
def cause(request, slug):
    row = get_object_or_404(Cause.objects.prefetch_related("remedies"), slug=slug)
    context = {
        "cause": row,
        "remedies": remedies_for(row, None, row.who_acts, row.then),
        "messages": row.messages.published().for_list()[:MOST_OF_A_CAUSE],
        "total": row.messages.published().count(),
        **trail(row.name, (_("Causes"), reverse("causes"))),
    }
    return render(request, "pages/cause.html", context)


@reading
def message(request, slug):
    row = get_object_or_404(Message.objects.published().for_page(), slug=slug)
    context = {
        "message": row,
        "remedies": remedies_for(row.cause, row, row.acts, row.then),
        "status": EnhancedCode.objects.filter(code=f"X.{row.enhanced_code[2:]}").first() if row.enhanced_code else None,
        "related": row.cause.messages.published().for_list().exclude(pk=row.pk)[:6],
        "title": title_of(row),
        **trail(title_of(row), *_above(row)),
    }
    return render(request, "pages/message.html", context)


def _above(message):
    """Return what stands above a message: its code, or its vendor where it bears none."""
    if message.reply_code:
        code = message.reply_code.code
        return [(f"{code[0]}xx", reverse("class", args=[code[0]])), (code, message.reply_code.get_absolute_url())]
    if message.vendor:
        return [
            (_("Vendors"), reverse("vendors")),
            (message.vendor.name, reverse("vendor", args=[message.vendor.slug])),
        ]
    return [(_("Known messages"), reverse("browse"))]


@reading
def post(request):
    row = get_object_or_404(Post)
    entries = row.entries.select_related(
        "message__cause", "message__reply_code", "message__vendor", "message__post_entry"
    ).order_by("position")
    return render(request, "pages/post.html", {"post": row, "entries": entries})


@reading
def about(request):
    return render(request, "pages/about.html", {"counts": counts()})
