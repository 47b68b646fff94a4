"""Addresses that belong to no language."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe


@require_safe
def by_language(request):
    """Send the browser to its language."""
    response = redirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request):
    return HttpResponse("User-agent: *\nDisallow: /admin/\nDisallow: /*/diagnose/\n", content_type="text/plain")
