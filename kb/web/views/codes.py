"""Pages of the codes: the two classes, one reply code, the map of the enhanced codes, one of them."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.filters import of_class, of_status
from kb.models import EnhancedCode, Message, ReplyCode
from kb.web.code_page import code_page
from kb.web.groups import SUBJECTS, by_cause, by_code, by_subject, in_order
from kb.web.methods import reading
from kb.web.trail import trail

MOST_RELATED = 12


@reading
def reply_class(request, first_digit):
    messages = of_class(Message.objects.published(), first_digit)
    groups = by_code(ReplyCode.objects.filter(code__startswith=first_digit), messages)
    context = {
        "first_digit": first_digit,
        "groups": groups,
        "causes": by_cause(messages),
        "total": sum(count for _code, _messages, count in groups),
    }
    return render(request, "pages/class.html", context)


@reading
def code(request, code):
    # 55x are its neighbours; 450 and 550 say the same for a while and for good.
    near = ReplyCode.objects.filter(Q(code__startswith=code[:2]) | Q(code__endswith=code[1:]))
    codes = {row.code: row for row in near}
    if code not in codes:
        raise Http404
    row = codes.pop(code)
    registered = EnhancedCode.objects.filter(registered=True).only("code", "name", "basic_codes")
    beside = [status for status in registered if code in status.basic_codes]
    context = code_page(row, Message.objects.published().filter(reply_code=row)) | {
        "code": code,
        "related": codes.items(),
        "statuses": sorted(beside, key=in_order),
        "filters": f"code={code}",
        **trail(code, *([(f"{code[0]}xx", reverse("class", args=[code[0]]))] if code[0] in "45" else [])),
    }
    return render(request, "pages/code.html", context)


@reading
def statuses(request):
    return render(request, "pages/statuses.html", {"subjects": by_subject()})


@reading
def status(request, code):
    code = code.upper()
    digit, family = code.split(".", 1)
    subject = family.split(".")[0]
    codes = {row.code: row for row in EnhancedCode.objects.filter(code__startswith=f"X.{subject}.")}
    row = codes.pop(f"X.{family}", None)
    if row is None:
        raise Http404
    of_subject = sorted(codes.values(), key=lambda other: abs(in_order(other)[1] - in_order(row)[1]))[:MOST_RELATED]
    context = code_page(row, of_status(Message.objects.published(), code)) | {
        "code": code,
        "is_status": True,
        "canonical": row.get_absolute_url(),
        "siblings": [f"{other}.{family}" for other in "45" if other != digit],
        "subject": (subject, SUBJECTS.get(subject, "")),
        "related": [(digit + other.code[1:], other) for other in sorted(of_subject, key=in_order)],
        "digit": digit,
        "basic_codes": ReplyCode.objects.filter(code__in=row.basic_codes).values_list("code", flat=True),
        "filters": f"enhanced={code}",
        **trail(
            code,
            (_("Enhanced codes"), reverse("statuses")),
            (f"X.{subject}", f"{reverse('statuses')}#subject-{subject}"),
        ),
    }
    return render(request, "pages/code.html", context)
