"""Whether the site answers rightly, for what watches over it."""

from django.http import HttpResponse

from kb.upkeep import trouble
from kb.web.methods import reading


@reading
def readyz(request):
    """Answer 200, or 503 with one plain line that says what is wrong."""
    wrong = trouble()
    response = HttpResponse(
        f"{wrong or 'ready'}\n", content_type="text/plain; charset=utf-8", status=503 if wrong else 200
    )
    response["Cache-Control"] = "no-store"
    return response
