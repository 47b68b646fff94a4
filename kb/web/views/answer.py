"""The paste and its answer. Nothing of the paste is stored, logged, cached or put in an address."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kb.lookup import answer
from kb.web.advice import answers
from kb.web.forms import PasteForm, is_search
from kb.web.origin import own_pages_only


@own_pages_only
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def diagnose(request):
    if request.method != "POST":
        return redirect("home")  # a reload of the address alone: there is nothing to answer
    try:
        form = PasteForm(request.POST)
    except RequestDataTooBig:
        return _private(render(request, "pages/too_large.html", {"limit": settings.PASTE_LIMIT_BYTES}, status=413))
    except (TooManyFieldsSent, MultiPartParserError):
        return _private(render(request, "pages/error.html", {"status": 400}, status=400))
    if not form.is_valid():
        return _private(render(request, "pages/home_form.html", {"form": form}, status=400))
    text = form.cleaned_data["text"]
    diagnosis = answer(text)
    if is_search(text) and not any(finding.known for finding in diagnosis.findings):
        return redirect(f"{reverse('search')}?{urlencode({'q': text.strip()})}")
    context = {"text": text, "diagnosis": diagnosis, "answers": answers(text, diagnosis)}
    return _private(render(request, "pages/answer.html", context))


def _private(response):
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
