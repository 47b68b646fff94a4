"""A message with what varies turned into slots, so that two servers' copies of one wording are equal."""

import re
import unicodedata
from hashlib import blake2b

from kb.diagnosis.passage import INVISIBLE

LONGEST = 2_000  # characters looked at; real replies are shorter, and masking is the slow part of a diagnosis

SLOTS = ("address", "ip", "host", "id", "number", "time", "url")

# Ends of host names that are no English word: `Win32.Klez` and `STOREDRV.Deliver` must keep their meaning.
_ENDS = (
    "com|net|org|edu|gov|mil|int|info|biz|name|pro|mobi|asia|jobs|tel|travel|coop|aero|museum|post|"
    "local|localdomain|localhost|lan|internal|intranet|corp|home|arpa|example|invalid|test|"
    "xyz|top|online|site|shop|store|cloud|email|tech|app|dev|live|club|blog|wiki|work|works|"
    "global|group|network|systems|solutions|services|digital|agency|media|company|center|academy|world|"
    "[a-z]{2}|xn--[a-z0-9-]{1,59}"
)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,62})"
_HOST = rf"(?:{_LABEL}\.){{1,10}}(?:{_ENDS})\.?(?![a-z0-9{{}}-])"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"(?<![0-9.}}]){_OCTET}(?:\.{_OCTET}){{3}}(?![0-9{{])(?!\.[0-9{{])(?:/[0-9]{{1,2}})?"
_MASKED_IPV4 = r"(?<![a-z0-9.*}])[x*]{1,3}(?:\.[x*]{1,3}){3}(?![a-z0-9.*{])"
_IPV6 = (
    r"(?:(?<![a-z0-9}])ipv6:|(?<![a-z0-9:}]))(?=[0-9a-f:]{0,36}[0-9a-f])"
    r"(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%[a-z0-9]{1,12})?(?![a-z0-9:{])"
)
_LOCAL = r"(?<![^\s<>()\[\]{},;:\"'|=])[^\s<>()\[\]{}@,;:\"'|…]{1,96}|\"[^\"\s]{1,64}\""
_DOMAIN = r"\[[0-9a-f.:]{3,45}\]|[^\s<>()\[\]{}@,;:\"'|?!]{1,253}(?<![.…])|[*…]+"
_ADDRESS = rf"(?:{_LOCAL})@(?:{_DOMAIN})"
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? "
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_ZONE = r"(?: ?(?:[+-][0-9]{2}:?[0-9]{2}|z|utc|gmt|[a-z]{3,4}(?=\)|$| \())(?: \([a-z]{2,5}\))?)?"
_TIME = (
    rf"(?:{_DAY})?[0-9]{{1,2}}[ -]{_MONTH}[ -][0-9]{{4}},? {_CLOCK}{_ZONE}"
    rf"|(?:{_DAY})?{_MONTH} {{1,2}}[0-9]{{1,2}},? (?:[0-9]{{4}},? )?{_CLOCK}(?: [0-9]{{4}})?{_ZONE}"
    rf"|[0-9]{{4}}[-/.][0-9]{{2}}[-/.][0-9]{{2}}(?:[t ]{_CLOCK}{_ZONE})?"
)
# Queue ids, message ids, hashes: eight and more letters and digits that change places at least twice, or that hold a
# long number. Short keys such as S3150, TSS04, OU-001 or AS(1430) are words that mean something and stay.
_ID = (
    r"(?<![a-z0-9}])(?=[a-z0-9._+/=-]{8,128}(?![a-z0-9{]))"
    r"(?=[a-z0-9._+/=-]{0,127}[0-9])(?=[a-z0-9._+/=-]{0,127}[a-z])"
    r"(?:(?=[^0-9\s]{0,120}[0-9]{1,40}[^0-9\s]{0,120}[a-z][^0-9\s]{0,120}[0-9])|(?=[a-z._-]{0,120}[0-9]{5}))"
    r"[a-z0-9._+/=-]{8,128}(?<![.=/-])"
)
# A version or a long number; 550, 5.1.1 and port 25 stay.
_NUMBER = (
    r"(?<![a-z0-9.}])(?<![a-z]\()(?:[0-9]{1,9}(?:\.[0-9]{1,9}){3,8}|[0-9]{1,9}\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,2}|[0-9][0-9,]{3,18})"
    r"(?![a-z0-9{])(?!\.[0-9{])"
)
_SLOT = rf"\{{(?:{'|'.join(SLOTS)})\}}"

VARIABLE = re.compile(
    rf"(?P<slot>{_SLOT})"
    r"|(?P<url>(?:https?|ftp)://[^\s<>\"']{1,1000}|(?<![a-z0-9}])www\.[^\s<>\"']{3,500})"
    rf"|(?P<address><\s?(?:mailto:)?{_ADDRESS}>?|{_ADDRESS}|<[^<>@\s]{{0,128}}@[^<>\s]{{0,255}}>)"
    rf"|(?P<time>(?<![a-z0-9}}])(?:{_TIME}))"
    rf"|(?P<ip>{_IPV4}|{_MASKED_IPV4}|{_IPV6})"
    rf"|(?P<host>(?<![a-z0-9_.}}-]){_HOST})"
    rf"|(?P<id>{_ID})"
    rf"|(?P<number>{_NUMBER})"
)
# sendmail writes "<address>... text". A web page or a mail program that took <address> for a tag left the dots.
LOST_ADDRESS = re.compile(r"(?<![^\s(])\.\.\.(?=\s)|\A:(?=\s)")
# A slot that other letters touch may have changed what they are: such a text is read again until nothing changes.
TOUCHES = re.compile(r"\}[.,;:)\]>'\"!?]{0,8}[^\s.,;:)\]>'\"!?{]|[^\s([<'\"=:,}][([<'\"]{0,8}\{")
MOST_PASSES = 6
# Brackets around an address or an IP go with it, all of them: a paste may have lost one of a pair. Each run of them is
# read from its first character only, so that thousands in a row cost no more than one.
AROUND_IP = re.compile(r"(?<![\[(<])[\[(<]+(?=\{ip\})|(?<=\{ip\})[\])>]+")
AROUND_ADDRESS = re.compile(r"(?<!<)<+(?=\{address\})|(?<=\{address\})>+")
QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "`": "'", "´": "'", "–": "-", "—": "-"})


def skeleton(message: str) -> str:
    """Return `message` folded: lower case, single spaces, `{address}`, `{ip}` … for what varies.

    Two messages with the same skeleton are the same wording. The skeleton of a skeleton is itself.

    >>> skeleton("<Kim@Example.ORG>...  User unknown")
    '{address}... user unknown'
    >>> skeleton("... User unknown")
    '{address}... user unknown'
    """
    # Lower-casing can undo NFKC, so it is done between two of them (Unicode, 3.13, D146).
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", message[:LONGEST]))
    text = unicodedata.normalize("NFKC", text.casefold())[:LONGEST].translate(QUOTES)
    text = INVISIBLE.sub("", text)
    text = _masked(text)
    for _ in range(MOST_PASSES):
        if not TOUCHES.search(text):
            break
        before, text = text, _masked(text)
        if text == before:
            break
    return text


def fingerprint(of_skeleton: str) -> str:
    """Return the 32 hexadecimal digits by which a skeleton is looked up; a skeleton itself can be too long to index."""
    return blake2b(of_skeleton.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _masked(text: str) -> str:
    text = " ".join(text.split()).rstrip(" .")
    if not LOST_ADDRESS.match(text):
        text = text.lstrip(" .")
    text = VARIABLE.sub(_as_slot, text)
    text = LOST_ADDRESS.sub(_put_back, text)
    if "{ip}" in text or "{address}" in text:
        text = AROUND_IP.sub("", AROUND_ADDRESS.sub("", text))
    return " ".join(text.split()).strip(" .")


def _as_slot(found: re.Match[str]) -> str:
    name = found.lastgroup or "slot"
    if name == "slot":
        return found[0]
    if name == "url":
        return "{url}" + _closing(found[0])
    return "{" + name + "}"


def _closing(link: str) -> str:
    """Return the punctuation after a link that is the sentence's, not the link's."""
    return link[len(link.rstrip(".,;:!?)]}'")) :]


def _put_back(found: re.Match[str]) -> str:
    return "{address}" + found[0]
