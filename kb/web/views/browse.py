"""Finding one's way by words and by filters."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.filters import MessageFilter
from kb.models import Message
from kb.search import find, is_general
from kb.web.forms import SearchForm
from kb.web.hits import shown

PAGE_SIZE = 40


@require_safe
def search(request):
    form = SearchForm(request.GET)
    if not form.is_valid():
        response = render(request, "pages/search.html", {"form": form, "refused": True}, status=400)
        response["Cache-Control"] = "no-store"
        return response
    query = form.cleaned_data["q"]
    hits = shown(find(query)) if query.strip() else []
    context = {"form": form, "query": query, "hits": hits, "general": is_general(query)}
    return render(request, "pages/search.html", context)


@require_safe
def browse(request):
    messages = MessageFilter(request.GET, Message.objects.published())
    page = Paginator(messages.qs.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "pages/browse.html", {"filter": messages, "page": page, "active": messages.active()})
