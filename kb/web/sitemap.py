"""What search engines are told: every page once, in both languages, each naming the other."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from kb.models import Cause, EnhancedCode, Message, ReplyCode, Role, Vendor

MOST_MESSAGES = 20_000  # a sitemap may name 50,000 addresses, and each message has two


class Pages(Sitemap):
    """All pages worth finding, as (name, arguments) of their addresses; five queries."""

    i18n = alternates = x_default = True

    def items(self):
        named = [(name, ()) for name in ("home", "statuses", "causes", "vendors", "browse", "post", "about")]
        for name, values in (
            ("class", ("4", "5")),
            ("who", Role.values),
            ("cause", Cause.objects.values_list("slug", flat=True)),
            ("code", ReplyCode.objects.values_list("code", flat=True)),
            ("status", EnhancedCode.objects.values_list("code", flat=True)),
            ("vendor", Vendor.objects.values_list("slug", flat=True)),
            ("message", _messages()),
        ):
            named += [(name, (value,)) for value in values]
        return named

    def location(self, item):
        name, args = item
        return reverse(name, args=args)


def _messages():
    return Message.objects.published().order_by("-often_seen", "slug").values_list("slug", flat=True)[:MOST_MESSAGES]
