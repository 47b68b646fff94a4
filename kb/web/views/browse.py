"""Finding one's way by words and by filters."""

from django.core.paginator import Paginator
from django.shortcuts import render

from kb.filters import MessageFilter
from kb.models import Message
from kb.search import find, is_general
from kb.web.forms import SearchForm
from kb.web.hits import shown
from kb.web.methods import reading

PAGE_SIZE = 40


@reading
def search(request):
    form = SearchForm(request.GET)
    if not form.is_valid():
        response = render(request, "pages/search.html", {"form": form, "refused": True}, status=400)
        response["Cache-Control"] = "no-store"
        return response
    query = form.cleaned_data["q"]
    hits = find(query) if query.strip() else []
    # A cause or a code that was named is a better answer than how to read a returned mail.
    named = any(hit.by in ("synonym", "code") for hit in hits)
    context = {"form": form, "query": query, "hits": shown(hits), "general": not named and is_general(query)}
    return render(request, "pages/search.html", context)


@reading
def browse(request):
    messages = MessageFilter(request.GET, Message.objects.published())
    page = Paginator(messages.qs.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    messages.show_counts()
    context = {"filter": messages, "page": page, "active": messages.active()}
    return render(request, "pages/browse.html", context)
