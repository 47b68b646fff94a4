"""Addresses that belong to no language: the entrance, short addresses as people type them, files for programs."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override

from kb.models import EnhancedCode, ReplyCode
from kb.web.methods import reading


@reading
def by_language(request):
    """Send the browser to its language."""
    return _in_its_language(request, "home")


@reading
def typed(request, reply=None, enhanced=None):
    """Send `/550`, `/5.1.1`, `/550-5.1.1` to the code, the status, or the messages that bear both."""
    if reply:
        get_object_or_404(ReplyCode, code=reply)
    if enhanced:
        enhanced = enhanced.upper()
        get_object_or_404(EnhancedCode, code=f"X{enhanced[1:]}")
    if reply and enhanced:
        return _in_its_language(request, "browse", query={"code": reply, "enhanced": enhanced})
    return _in_its_language(request, "code", reply) if reply else _in_its_language(request, "status", enhanced)


def _in_its_language(request, page, *args, query=None):
    with override(get_language_from_request(request)):
        address = reverse(page, args=args)
    response = redirect(f"{address}?{urlencode(query)}" if query else address)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@reading
def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


@reading
def robots(request):
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*/diagnose/",
        "Disallow: /*/search/",
        f"Sitemap: {sitemap}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@reading
def favicon(request):
    return redirect(static("img/icon.svg"))


@reading
def opensearch(request, language):
    """Return what a browser needs to search here from its address bar."""
    with override(language):
        return render(
            request, "pages/opensearch.xml", content_type="application/opensearchdescription+xml; charset=utf-8"
        )
