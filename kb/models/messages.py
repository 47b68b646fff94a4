"""Known messages of servers, whose they are, and how each looks in real life."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kb.models.causes import Cause
from kb.models.codes import ReplyCode
from kb.models.content import Content, ContentManager, in_language
from kb.models.fields import CleanTextField, Permanence, Role, lines, one_of

WEB_ADDRESS = URLValidator(schemes=["http", "https"])


class Vendor(Content):
    slug = models.SlugField(verbose_name=_("slug"), unique=True)
    name_ko = CleanTextField(verbose_name=_("name (Korean)"), one_line=True)
    name_en = CleanTextField(verbose_name=_("name (English)"), one_line=True)
    hosts = CleanTextField(
        verbose_name=_("hosts"), blank=True, help_text=_("Ends of its servers' names, one a line: naver.com")
    )
    homepage = CleanTextField(verbose_name=_("homepage"), one_line=True, blank=True, validators=[WEB_ADDRESS])
    postmaster_url = CleanTextField(
        verbose_name=_("postmaster page"),
        one_line=True,
        blank=True,
        validators=[WEB_ADDRESS],
        help_text=_("Where senders ask for help or delisting."),
    )
    note_ko = CleanTextField(verbose_name=_("note (Korean)"), blank=True)
    note_en = CleanTextField(verbose_name=_("note (English)"), blank=True)

    name, note = in_language("name"), in_language("note")

    class Meta:
        ordering = ["slug"]
        verbose_name, verbose_name_plural = _("vendor"), _("vendors")

    def __str__(self):
        return self.name

    @property
    def host_suffixes(self):
        return lines(self.hosts)


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class OftenSeen(models.TextChoices):
    YES = "yes", _("often seen")
    SUGGESTED = "suggested", _("suggested, an editor decides")
    NO = "no", _("no")


class SourceGrade(models.TextChoices):
    VENDOR_PAGE = "vendor-page", _("the vendor's own page")
    SOFTWARE_SOURCE = "software-source", _("the software's source or manual")
    PUBLIC_REPORT = "public-report", _("a public report")
    UNSOURCED = "unsourced", _("seen, no source to cite")


class MessageQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def often_seen(self):
        return self.filter(often_seen=OftenSeen.YES)

    def for_list(self):
        """Return what a row of a list shows, the often-seen first, then in the order of the codes."""
        first = models.Case(models.When(often_seen=OftenSeen.YES, then=0), default=1)
        return self.select_related("vendor", "reply_code", "cause", "post_entry").order_by(
            first, "reply_code__code", "enhanced_code", "slug"
        )

    def for_page(self):
        """Return what a message's own page shows."""
        return self.select_related("vendor", "reply_code", "cause", "post_entry").prefetch_related(
            "samples", "remedies", "cause__remedies"
        )


class Message(Content):
    slug = models.SlugField(
        verbose_name=_("slug"),
        unique=True,
        max_length=100,
        help_text=_("Its place in addresses: vendor and words, such as qmail-no-mailbox."),
    )
    vendor = models.ForeignKey(
        Vendor, models.PROTECT, verbose_name=_("vendor"), null=True, blank=True, related_name="messages"
    )
    reply_code = models.ForeignKey(
        ReplyCode, models.PROTECT, verbose_name=_("reply code"), null=True, blank=True, related_name="messages"
    )
    enhanced_code = CleanTextField(
        verbose_name=_("enhanced status code"),
        one_line=True,
        blank=True,
        db_index=True,
        validators=[RegexValidator(r"\A[245]\.[0-9]{1,3}\.[0-9]{1,3}\Z")],
        help_text=_("Three numbers with points, such as 5.1.1."),
    )
    text = CleanTextField(
        verbose_name=_("text"),
        max_length=2000,
        help_text=_(
            "The server's words without the codes, exactly as it writes them. Leave addresses, IPs and ids as you saw "
            "them or write {address}, {ip}, {host}, {id}, {number}, {time}, {url}: both are recognised."
        ),
    )
    cause = models.ForeignKey(
        Cause, models.PROTECT, verbose_name=_("cause"), null=True, blank=True, related_name="messages"
    )
    permanence = CleanTextField(verbose_name=_("lasting"), one_line=True, blank=True, choices=Permanence.choices)
    who_acts = CleanTextField(
        verbose_name=_("who acts"),
        one_line=True,
        blank=True,
        choices=Role.choices,
        help_text=_("Empty: as its cause says."),
    )
    then_first = CleanTextField(verbose_name=_("then"), one_line=True, blank=True, choices=Role.choices)
    then_second = CleanTextField(verbose_name=_("then also"), one_line=True, blank=True, choices=Role.choices)
    explanation_ko = CleanTextField(
        verbose_name=_("explanation (Korean)"),
        blank=True,
        help_text=_("What this server means by it, in our own words."),
    )
    explanation_en = CleanTextField(verbose_name=_("explanation (English)"), blank=True)
    state = CleanTextField(
        verbose_name=_("state"), one_line=True, choices=State.choices, default=State.DRAFT, db_index=True
    )
    often_seen = CleanTextField(
        verbose_name=_("often seen"), one_line=True, choices=OftenSeen.choices, default=OftenSeen.NO, db_index=True
    )
    evidence_ko = CleanTextField(
        verbose_name=_("evidence (Korean)"), blank=True, help_text=_("What shows that it is seen often.")
    )
    evidence_en = CleanTextField(verbose_name=_("evidence (English)"), blank=True)
    source_grade = CleanTextField(
        verbose_name=_("kind of source"), one_line=True, choices=SourceGrade.choices, default=SourceGrade.UNSOURCED
    )
    source_url = CleanTextField(verbose_name=_("source"), one_line=True, blank=True, validators=[WEB_ADDRESS])
    source_note = CleanTextField(verbose_name=_("note on the source"), one_line=True, blank=True)
    checked_on = models.DateField(
        verbose_name=_("checked on"), null=True, blank=True, help_text=_("The day somebody last looked at the source.")
    )

    # Derived from `text` on every save (kb/freshness.py), so never edited and not part of the fixtures.
    skeleton = CleanTextField(verbose_name=_("skeleton"), editable=False, default="")
    fingerprint = models.CharField(max_length=32, editable=False, default="", db_index=True)

    objects = ContentManager.from_queryset(MessageQuerySet)()
    explanation, evidence = in_language("explanation"), in_language("evidence")

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        constraints = [
            # NULLs are distinct in SQL, so the absent vendor and code take part as 0.
            models.UniqueConstraint(
                Coalesce("vendor", 0),
                Coalesce("reply_code", 0),
                "enhanced_code",
                "fingerprint",
                name="one_message_per_vendor_codes_and_wording",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.PUBLISHED)
                | models.Q(cause__isnull=False, checked_on__isnull=False)
                & ~models.Q(explanation_ko="")
                & ~models.Q(explanation_en=""),
                name="published_message_is_explained_and_checked",
                violation_error_message=_(
                    "A published message needs its cause, an explanation in both languages and the day its source was "
                    "checked."
                ),
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="message_has_words"),
            one_of(State, "state"),
            one_of(OftenSeen, "often_seen"),
            one_of(SourceGrade, "source_grade"),
            one_of(Permanence, "permanence", blank=True),
            one_of(Role, "who_acts", blank=True),
            one_of(Role, "then_first", blank=True),
            one_of(Role, "then_second", blank=True),
        ]

    def __str__(self):
        return self.line

    def get_absolute_url(self):
        return reverse("message", args=[self.slug])

    def clean(self):
        if self.checked_on and self.checked_on > date.today():
            raise ValidationError({"checked_on": _("This day has not come yet.")})

    @property
    def line(self):
        """The whole reply line: codes, then words."""
        return " ".join(
            part for part in (self.reply_code and self.reply_code.code, self.enhanced_code, self.text) if part
        )

    @property
    def acts(self):
        """Who acts first: the message's own word, else its cause's."""
        return self.who_acts or (self.cause.who_acts if self.cause else "")

    @property
    def then(self):
        own = tuple(role for role in (self.then_first, self.then_second) if role)
        return own if self.who_acts or not self.cause else self.cause.then

    @property
    def is_bold(self):
        return self.often_seen == OftenSeen.YES


class Sample(Content):
    """A whole reply line as a server prints it; a paste of it finds its message too."""

    natural_fields = ("message__slug", "text")

    message = models.ForeignKey(Message, models.CASCADE, verbose_name=_("message"), related_name="samples")
    text = CleanTextField(
        verbose_name=_("text"), help_text=_("With its codes. Use example.org and 192.0.2.1 for addresses and IPs.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("sample"), _("samples")
        constraints = [models.UniqueConstraint(fields=["message", "text"], name="one_sample_per_message_and_text")]

    def __str__(self):
        return self.text
