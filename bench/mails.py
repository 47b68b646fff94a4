"""A whole bounce e-mail: read, and answered."""

from email import message_from_string
from email.policy import default

from bench import content
from bench.lines import Dictionary
from bench.timing import Work, in_turn, ratio, row
from kb.diagnosis import diagnose
from kb.diagnosis.replies import read
from kb.diagnosis.unwrap import unwrap
from kb.lookup import answer
from tests.disguises import diagnostic_code

RETURNED_BYTES = 60_000
FIELDS = ("Final-Recipient", "Action", "Status", "Remote-MTA", "Diagnostic-Code")
MAILS_A_SECOND = 2_000


def rows(databases, seconds):
    small = min(size for _, size in databases)
    kinds = dict.fromkeys(kind for kind, _ in databases)
    databases["SQLite", small].use()
    dictionary = Dictionary()
    mails = [_mail(line) for line in content.known_lines(20)]
    if diagnose(mails[0], dictionary).findings[0].score != 100:
        raise SystemExit("the sample mail is not known")
    works = {
        "policy.default": Work(lambda n: _read_by_the_book(mails[n % 20])),
        "unwrapped": Work(lambda n: unwrap(mails[n % 20])),
        "read": Work(lambda n: read(unwrap(mails[n % 20]))),
        "dictionary": Work(lambda n: diagnose(mails[n % 20], dictionary)),
    }
    for kind in kinds:
        works[kind] = Work(lambda n: answer(mails[n % 20]), databases[kind, small].use)
    times = in_turn(works, seconds=seconds)
    base = "`policy.default`, its fields read"
    yield row("mail of 60 kB, taken apart", times["unwrapped"], base, times["policy.default"])
    yield row("mail of 60 kB, its replies read", times["read"], base, times["policy.default"], aim_median=1 / 8)
    for name in ("dictionary", *kinds):
        yield row(f"mail of 60 kB, answered, {name}", times[name], base, times["policy.default"])
        a_second = 1 / times[name].median
        verdict = "met" if a_second >= MAILS_A_SECOND else f"missed by {ratio(MAILS_A_SECOND / a_second)}"
        if name != "dictionary":
            verdict = ""  # the aim is the engine's, without a database
        aim = f"at least {MAILS_A_SECOND:,}" if verdict else ""
        yield f"| mails a second, {name} | | {a_second:,.0f} | {1 / times[name].p95:,.0f} | {aim} | {verdict} |"


def _mail(line):
    """Return a bounce whose returned mail is long."""
    returned = "This is a line of the mail that came back, of a length as people write them.\n"
    mail = diagnostic_code(line)
    return mail.replace("\n--b1--", "\n" + returned * (RETURNED_BYTES // len(returned)) + "--b1--")


def _read_by_the_book(text):
    mail = message_from_string(text, policy=default)
    found = [mail["From"], mail["To"], mail["Subject"]]
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            found.append(part.get_content())
        found.extend(str(part[field]) for field in FIELDS if field in part)
    return found
