"""Generated messages: the same ones each time, so that a thousand are the first of the hundred thousand."""

import random
from collections import Counter
from datetime import date
from itertools import islice

from django.db import connection, transaction

from kb import search
from kb.diagnosis import fingerprint, skeleton
from kb.freshness import _rarest, shingles_of
from kb.models import Cause, Message, ReplyCode, Shingle, Wording

# What servers write most; lists of words are easier to read as text.
OPENINGS = [
    *("user unknown", "mailbox is full", "relaying denied", "message rejected by policy", "access denied"),
    *("sender address rejected", "recipient address rejected", "mailbox unavailable", "requested action not taken"),
    *("service temporarily unavailable", "too many connections from your host", "blocked by our spam filter"),
    *("domain not found", "quota exceeded for this account", "message size exceeds the fixed limit", "virus found"),
    *("authentication required", "greylisted, please try again later", "no such user here", "delivery not authorized"),
    *("client host is listed in a block list", "mail from this server is refused"),
]
WORDS = [
    *("the", "your", "mail", "message", "server", "address", "for", "not", "this", "host", "from", "account", "please"),
    *("see", "sender", "policy", "is", "at", "recipient", "was", "user", "mailbox", "by", "our", "domain", "rejected"),
    *("error", "try", "later", "contact", "postmaster", "because", "spam", "connection", "limit", "temporary"),
]
WORDS_KO = [
    *("메일", "서버", "주소", "수신", "발신", "거부", "용량", "차단", "정책", "오류", "계정", "관리자", "사용자"),
    *("초과", "인증", "도메인", "연결", "시간", "재시도", "확인", "설정", "제한", "목록", "등록"),
]
VALUES = ["<kim@example.org>", "192.0.2.25", "mx3.example.com", "https://example.org/help", "4F1A72B0C3"]
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in ("a", "e", "i", "o", "ur", "en")]
VOCABULARY = 8_000
ENHANCED = ["1.1", "1.2", "2.1", "2.2", "3.4", "4.1", "7.1", "7.26"]
BATCH = 2_000


class Writer:
    """Writes words as often as languages use them: the second half as often as the first, and so on."""

    def __init__(self, seed):
        made = random.Random(1)  # noqa: S311 - one vocabulary for all seeds
        rare = {"".join(made.choices(SYLLABLES, k=made.randint(2, 4))) for _ in range(VOCABULARY)}
        rare = sorted(rare - {*WORDS})
        made.shuffle(rare)
        self.words = WORDS + rare
        self.weights = []
        total = 0.0
        for rank in range(len(self.words)):
            total += 1 / (rank + 3)
            self.weights.append(total)
        self.chance = random.Random(seed)  # noqa: S311 - the same messages each time are meant

    def some(self, least, most):
        return self.chance.choices(self.words, cum_weights=self.weights, k=self.chance.randint(least, most))

    def text(self):
        words = self.some(4, 14)
        if self.chance.random() < 0.6:
            words.insert(self.chance.randrange(len(words)), self.chance.choice(VALUES))
        return f"{self.chance.choice(OPENINGS)}: {' '.join(words)}"

    def korean(self):
        return " ".join(self.chance.choices(WORDS_KO, k=4)) + "입니다."

    def codes(self):
        reply = self.chance.choice(["421", "450", "451", "452", "550", "550", "551", "552", "553", "554"])
        return reply, f"{reply[0]}.{self.chance.choice(ENHANCED)}"


def fill(number):
    """Add `number` messages to the database in use, with all that is derived from them."""
    causes = list(Cause.objects.exclude(slug="unclear"))
    replies = {reply.code: reply for reply in ReplyCode.objects.all()}
    rows = _messages(number, causes, replies)
    stored = Counter(Shingle.objects.values_list("words", flat=True))
    while batch := list(islice(rows, BATCH)):
        messages = Message.objects.bulk_create(batch)
        wordings = Wording.objects.bulk_create(
            Wording(message=row, skeleton=row.skeleton, fingerprint=row.fingerprint) for row in messages
        )
        runs = []
        for wording in wordings:
            rarest = _rarest(shingles_of(wording.skeleton), stored)
            stored.update(rarest)
            runs += ((wording.pk, run) for run in rarest)
        insert(Shingle, ("wording_id", "words"), runs)
    search.refresh_all()


def insert(model, columns, rows):
    """Write rows without making an object of each: there are sixteen shingles to a message."""
    table = f"{model._meta.db_table} ({', '.join(columns)})"
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(columns))})", rows)  # noqa: S608
        else:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def known_lines(number):
    """Return the lines of the first messages."""
    return [row.line for row in Message.objects.filter(slug__startswith="made-").order_by("pk")[:number]]


def damaged_lines(number):
    """Return the same lines with two typing errors in each."""
    chance = random.Random(11)  # noqa: S311
    return [_with_errors(line, chance) for line in known_lines(number)]


def unknown_lines(number):
    """Return lines of the same words that are no message's."""
    writer = Writer(seed=3)
    return [f"{' '.join(writer.codes())} {writer.text()}" for _ in range(number)]


def _messages(number, causes, replies):
    writer, taken = Writer(seed=2), set()
    while len(taken) < number:
        text = writer.text()
        folded = skeleton(text)
        key = fingerprint(folded)
        if key in taken:
            continue
        taken.add(key)
        reply, enhanced = writer.codes()
        yield Message(
            slug=f"made-{len(taken)}",
            reply_code=replies[reply],
            enhanced_code=enhanced,
            text=text,
            skeleton=folded,
            fingerprint=key,
            cause=writer.chance.choice(causes),
            explanation_ko=writer.korean(),
            explanation_en=" ".join(writer.some(8, 8)),
            state="published",
            checked_on=date(2026, 11, 1),
        )


def _with_errors(line, chance):
    reply, enhanced, *words = line.split()
    for at in chance.sample([at for at, word in enumerate(words) if word.isalpha() and len(word) > 2], 2):
        letter = chance.randrange(len(words[at]))
        words[at] = words[at][:letter] + chance.choice(["", "q"]) + words[at][letter + 1 :]
    return " ".join([reply, enhanced, *words])
