"""Pages of those who take part: vendors and their messages, roles and what they can do."""

from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.filters import acted_by
from kb.models import Cause, Message, Role, Vendor
from kb.web.groups import by_cause, under_codes, vendors_with_counts
from kb.web.methods import reading
from kb.web.trail import trail

MOST_MESSAGES = 200
MOST_OF_A_ROLE = 40


@reading
def vendors(request):
    return render(request, "pages/vendors.html", {"vendors": vendors_with_counts()})


@reading
def vendor(request, slug):
    row = get_object_or_404(Vendor, slug=slug)
    messages = row.messages.published()
    in_order = messages.for_list().order_by("reply_code__code", "-often_seen", "enhanced_code", "slug")
    context = {
        "vendor": row,
        "groups": under_codes(in_order[:MOST_MESSAGES]),
        "causes": by_cause(messages),
        **trail(row.name, (_("Vendors"), reverse("vendors"))),
    }
    context["total"] = sum(count for _cause, count in context["causes"])
    return render(request, "pages/vendor.html", context)


@reading
def who(request, role):
    """Where this role acts first: its causes, and its messages, also those that say so against their cause."""
    messages = acted_by(Message.objects.published(), role)
    counted = dict(messages.order_by().values_list("cause_id").annotate(Count("pk")))
    causes = Cause.objects.filter(who_acts=role).prefetch_related("remedies")
    context = {
        "role": Role(role),
        "roles": Role,
        "causes": [(cause, counted.get(cause.pk, 0), _steps(cause, role)) for cause in causes],
        "messages": messages.for_list()[:MOST_OF_A_ROLE],
        "total": sum(counted.values()),
        **trail(Role(role).label, (_("Causes"), reverse("causes"))),
    }
    return render(request, "pages/who.html", context)


def _steps(cause, role):
    return next((remedy.steps for remedy in cause.remedies.all() if remedy.role == role), [])
