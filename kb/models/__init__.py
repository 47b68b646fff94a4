"""The tables of the knowledge base."""

from kb.models.causes import Cause, Remedy, Synonym, Usual
from kb.models.codes import EnhancedCode, ReplyCode
from kb.models.content import Content
from kb.models.fields import CleanTextField, Permanence, Role
from kb.models.index import ContentVersion, Document, Seeded, Shingle, Wording
from kb.models.messages import Message, OftenSeen, Sample, SourceGrade, State, Vendor
from kb.models.post import Bold, Post, PostEntry, Verdict

__all__ = [
    "Bold",
    "Cause",
    "CleanTextField",
    "Content",
    "ContentVersion",
    "Document",
    "EnhancedCode",
    "Message",
    "OftenSeen",
    "Permanence",
    "Post",
    "PostEntry",
    "Remedy",
    "ReplyCode",
    "Role",
    "Sample",
    "Seeded",
    "Shingle",
    "SourceGrade",
    "State",
    "Synonym",
    "Usual",
    "Vendor",
    "Verdict",
    "Wording",
]
