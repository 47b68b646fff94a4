"""A text as the tokens by which it is found: Latin words whole, Korean in pairs of syllables, codes as one token.

One text made in Python serves every database, since their own tokenizers split `5.1.1` and Korean differently.
"""

import re
from unicodedata import category, normalize

LONGEST_QUERY = 200
LONGEST_TOKEN = 100  # PostgreSQL refuses tokens of more than 2 kB; nobody types a word of this length

TOKEN = re.compile(rf"[2-5x]\.[0-9]{{1,3}}\.[0-9]{{1,3}}|[가-힣ㄱ-ㅎㅏ-ㅣ]+|[^\W_]{{1,{LONGEST_TOKEN}}}")
UNSEEN = ("Cf", "Cs", "Co")  # zero widths and marks of direction, halves of pairs, private characters
HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")


def folded(query):
    """Return a query as it is compared: cut to the length that is looked at, also where NFKC made it longer."""
    return plain(query[:LONGEST_QUERY])[:LONGEST_QUERY]


def plain(text):
    """Return the text in NFKC and lower case, without characters no page holds; control characters are spaces."""
    text = normalize("NFKC", text).casefold()
    return "".join(" " if category(c) == "Cc" else c for c in text if category(c) not in UNSEEN)


def tokens(text):
    """Return the tokens of a plain text: `5.1.1` -> 5x1x1, 메일함 -> 메일 일함, words as they are."""
    found = []
    for word in TOKEN.findall(text):
        if HANGUL.match(word):
            found.extend(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif "." in word:
            found.append(word.replace(".", "x"))
        else:
            found.append(word)
    return found
