"""Plain text -> the replies of servers in it: codes, words, recipient, stage, hosts, and where each stood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kb.diagnosis.lines import Line, lines_of, plain_log
from kb.diagnosis.marks import marks_in
from kb.diagnosis.passage import Passage
from kb.diagnosis.shapes import Reply, Span
from kb.diagnosis.whom import nearest_recipient
from kb.diagnosis.wordings import LONGEST_WORDS, MOST_LINES_OF_ONE_REPLY, Extent, wordings_of

MOST_REPLIES = 400
MOST_REPLIES_OF_A_LINE = 40
MOST_WORDS = 200_000  # characters of words over all replies; beyond, further replies are not read

_ENHANCED = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9])(?!\.[0-9])"
# RFC 5321, 4.2: three digits, then a space, or "-" on every line of a reply but its last. Programs that quote a reply
# write ":" or "," there. The second digit keeps ports (465, 587) and the like out.
CODE = re.compile(
    rf"(?<![0-9A-Za-z.@_/+-])(?P<code>[245][0-57][0-9])"
    rf"(?:(?P<more>-)(?=\S)|[:,;]?[ \t]{{1,3}}|[:,;](?=\D)|$)"
    rf"(?P<quote>b?['\"])?(?:\[?\#?(?P<enhanced>{_ENHANCED})\]?[ \t:,;-]{{0,3}})?"
)
ENHANCED = re.compile(rf"(?<![0-9A-Za-z.@_=/+-])\#?(?P<enhanced>{_ENHANCED})[ \t:,;)-]{{0,3}}")
# What stands before a reply where it does not begin the line.
LEADS_IN = re.compile(
    r"(?:[:;(\[#'\">\]|]|\b(?:said|says|error|errors|code|codes|reply|replied|response|status|returned|smtp|with|got|was|is|오류|코드|응답)"
    r"|\b(?:stat|status|reply|response|diagnostic|error|code|msg|message)=\W{0,2})[ \t]{0,3}\Z",
    re.IGNORECASE,
)
# A line that begins something new, so that no reply goes on into it.
BEGINS_NEW = re.compile(
    r"(?:(?:final|original)-recipient|action|status|remote-mta|reporting-mta|diagnostic-code|received|return-path|subject"
    r"|from|to|cc|date|message-id|reply-to|mime-version|content-[a-z-]{3,30}|x-[a-z-]{2,40}|last-attempt-date"
    r"|remote host said|generating server|제목|보낸 사람|받는 사람|보낸 날짜|생성 서버)[ \t]*:"
    r"|<[^<>\s]{1,200}>:\s*\Z|--|==|\*\*|>>>|<<<|\.\.\. while talking|giving up on|i'm not going|관리자용 진단"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[ ,]{1,2}[0-9]"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[ t]",
    re.IGNORECASE,
)
AFTER_WORDS = re.compile(
    r"\s*\((?P<stage>in reply to [A-Za-z ]{3,30}?(?: command|\Z))\)?|\s*\(delivery attempts: [0-9]{1,4}\)|\s*##\s*$"
)
# What stands between an outer code and the server's own: sendmail's "554 <address>... 550 Host unknown".
ONLY_NAMED = re.compile(r"\s*<?[^\s<>]{1,320}[@.][^\s<>]{1,320}>?(?: \([a-z]{2,12}\))?(?:\.\.\.|:) ?\Z", re.IGNORECASE)
BRACKET = re.compile(r"[()]")
NEAR = 60  # characters before a code that tell what it is
JSON_STRING = re.compile(r"[:\[,{]\s?\"[^\"]{0,50}\Z")  # `"diagnosticCode": "smtp; 550 …"`
STATUS = re.compile(r"(?:^|[^a-z])status:\s*\Z", re.IGNORECASE)
# An enhanced code after the words it belongs to: in brackets, after "#", or at the end of the sentence.
CLOSES_WITH_CODE = re.compile(r"\A[(\[#]|[0-9][.)\]]?\s*\Z|[0-9][)\]]")
STATED = re.compile(rf"\(\#(?P<code>{_ENHANCED})\)|^\W{{0,3}}\S{{0,20}} ?\W?(?P<near>{_ENHANCED})")


@dataclass(slots=True)
class Draft:
    """A reply while it is read: `pieces` are extents in the passage, one a line."""

    code: re.Match[str]
    reply_code: str | None
    enhanced_code: str | None
    marks: list[tuple[int, int, str]]
    pieces: list[Extent] = field(default_factory=list)
    whole: int = 1  # pieces that surely belong to the reply
    quoted: bool = False  # stands in the words of another reply
    about: Extent | None = None  # where an outer reply named the recipient

    @property
    def more(self) -> bool:
        """Whether the code was written as of a reply with further lines (`550-`)."""
        return bool(self.code.re is CODE and self.code["more"])


def extract(passage: Passage) -> list[Reply]:
    """Return every reply with a code in `passage`, in order; offsets are characters of the paste, end excluded.

    Continuation lines become one reply. Text without a reply gives []; nothing is raised.
    Source: RFC 5321, section 4.2; RFC 3463, section 2.

    >>> [(r.reply_code, r.enhanced_code, r.words) for r in extract(Passage.of("550 5.1.1 No such user"))]
    [('550', '5.1.1', 'No such user')]
    """
    passage = plain_log(passage)
    lines = lines_of(passage.text)
    drafts: list[Draft] = []
    index = words = 0
    while index < len(lines) and len(drafts) < MOST_REPLIES and words < MOST_WORDS:
        found, used = _drafts_of_line(passage.text, lines, index)
        drafts.extend(found)
        words += sum(end - start for draft in found for start, end in draft.pieces)
        index += max(1, used)
    return [reply for draft in drafts if (reply := _finished(passage, lines, draft))]


def _drafts_of_line(text: str, lines: Sequence[Line], index: int) -> tuple[list[Draft], int]:
    """Return the replies that begin on one line, and how many lines they take."""
    line = lines[index]
    first = line.start + len(line.text) - len(line.text.lstrip())
    last = line.start + len(line.text.rstrip())
    drafts = list(_enhanced_only(text, lines, index, at_start=True))
    used = drafts[0].whole if drafts else 1
    read = 0
    for found in CODE.finditer(text, line.start, line.end):
        if read == MOST_REPLIES_OF_A_LINE:
            break
        outer = drafts[-1] if drafts else None
        wraps = outer is not None and bool(ONLY_NAMED.match(text[outer.code.end() : found.start()][:400]))
        if not (wraps and last > found.end()) and not _begins_reply(text, first, last, found):
            continue
        if outer and outer.more and found["code"] == outer.reply_code:
            continue  # Postfix prints a reply of many lines on one: "550-5.1.1 … 550 5.1.1 …"
        draft = Draft(found, found["code"], found["enhanced"], [(*found.span("code"), "reply-code")])
        draft.quoted = bool(drafts)
        if found["enhanced"]:
            draft.marks.append((*found.span("enhanced"), "enhanced-code"))
        read += 1
        taken = _read_words(text, lines, index, draft, found.end())
        if outer and wraps:
            draft.about = (outer.code.end(), found.start())
            draft.quoted = outer.quoted
            drafts.pop()
        if not drafts:
            used = taken
        drafts.append(draft)
    if not drafts:
        drafts = list(_enhanced_only(text, lines, index))
        used = drafts[0].whole if drafts else 1
    return drafts, used


def _begins_reply(text: str, first: int, last: int, found: re.Match[str]) -> bool:
    """Tell a code from another number; `first` and `last` are where the line's characters begin and end."""
    alone = found.start() <= first
    if found["code"][0] == "2" and not alone:
        return False
    after = found.end() < last
    if alone:
        return bool(after or found["enhanced"] or found["more"] or last == found.end("code"))
    if found["enhanced"]:
        return True
    before = text[max(first, found.start() - NEAR) : found.start()]
    return bool(LEADS_IN.search(before)) and bool(after or found["quote"] or before.rstrip().endswith(":"))


def _enhanced_only(text: str, lines: Sequence[Line], index: int, *, at_start: bool = False) -> Iterator[Draft]:
    """Yield the reply of a line that has an enhanced code and no reply code: `5.1.1 …` or qmail's `… (#5.1.1)`."""
    line = lines[index]
    for found in ENHANCED.finditer(text, line.start, line.end):
        before = text[max(line.start, found.start() - NEAR) : found.start()]
        alone = not before.strip()
        if at_start and not alone:
            return
        draft = Draft(found, None, found["enhanced"], [(*found.span("enhanced"), "enhanced-code")])
        if alone or (LEADS_IN.search(before) and not before.rstrip().endswith(("(", "#"))):
            if STATUS.search(before):
                return
            _read_words(text, lines, index, draft, found.end())
        elif CLOSES_WITH_CODE.search(text[found.start("enhanced") - 1 : found.end("enhanced") + 6]):
            draft.pieces.append((line.start, min(line.end, line.start + LONGEST_WORDS)))
        else:
            continue  # a version, a section: "5.1.1" in the middle of a sentence
        yield draft
        return


def _read_words(text: str, lines: Sequence[Line], index: int, draft: Draft, begin: int) -> int:
    """Fill the draft's pieces from `begin` on; return how many lines surely belong to it."""
    code = draft.code
    quote = code["quote"][-1] if code.re is CODE and code["quote"] else None
    before = text[max(lines[index].start, code.start() - 4) : code.start()].rstrip()
    opened = quote or (before[-1:] if before[-1:] in ("'", '"', "(") else None)
    if opened is None and JSON_STRING.search(text[max(lines[index].start, code.start() - NEAR) : code.start()]):
        opened = '"'
    end, closed = _closing(text, begin, lines[index].end, opened, draft)
    draft.pieces.append((begin, end))
    length = end - begin
    more = draft.more
    for following in lines[index + 1 : index + MOST_LINES_OF_ONE_REPLY]:
        if closed or length > LONGEST_WORDS or not following.text.strip():
            break
        again = CODE.match(text, following.start, following.end)
        if again:
            if not (more and again["code"] == draft.reply_code):
                break
            begin = _words_go_on(draft, again)
            more = bool(again["more"])
            draft.whole = len(draft.pieces) + 1
        elif BEGINS_NEW.match(following.text) and not (length == 0 and following.text.startswith("<")):
            break
        else:
            begin = following.start
        end, closed = _closing(text, begin, following.end, opened, draft)
        draft.pieces.append((begin, end))
        length += end - begin
    return draft.whole


def _words_go_on(draft: Draft, again: re.Match[str]) -> int:
    """Take the codes that the next line of one reply repeats; return where its words begin."""
    draft.marks.append((*again.span("code"), "reply-code"))
    if again["enhanced"] and draft.enhanced_code and again["enhanced"] != draft.enhanced_code:
        return again.start("enhanced")
    if again["enhanced"]:
        draft.marks.append((*again.span("enhanced"), "enhanced-code"))
        draft.enhanced_code = again["enhanced"]
    return again.end()


def _closing(text: str, begin: int, end: int, opened: str | None, draft: Draft) -> tuple[int, bool]:
    """Return where the words of a reply end on this line, and whether they end for good."""
    end = min(end, begin + LONGEST_WORDS)
    after = AFTER_WORDS.search(text, begin, end)
    if after:
        if after["stage"]:
            draft.marks.append((*after.span("stage"), "stage"))
        return after.start(), True
    if opened in ("'", '"'):
        close = re.compile(rf"(?<!\\){opened}(?=\W*$|[,)\]}};.])").search(text, begin, end)
        if close:
            return close.start(), True
    depth = 0
    for bracket in BRACKET.finditer(text, begin, end):
        depth += 1 if bracket[0] == "(" else -1
        if depth < 0:
            return bracket.start(), True
    return end, False


def _finished(passage: Passage, lines: Sequence[Line], draft: Draft) -> Reply | None:
    if (draft.reply_code or draft.enhanced_code or "")[:1] == "2":
        return None
    wordings = wordings_of(
        passage, draft.pieces, draft.whole, draft.reply_code if draft.more else None, draft.enhanced_code
    )
    if not wordings and not draft.reply_code and not draft.enhanced_code:
        return None
    first = min(start for start, _, _ in draft.marks)
    if not draft.enhanced_code and wordings and (stated := STATED.search(wordings[0].text)):
        draft.enhanced_code = stated["code"] or stated["near"]
        at = passage.text.find(draft.enhanced_code, *draft.pieces[0])
        if at >= 0:
            draft.marks.append((at, at + len(draft.enhanced_code), "enhanced-code"))
    marks = [Span(*passage.origin(start, end), label) for start, end, label in draft.marks]
    recipient, found = marks_in(passage, [*([draft.about] if draft.about else []), *draft.pieces])
    marks.extend(found)
    if recipient is None and (near := nearest_recipient(lines, first)):
        recipient = passage.text[near[0] : near[1]]
        marks.append(Span(*passage.origin(*near), "recipient"))
    return Reply(
        wordings=wordings,
        reply_code=draft.reply_code,
        enhanced_code=draft.enhanced_code,
        recipient=recipient,
        marks=tuple(marks),
        quoted=draft.quoted,
    )
