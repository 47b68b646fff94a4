"""Codes and roles in addresses: what is not written like one is a 404 before any view runs."""

from kb.models import Role


class ReplyClassConverter:
    regex = "[45]"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class ReplyCodeConverter(ReplyClassConverter):
    regex = "[2-5][0-9]{2}"


class EnhancedCodeConverter(ReplyClassConverter):
    regex = r"[245Xx]\.[0-9]{1,3}\.[0-9]{1,3}"


class RoleConverter(ReplyClassConverter):
    regex = "|".join(Role.values)
