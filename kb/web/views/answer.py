"""The paste and its answer. Nothing of the paste is stored, logged, cached or put in an address."""

from urllib.parse import urlencode

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from kb.lookup import answer
from kb.web.advice import answers
from kb.web.errors import bad_request, too_large
from kb.web.forms import PasteForm, is_search
from kb.web.methods import methods
from kb.web.origin import own_pages_only


@own_pages_only
@sensitive_post_parameters()
@methods("GET", "HEAD", "POST")
def diagnose(request):
    if request.method != "POST":
        return redirect("home")  # a reload of the address alone: there is nothing to answer
    try:
        form = PasteForm(request.POST)
    except RequestDataTooBig:
        return too_large(request)
    except (TooManyFieldsSent, MultiPartParserError):
        return bad_request(request)
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
