"""A reply is told to be a known message only when its words and its codes allow it."""

import pytest

from kb.diagnosis.match import likeness
from kb.diagnosis.shapes import Reply
from kb.diagnosis.skeleton import skeleton
from tests.dictionary import FEW, Dictionary, answer, known, only

from kb.diagnosis import CauseFacts, CodeMeaning, diagnose  # isort: skip

WORDS = "The mailbox of kim@example.org does not take letters on Sundays"


def score(words, message, **codes):
    return likeness(skeleton(words), message, Reply((), **codes))


def test_the_same_words_and_codes_are_the_same_message():
    message = known("m", WORDS, "policy", reply_code="550", enhanced_code="5.7.1")
    assert score(WORDS, message, reply_code="550", enhanced_code="5.7.1") == 100


@pytest.mark.parametrize(
    ("codes", "least", "most"),
    [
        ({}, 100, 100),
        ({"reply_code": "554"}, 95, 99),
        ({"reply_code": "550", "enhanced_code": "5.1.1"}, 95, 99),
        ({"reply_code": "554", "enhanced_code": "5.1.1"}, 95, 98),
        ({"reply_code": "450"}, 85, 94),
        ({"enhanced_code": "4.7.1"}, 85, 94),
        ({"reply_code": "450", "enhanced_code": "4.7.1"}, 85, 94),
    ],
)
def test_codes_take_away_what_they_contradict(codes, least, most):
    message = known("m", WORDS, "policy", reply_code="550", enhanced_code="5.7.1")
    assert least <= score(WORDS, message, **codes) <= most


def test_another_class_is_never_the_same_message():
    finding = only(f"450 {WORDS}", known("m", WORDS, "no-such-user", reply_code="550"))
    assert finding.why != "same-message"


def test_words_alike_are_similar_and_other_words_are_not():
    message = known("m", WORDS, "policy")
    assert only("550 " + WORDS.replace("on Sundays", "in this week"), message).why == "similar-message"
    assert only("550 Quite another sentence about quite another thing", message).known is None


def test_a_known_message_inside_a_longer_reply_is_similar():
    finding = only(f"550 Good morning to you. {WORDS} and {'so on ' * 40}", known("m", WORDS, "policy"))
    assert (finding.known.message, finding.why) == ("m", "similar-message")


def test_a_short_message_inside_a_longer_reply_is_chance():
    assert (
        only("550 sorry, user unknown and " + "so on " * 30, known("m", "User unknown", "no-such-user")).known is None
    )


def test_two_messages_with_one_wording_stay_level_and_name_both_causes():
    finding = only(f"550 {WORDS}", known("one", WORDS, "policy"), known("two", WORDS, "mailbox-full"))
    assert (finding.known.message, finding.cause, finding.also) == ("one", "policy", ("mailbox-full",))
    assert [(match.known.message, match.score) for match in finding.others] == [("two", 100)]


def test_of_one_wording_under_two_codes_the_one_with_our_code_wins():
    finding = only(
        f"552 {WORDS}",
        known("a", WORDS, "policy", reply_code="550"),
        known("b", WORDS, "mailbox-full", reply_code="552"),
    )
    assert (finding.known.message, finding.also) == ("b", ())


def test_a_messages_own_actor_wins_over_its_causes():
    finding = only(f"550 {WORDS}", known("m", WORDS, "policy", who_acts="recipient-admin", then=("sender-person",)))
    assert (finding.who_acts, finding.then) == ("recipient-admin", ("sender-person",))
    assert only(f"550 {WORDS}", known("m", WORDS, "policy")).who_acts == "sender-admin"


@pytest.mark.parametrize(
    ("paste", "cause", "why"),
    [
        ("550 5.2.2 words nobody knows", "mailbox-full", "enhanced-code"),
        ("552 words nobody knows", "mailbox-full", "reply-code"),
        ("550 words nobody knows", "unclear", "reply-code"),
        ("571 words nobody knows", "unclear", "nothing"),
        ("450 4.1.1 words nobody knows", "unclear", "enhanced-code"),
        ("550 5.9.9 words nobody knows", "unclear", "reply-code"),
    ],
)
def test_words_nobody_knows_are_answered_by_their_codes(paste, cause, why):
    finding = only(paste)
    assert (finding.cause, finding.why) == (cause, why)


@pytest.mark.parametrize("cause", ["no-such-user", "domain-no-mail", "bad-address", "mailbox-disabled"])
@pytest.mark.parametrize("code", ["450", "4.1.1", "4.9.9"])
def test_a_temporary_code_never_says_that_the_address_is_dead(cause, code):
    catalogue = Dictionary(
        codes={code: CodeMeaning(cause)}, causes={cause: CauseFacts("sender-person", (), "permanent")}
    )
    (finding,) = diagnose(f"{code} words nobody knows", catalogue).findings
    assert finding.cause == "unclear"
    assert finding.also == (cause,)


def test_an_enhanced_code_that_leaves_several_causes_open_binds_the_reply_code():
    codes = {
        "4.7.1": CodeMeaning(None, ("policy", "greylisted")),
        "450": CodeMeaning("busy"),
        "451": CodeMeaning("policy"),
    }
    causes = {slug: CauseFacts("sender-admin", (), "both") for slug in ("policy", "greylisted", "busy")}
    catalogue = Dictionary(codes=codes, causes=causes)
    (against,) = diagnose("450 4.7.1 words nobody knows", catalogue).findings
    (within,) = diagnose("451 4.7.1 words nobody knows", catalogue).findings
    assert (against.cause, against.also) == ("unclear", ("policy", "greylisted"))
    assert within.cause == "policy"


def test_what_cannot_be_ruled_out_is_named():
    assert only("550 words nobody knows").also == ("no-such-user", "policy")
    assert only("554 5.7.1 words nobody knows").also == ("blocklisted",)


@pytest.mark.parametrize(
    ("code", "lasting"), [("550", "permanent"), ("451", "temporary"), ("5.1.1", "permanent"), ("4.2.2", "temporary")]
)
def test_the_first_digit_says_whether_it_lasts(code, lasting):
    assert only(f"{code} words nobody knows").permanence == lasting


def test_the_catalogue_is_asked_each_question_once_or_twice_for_any_number_of_replies():
    catalogue = Dictionary()
    diagnose("\n".join(f"550 5.1.{i} words number {'x' * i}" for i in range(1, 60)), catalogue)
    assert all(catalogue.asked.count(question) <= 2 for question in catalogue.asked)


def test_a_vendors_name_comes_from_the_message():
    assert (
        answer("550 Too many hops, the mail goes round in circles here", *FEW).findings[0].known.vendor == "some-vendor"
    )
