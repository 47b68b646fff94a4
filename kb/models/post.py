"""The old board post, kept to the letter, with today's knowledge beside each of its entries."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.models.content import Content, in_language
from kb.models.fields import CleanTextField, lines, one_of
from kb.models.messages import WEB_ADDRESS, Message

NO_BREAK_SPACE = "\u00a0"  # a line of its own after the opening lines, as the stored page has it


class Post(Content):
    slug = models.SlugField(verbose_name=_("slug"), unique=True)
    title = CleanTextField(verbose_name=_("title"), one_line=True)
    list_title = CleanTextField(verbose_name=_("title in the list"), one_line=True)
    intro = CleanTextField(verbose_name=_("opening lines"), help_text=_("Its opening lines, to the letter."))
    rule = CleanTextField(
        verbose_name=_("dashed line"), one_line=True, help_text=_("The dashed line between its groups.")
    )
    author = CleanTextField(verbose_name=_("author"), one_line=True)
    published_on = models.DateField(verbose_name=_("posted on"))
    views = models.PositiveIntegerField(verbose_name=_("views"))
    recommendations = models.PositiveIntegerField(verbose_name=_("recommendations"), default=0)
    comments = models.PositiveIntegerField(verbose_name=_("comments"), default=0)
    site = CleanTextField(verbose_name=_("site"), one_line=True)
    board = CleanTextField(verbose_name=_("board"), one_line=True)
    url = CleanTextField(verbose_name=_("address"), one_line=True, validators=[WEB_ADDRESS])
    article_number = models.PositiveIntegerField(verbose_name=_("number"))
    copyright_line = CleanTextField(verbose_name=_("copyright line"), one_line=True)

    class Meta:
        verbose_name, verbose_name_plural = _("original post"), _("original posts")

    def __str__(self):
        return self.title

    def body(self):
        """Return the post from its title to its last line, as the stored page printed it, byte for byte."""
        blocks = [self.title, *self.intro.split("\n"), NO_BREAK_SPACE]
        section = None
        for entry in self.entries.order_by("position"):
            if section is not None and entry.section != section:
                blocks.append(self.rule)
            section = entry.section
            blocks.append(entry.as_printed())
        return "\n\n".join(blocks)


class Bold(models.TextChoices):
    YES = "yes", _("bold")
    NO = "no", _("not bold")
    UNKNOWN = "unknown", _("unknown")


class Verdict(models.TextChoices):
    """How the old explanation stands today."""

    RIGHT = "right", _("right")
    MOSTLY_RIGHT = "mostly-right", _("mostly right")
    PARTLY = "partly", _("partly right")
    PROBABLY_WRONG = "probably-wrong", _("probably not what it means")
    UNSUPPORTED = "unsupported", _("not supported by the text")
    WRONG = "wrong", _("means something else")
    MISSING = "missing", _("no explanation given")


class PostEntry(Content):
    natural_fields = ("post__slug", "position")

    post = models.ForeignKey(Post, models.CASCADE, verbose_name=_("post"), related_name="entries")
    position = models.PositiveSmallIntegerField(verbose_name=_("position"))
    section = models.PositiveSmallIntegerField(
        verbose_name=_("group"), help_text=_("Group in the post, 1 to 4, between its dashed lines.")
    )
    marker = CleanTextField(
        verbose_name=_("marker"),
        one_line=True,
        help_text=_("The sign before the line, with the space the post put after it."),
    )
    raw = CleanTextField(verbose_name=_("line"), help_text=_("The server's line as the post prints it."))
    explanation = CleanTextField(
        verbose_name=_("explanation"), blank=True, help_text=_("The post's own sentences, to the letter, one a line.")
    )
    blank_before_explanation = models.BooleanField(verbose_name=_("blank line before the explanation"), default=True)
    restored = CleanTextField(
        verbose_name=_("restored line"),
        blank=True,
        help_text=_("The line with what the page lost in angle brackets put back."),
    )
    restored_evidence_ko = CleanTextField(verbose_name=_("evidence of the restoration (Korean)"), blank=True)
    restored_evidence_en = CleanTextField(verbose_name=_("evidence of the restoration (English)"), blank=True)
    bold_in_original = CleanTextField(
        verbose_name=_("bold in the original"),
        one_line=True,
        choices=Bold.choices,
        default=Bold.UNKNOWN,
        help_text=_("Only from the page itself: the stored text lost its bold."),
    )
    verdict = CleanTextField(verbose_name=_("the old explanation, today"), one_line=True, choices=Verdict.choices)
    remark_ko = CleanTextField(
        verbose_name=_("remark (Korean)"),
        help_text=_("Beside the original: what holds, and what is known otherwise today."),
    )
    remark_en = CleanTextField(verbose_name=_("remark (English)"))
    references = CleanTextField(verbose_name=_("references"), blank=True, help_text=_("One a line: RFC 5321, 4.2.3"))
    message = models.OneToOneField(Message, models.PROTECT, verbose_name=_("message"), related_name="post_entry")

    remark, restored_evidence = in_language("remark"), in_language("restored_evidence")

    class Meta:
        ordering = ["position"]
        verbose_name, verbose_name_plural = _("entry of the post"), _("entries of the post")
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="one_entry_per_position"),
            one_of(Bold, "bold_in_original"),
            one_of(Verdict, "verdict"),
        ]

    def __str__(self):
        return f"{self.position}. {self.raw}"

    def as_printed(self):
        """Return the marker, the line and its explanations with the post's own blank lines."""
        explained = [f"; {line}" for line in self.explanations]
        if not explained:
            return f"{self.marker}{self.raw}"
        gap = "\n\n" if self.blank_before_explanation else "\n"
        return f"{self.marker}{self.raw}{gap}" + "\n\n".join(explained)

    @property
    def explanations(self):
        return self.explanation.split("\n") if self.explanation else []

    @property
    def reference_lines(self):
        return lines(self.references)

    @property
    def is_bold(self):
        """Bold in the original where that is known, else our own often-seen flag."""
        if self.bold_in_original == Bold.UNKNOWN:
            return self.message.is_bold
        return self.bold_in_original == Bold.YES
