"""Reply codes (RFC 5321) and enhanced status codes (RFC 3463): what a number says by itself."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kb.models.causes import Cause
from kb.models.content import Content, in_language
from kb.models.fields import CleanTextField


class Code(Content):
    natural_fields = ("code",)

    registered = models.BooleanField(
        verbose_name=_("registered"), default=True, help_text=_("Defined in an RFC or in IANA's registry.")
    )
    name = CleanTextField(
        verbose_name=_("name"), one_line=True, blank=True, help_text=_("The phrase of the RFC or the registry.")
    )
    meaning_ko = CleanTextField(
        verbose_name=_("meaning (Korean)"), help_text=_("One plain sentence: what the code says.")
    )
    meaning_en = CleanTextField(verbose_name=_("meaning (English)"))
    field_ko = CleanTextField(
        verbose_name=_("in the field (Korean)"), blank=True, help_text=_("What servers really use it for.")
    )
    field_en = CleanTextField(verbose_name=_("in the field (English)"), blank=True)
    cause = models.ForeignKey(
        Cause,
        models.PROTECT,
        verbose_name=_("cause"),
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text=_("Only where the bare code is enough to say so. Never guess that an address is dead."),
    )
    also = models.JSONField(
        verbose_name=_("also possible"),
        default=list,
        blank=True,
        help_text=_("Other causes (slugs), the likeliest first."),
    )
    reference = CleanTextField(verbose_name=_("reference"), one_line=True, blank=True)

    meaning, field = in_language("meaning"), in_language("field")

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self):
        return self.code


class ReplyCode(Code):
    code = CleanTextField(
        verbose_name=_("code"), one_line=True, unique=True, validators=[RegexValidator(r"\A[2-5][0-9]{2}\Z")]
    )

    class Meta(Code.Meta):
        verbose_name, verbose_name_plural = _("reply code"), _("reply codes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__gte="200", code__lt="600") & models.Q(Exact(Length("code"), 3)),
                name="reply_code_has_three_digits",
            )
        ]

    def get_absolute_url(self):
        return reverse("code", args=[self.code])

    @property
    def first_digit(self):
        return self.code[0]


class EnhancedCode(Code):
    """One row for all classes: X.1.1 stands for 4.1.1 and 5.1.1."""

    code = CleanTextField(
        verbose_name=_("code"),
        one_line=True,
        unique=True,
        validators=[RegexValidator(r"\AX\.[0-9]{1,3}\.[0-9]{1,3}\Z")],
    )
    basic_codes = models.JSONField(
        verbose_name=_("reply codes beside it"),
        default=list,
        blank=True,
        help_text=_("Reply codes the registry names beside it, as strings."),
    )

    class Meta(Code.Meta):
        verbose_name, verbose_name_plural = _("enhanced status code"), _("enhanced status codes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__startswith="X."), name="enhanced_code_is_written_for_all_classes"
            )
        ]

    def get_absolute_url(self):
        return reverse("status", args=[self.code])
