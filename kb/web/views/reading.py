"""Pages to read: codes, causes, messages, the original post."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kb.models import Cause, EnhancedCode, Message, Post, ReplyCode
from kb.web.advice import remedies_for
from kb.web.forms import PasteForm
from kb.web.groups import by_code, by_first_digit, counts


@require_safe
def home(request):
    often_seen = Message.objects.published().often_seen().for_list()
    context = {"form": PasteForm(), "groups": by_first_digit(often_seen), "counts": counts(), "is_home": True}
    return render(request, "pages/home.html", context)


@require_safe
def reply_class(request, first_digit):
    codes = ReplyCode.objects.filter(code__startswith=first_digit).select_related("cause")
    messages = Message.objects.published().filter(reply_code__code__startswith=first_digit).for_list()
    context = {"first_digit": first_digit, "groups": by_code(codes, messages)}
    return render(request, "pages/class.html", context)


@require_safe
def code(request, code):
    row = get_object_or_404(ReplyCode.objects.select_related("cause"), code=code)
    return _code_page(request, row, code, Message.objects.published().filter(reply_code=row))


@require_safe
def status(request, code):
    family = code.split(".", 1)[1]
    row = get_object_or_404(EnhancedCode.objects.select_related("cause"), code=f"X.{family}")
    classes = "45" if code[0] in "Xx" else code[0]
    messages = Message.objects.published().filter(enhanced_code__in=[f"{digit}.{family}" for digit in classes])
    return _code_page(request, row, code.upper(), messages)


def _code_page(request, row, code, messages):
    also = Cause.objects.filter(slug__in=row.also).prefetch_related("remedies")
    context = {
        "row": row,
        "code": code,
        "messages": messages.for_list(),
        "also": sorted(also, key=lambda cause: row.also.index(cause.slug)),
        "remedies": remedies_for(row.cause, None, row.cause.who_acts, row.cause.then) if row.cause else [],
    }
    return render(request, "pages/code.html", context)


@require_safe
def causes(request):
    return render(request, "pages/causes.html", {"causes": Cause.objects.all()})


@require_safe
def cause(request, slug):
    row = get_object_or_404(Cause.objects.prefetch_related("remedies"), slug=slug)
    context = {
        "cause": row,
        "remedies": remedies_for(row, None, row.who_acts, row.then),
        "messages": row.messages.published().for_list(),
    }
    return render(request, "pages/cause.html", context)


@require_safe
def message(request, slug):
    row = get_object_or_404(Message.objects.published().for_page(), slug=slug)
    context = {
        "message": row,
        "remedies": remedies_for(row.cause, row, row.acts, row.then),
        "status": EnhancedCode.objects.filter(code=f"X.{row.enhanced_code[2:]}").first() if row.enhanced_code else None,
        "related": row.cause.messages.published().for_list().exclude(pk=row.pk)[:6],
    }
    return render(request, "pages/message.html", context)


@require_safe
def post(request):
    row = get_object_or_404(Post)
    entries = row.entries.select_related(
        "message__cause", "message__reply_code", "message__vendor", "message__post_entry"
    ).order_by("position")
    return render(request, "pages/post.html", {"post": row, "entries": entries})


@require_safe
def about(request):
    return render(request, "pages/about.html", {"counts": counts()})
