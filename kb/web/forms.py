"""What people send: one paste, or a few words to search by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.privacy import holds_private
from kb.search import LONGEST_QUERY

SHORT_ENOUGH_TO_SEARCH = 100


class PasteForm(forms.Form):
    text = forms.CharField(
        strip=False,
        widget=forms.Textarea,
        error_messages={
            "required": _("Nothing was pasted yet. Paste the returned mail, or only the line with the error."),
            "null_characters_not_allowed": _(
                "The text holds NUL characters, as a file that is no text does. Open the mail, copy its text and paste "
                "that."
            ),
        },
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text


class SearchForm(forms.Form):
    q = forms.CharField(required=False)

    def clean_q(self):
        """Refuse what should not stand in an address: it stays in the browser's history and in servers' logs."""
        query = self.cleaned_data["q"]
        if len(query) > LONGEST_QUERY:
            raise forms.ValidationError(
                _("This is too long to search by. Here it is again: press “Explain” to read it as a returned mail.")
            )
        if holds_private(query):
            raise forms.ValidationError(
                _(
                    "It holds a mail address or an IP, which should not stand in a page's address. Press “Explain” "
                    "instead."
                )
            )
        return query


def is_search(text):
    """Return whether a paste is rather a few words to search by: short, one line, without an address or IP."""
    text = text.strip()
    return len(text) <= SHORT_ENOUGH_TO_SEARCH and "\n" not in text and not holds_private(text)
