"""The engine: what a mail server said, what it means, whose side it is on. Pure Python, no database, no HTML."""

from kb.diagnosis.engine import diagnose
from kb.diagnosis.shapes import Catalogue, CauseFacts, CodeMeaning, Diagnosis, Finding, Known, Reply, Span
from kb.diagnosis.skeleton import fingerprint, skeleton

__all__ = [
    "Catalogue",
    "CauseFacts",
    "CodeMeaning",
    "Diagnosis",
    "Finding",
    "Known",
    "Reply",
    "Span",
    "diagnose",
    "fingerprint",
    "skeleton",
]
