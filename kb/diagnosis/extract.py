"""Plain text -> the replies of servers in it: codes, words, recipient, stage, hosts, and where each stood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.diagnosis.marks import marks_in
from kb.diagnosis.passage import Builder, Passage
from kb.diagnosis.shapes import Reply, Span, Wording

MOST_REPLIES = 400
MOST_LINES_OF_ONE_REPLY = 12
LONGEST_WORDS = 2_000

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
LINE = re.compile(r"[^\r\n]*")
QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)*(?:<<<[ \t]*)?")
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
    r"\s*\((?P<stage>in reply to [A-Za-z ]{3,30}? command)\)?|\s*\(delivery attempts: [0-9]{1,4}\)|\s*##\s*$"
)
ESCAPED_BREAK = re.compile(r"(?:\\r)?\\n|\\r")
QMAIL_LOG = re.compile(r"(?:delivery [0-9]{1,12}: )(?P<what>failure|deferral|success): (?P<words>\S{3,4000})")
_ADDRESS = r"[^\s<>()\[\],;:\"'|=]{1,96}@[^\s<>()\[\],;:\"'|=/{}]{1,252}[^\s<>()\[\],;:\"'|=/{}.]"
TO_WHOM = re.compile(
    rf"(?:\bto=|\brcpt to: ?|[*=]{{2}} |\brecipient:? |\{{['\"]|\bfor |\bto )<?(?P<address>{_ADDRESS})>?", re.IGNORECASE
)
ADDRESS_LINE = re.compile(
    rf"\s*(?:[-*•·]\s+)?<?(?P<address>{_ADDRESS})>?:?\s*(?:\([^()]{{0,200}}\)|\(?<[^<>]{{0,200}}>\)?)?:?\s*\Z"
)
LINES_ABOVE = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a passage, its quoting (`> `, `<<< `) cut off."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Draft:
    """A reply while it is read: `pieces` are extents in the passage, one a line."""

    code: re.Match[str] | None
    pieces: list[tuple[int, int]]
    marks: list[tuple[int, int, str]]
    reply_code: str | None
    enhanced_code: str | None
    whole: int = 1  # pieces that surely belong to the reply
    quoted: bool = False  # stands in the words of another reply


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
    index = 0
    while index < len(lines) and len(drafts) < MOST_REPLIES:
        found, used = _drafts_of_line(passage.text, lines, index)
        drafts.extend(found)
        index += max(1, used)
    return [reply for draft in drafts if (reply := _finished(passage, lines, draft))]


def statements(passage: Passage, most: int = 120) -> list[Reply]:
    """Return each line and each paragraph of `passage` as words without a code: a known message may stand bare."""
    passage = plain_log(passage)
    found: list[Reply] = []
    paragraph: list[tuple[int, int]] = []
    for line in [*lines_of(passage.text), Line(len(passage.text), len(passage.text), "")]:
        if line.text.strip() and len(paragraph) < MOST_LINES_OF_ONE_REPLY:
            paragraph.append((line.start, line.end))
            found.append(_bare(passage, [(line.start, line.end)]))
        else:
            if len(paragraph) > 1:
                found.append(_bare(passage, paragraph))
            paragraph = []
        if len(found) >= most:
            break
    return [reply for reply in found if len(reply.words) > 3]


def lines_of(text: str) -> list[Line]:
    lines = []
    for found in LINE.finditer(text):
        if found.start() and found[0] == "" and text[found.start() - 1 : found.start()] not in "\r\n":
            continue
        quoted = QUOTED.match(text, *found.span())
        start = quoted.end() if quoted else found.start()
        lines.append(Line(start, found.end(), text[start : found.end()]))
    return lines


def plain_log(passage: Passage) -> Passage:
    """Undo qmail's log writing, where `_` stands for a space and `/` for the end of a line."""
    if "delivery " not in passage.text:
        return passage
    builder = Builder(passage)
    done = 0
    for found in QMAIL_LOG.finditer(passage.text):
        begin, end = found.span("words")
        builder.keep(done, begin)
        builder.replace(found["words"].replace("_", " ").replace("/", "\n"), begin, end, one_to_one=True)
        done = end
    builder.keep(done, len(passage.text))
    return builder.passage()


def reply_of_words(passage: Passage) -> Reply:
    """Return a whole passage as one reply: a `Diagnostic-Code` may hold words without a code."""
    return _bare(passage, [(0, len(passage.text))])


def nearest_recipient(lines: Sequence[Line], position: int) -> tuple[int, int] | None:
    """Return the extent of the address that a reply at `position` was about, or None.

    It stands before the reply on the same line (`to=<…>`, `RCPT TO:<…>`, `** …`), or alone on a line above.
    """
    at = next((i for i, line in enumerate(lines) if line.end >= position), 0)
    named = list(TO_WHOM.finditer(lines[at].text, 0, max(0, position - lines[at].start)))
    if named:
        return lines[at].start + named[-1].start("address"), lines[at].start + named[-1].end("address")
    for line in reversed(lines[max(0, at - LINES_ABOVE) : at]):
        found = ADDRESS_LINE.match(line.text) or TO_WHOM.search(line.text)
        if found:
            return line.start + found.start("address"), line.start + found.end("address")
    return None


def _drafts_of_line(text: str, lines: Sequence[Line], index: int) -> tuple[list[Draft], int]:
    """Return the replies that begin on one line, and how many lines they take."""
    line = lines[index]
    drafts = list(_enhanced_only(text, lines, index, at_start=True))
    used = drafts[0].whole if drafts else 1
    for found in CODE.finditer(text, line.start, line.end):
        if not _begins_reply(text, line, found):
            continue
        if (
            drafts
            and found["code"] == drafts[-1].reply_code
            and found["code"]
            and drafts[-1].code
            and drafts[-1].code["more"]
        ):
            continue  # Postfix prints a reply of many lines on one: "550-5.1.1 … 550 5.1.1 …"
        draft = Draft(found, [], [(*found.span("code"), "reply-code")], found["code"], found["enhanced"])
        draft.quoted = bool(drafts)
        if found["enhanced"]:
            draft.marks.append((*found.span("enhanced"), "enhanced-code"))
        taken = _read_words(text, lines, index, draft, found.end())
        if not drafts:
            used = taken
        drafts.append(draft)
    if not drafts:
        drafts = list(_enhanced_only(text, lines, index))
        used = drafts[0].whole if drafts else 1
    return drafts, used


def _begins_reply(text: str, line: Line, found: re.Match[str]) -> bool:
    before = text[line.start : found.start()]
    if found["code"][0] == "2" and before.strip():
        return False
    after = text[found.end() : line.end].strip()
    if not before.strip():
        return bool(after or found["enhanced"] or found["more"] or line.text.strip() == found["code"])
    if found["enhanced"]:
        return True
    return bool(LEADS_IN.search(before)) and bool(after or found["quote"] or before.rstrip().endswith(":"))


def _enhanced_only(text: str, lines: Sequence[Line], index: int, *, at_start: bool = False) -> Iterator[Draft]:
    """Yield the reply of a line that has an enhanced code and no reply code: `5.1.1 …` or qmail's `… (#5.1.1)`."""
    line = lines[index]
    for found in ENHANCED.finditer(text, line.start, line.end):
        before = text[line.start : found.start()]
        if at_start and before.strip():
            return
        marks = [(*found.span("enhanced"), "enhanced-code")]
        if not before.strip() or (LEADS_IN.search(before) and not before.rstrip().endswith(("(", "#"))):
            if re.search(r"(?:^|[^a-z])status:\s*\Z", before, re.IGNORECASE):
                return
            draft = Draft(found, [], marks, None, found["enhanced"])
            _read_words(text, lines, index, draft, found.end())
        else:
            draft = Draft(found, [(line.start, line.end)], marks, None, found["enhanced"])
        yield draft
        return


def _read_words(text: str, lines: Sequence[Line], index: int, draft: Draft, begin: int) -> int:
    """Fill the draft's pieces from `begin` on; return how many lines surely belong to it."""
    line = lines[index]
    code = draft.code
    quote = code["quote"][-1] if code and "quote" in code.re.groupindex and code["quote"] else None
    before = text[line.start : code.start()].rstrip() if code else ""
    opened = quote or (before[-1:] if before[-1:] in ("'", '"', "(") else None)
    end, closed = _closing(text, begin, line.end, opened, draft)
    draft.pieces.append((begin, end))
    taken = 1
    more = bool(code and "more" in code.re.groupindex and code["more"])
    for following in lines[index + 1 : index + MOST_LINES_OF_ONE_REPLY]:
        if closed or not following.text.strip():
            break
        again = CODE.match(text, following.start, following.end)
        if again:
            if not (more and again["code"] == draft.reply_code):
                break
            draft.marks.append((*again.span("code"), "reply-code"))
            begin = (
                again.end()
                if again["enhanced"] in (None, draft.enhanced_code) or not draft.enhanced_code
                else again.start("enhanced")
            )
            if again["enhanced"] and begin == again.end():
                draft.marks.append((*again.span("enhanced"), "enhanced-code"))
                draft.enhanced_code = draft.enhanced_code or again["enhanced"]
            more = bool(again["more"])
            sure = True
        elif BEGINS_NEW.match(following.text):
            break
        else:
            begin, sure = following.start, False
        end, closed = _closing(text, begin, following.end, opened, draft)
        draft.pieces.append((begin, end))
        if sure:
            taken = len(draft.pieces)
    draft.whole = taken
    return taken


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
    for position in range(begin, end):
        if text[position] == "(":
            depth += 1
        elif text[position] == ")":
            depth -= 1
            if depth < 0:
                return position, True
    return end, False


def _finished(passage: Passage, lines: Sequence[Line], draft: Draft) -> Reply | None:
    if draft.reply_code and draft.reply_code[0] == "2":
        return None
    wordings = _wordings(passage, draft)
    if not wordings and not draft.reply_code and not draft.enhanced_code:
        return None
    first = min(start for start, _, _ in draft.marks)
    if not draft.enhanced_code and wordings:
        stated = re.search(
            rf"\(\#(?P<code>{_ENHANCED})\)|^\W{{0,3}}\S{{0,20}} ?\W?(?P<near>{_ENHANCED})", wordings[0].text
        )
        if stated:
            draft.enhanced_code = stated["code"] or stated["near"]
            at = passage.text.find(draft.enhanced_code, draft.pieces[0][0])
            if at >= 0:
                draft.marks.append((at, at + len(draft.enhanced_code), "enhanced-code"))
    marks = [Span(*passage.origin(start, end), label) for start, end, label in draft.marks]
    recipient, found = marks_in(passage, draft.pieces)
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


def _wordings(passage: Passage, draft: Draft) -> tuple[Wording, ...]:
    """Return the extents the words may have: all sure lines first, then one line more each."""
    found: list[Wording] = []
    for count in [draft.whole, len(draft.pieces), *range(draft.whole + 1, len(draft.pieces))]:
        wording = _wording(passage, draft.pieces[:count], draft)
        if wording.text and wording.text not in [known.text for known in found]:
            found.append(wording)
            if wording.text.startswith(": "):  # the page lost an <address>, or somebody wrote "550 : text"
                found.append(Wording(wording.text[2:], wording.at))
    return tuple(found)


def _wording(passage: Passage, pieces: Sequence[tuple[int, int]], draft: Draft | None = None) -> Wording:
    text = " ".join(passage.text[start:end].strip() for start, end in pieces).strip()
    if draft:
        text = ESCAPED_BREAK.sub(" ", text)
        if draft.reply_code and draft.code and draft.code["more"]:
            code = re.escape(draft.reply_code)
            enhanced = rf"(?:{re.escape(draft.enhanced_code)}[ ]?)?" if draft.enhanced_code else ""
            text = re.sub(rf"(?<!\S){code}[- ]{enhanced}", "", text)
        elif draft.enhanced_code and "\\n" in "".join(passage.text[start:end] for start, end in pieces):
            text = re.sub(rf"(?<=\s){re.escape(draft.enhanced_code)} ", "", text)
    return Wording(" ".join(text.split()), tuple(passage.origin(start, end) for start, end in pieces if end > start))


def _bare(passage: Passage, pieces: Sequence[tuple[int, int]]) -> Reply:
    recipient, marks = marks_in(passage, pieces)
    return Reply(wordings=(_wording(passage, pieces),), recipient=recipient, marks=tuple(marks))
