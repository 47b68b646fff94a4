"""Why mail comes back, what each side can do about it, and the words people search it by."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kb.models.content import Content, in_language
from kb.models.fields import CleanTextField, Role, lines, one_of


class Usual(models.TextChoices):
    PERMANENT = "permanent", _("permanent")
    TEMPORARY = "temporary", _("temporary")
    BOTH = "both", _("permanent or temporary")


class Cause(Content):
    slug = models.SlugField(
        verbose_name=_("slug"), unique=True, help_text=_("The word used in addresses and in the API; never changes.")
    )
    position = models.PositiveSmallIntegerField(
        verbose_name=_("position"), unique=True, help_text=_("Place in lists of all causes.")
    )
    name_ko = CleanTextField(verbose_name=_("name (Korean)"), one_line=True)
    name_en = CleanTextField(verbose_name=_("name (English)"), one_line=True)
    sentence_ko = CleanTextField(
        verbose_name=_("sentence (Korean)"), help_text=_("One sentence for somebody who has never run a mail server.")
    )
    sentence_en = CleanTextField(verbose_name=_("sentence (English)"))
    usual = CleanTextField(verbose_name=_("usually"), one_line=True, blank=True, choices=Usual.choices)
    retry_ko = CleanTextField(
        verbose_name=_("trying again (Korean)"), help_text=_("Does sending again help, and when?")
    )
    retry_en = CleanTextField(verbose_name=_("trying again (English)"))
    who_acts = CleanTextField(
        verbose_name=_("who acts"), one_line=True, choices=Role.choices, help_text=_("Who acts first.")
    )
    then_first = CleanTextField(
        verbose_name=_("then"), one_line=True, blank=True, choices=Role.choices, help_text=_("Who else can help.")
    )
    then_second = CleanTextField(verbose_name=_("then also"), one_line=True, blank=True, choices=Role.choices)
    avoid_ko = CleanTextField(
        verbose_name=_("what not to do (Korean)"), blank=True, help_text=_("What not to do, one thing a line.")
    )
    avoid_en = CleanTextField(verbose_name=_("what not to do (English)"), blank=True)
    names_elsewhere = models.JSONField(
        verbose_name=_("names in other tools"),
        default=dict,
        blank=True,
        help_text=_("The names other tools give this cause: {tool: [names]}."),
    )

    name, sentence, retry = in_language("name"), in_language("sentence"), in_language("retry")

    class Meta:
        ordering = ["position"]
        verbose_name, verbose_name_plural = _("cause"), _("causes")
        constraints = [
            one_of(Role, "who_acts"),
            one_of(Role, "then_first", blank=True),
            one_of(Role, "then_second", blank=True),
            one_of(Usual, "usual", blank=True),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cause", args=[self.slug])

    @property
    def avoid(self):
        return lines(in_language("avoid").fget(self))

    @property
    def then(self):
        return tuple(role for role in (self.then_first, self.then_second) if role)


class Remedy(Content):
    """The steps of one role, for a cause or for one message (whose own steps come before its cause's)."""

    natural_fields = ("cause__slug", "message__slug", "role")

    cause = models.ForeignKey(
        Cause, models.CASCADE, verbose_name=_("cause"), null=True, blank=True, related_name="remedies"
    )
    message = models.ForeignKey(
        "kb.Message", models.CASCADE, verbose_name=_("message"), null=True, blank=True, related_name="remedies"
    )
    role = CleanTextField(
        verbose_name=_("role"),
        one_line=True,
        choices=[choice for choice in Role.choices if choice[0] != Role.NOBODY_WAIT],
        db_index=True,
    )
    steps_ko = CleanTextField(
        verbose_name=_("steps (Korean)"), help_text=_("One step a line, the likeliest to help first.")
    )
    steps_en = CleanTextField(verbose_name=_("steps (English)"))

    class Meta:
        verbose_name, verbose_name_plural = _("remedy"), _("remedies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cause__isnull=True) ^ models.Q(message__isnull=True), name="remedy_has_one_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role for role in Role.values if role != Role.NOBODY_WAIT]),
                name="remedy_role_can_act",
            ),
            models.UniqueConstraint(fields=["cause", "role"], name="one_remedy_per_cause_and_role"),
            models.UniqueConstraint(fields=["message", "role"], name="one_remedy_per_message_and_role"),
        ]

    def __str__(self):
        return f"{self.cause or self.message}: {self.get_role_display()}"

    @property
    def steps(self):
        return lines(in_language("steps").fget(self))


class Synonym(Content):
    """Words a helpdesk types for a cause; without a cause they lead to how to read a returned mail."""

    natural_fields = ("phrase",)

    phrase = CleanTextField(
        verbose_name=_("words"),
        one_line=True,
        unique=True,
        help_text=_(
            "As people type it; case and spaces do not count. A stem that fits all endings is best: 꽉찼, 용량초과."
        ),
    )
    cause = models.ForeignKey(
        Cause, models.CASCADE, verbose_name=_("cause"), null=True, blank=True, related_name="synonyms"
    )

    class Meta:
        ordering = ["phrase"]
        verbose_name, verbose_name_plural = _("synonym"), _("synonyms")

    def __str__(self):
        return self.phrase
