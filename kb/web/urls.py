"""The pages people read; each stands under /ko/ and /en/."""

from django.urls import path, register_converter

from kb.web.converters import EnhancedCodeConverter, ReplyClassConverter, ReplyCodeConverter, RoleConverter
from kb.web.views import answer, browse, codes, reading, sides

register_converter(ReplyClassConverter, "class")
register_converter(ReplyCodeConverter, "reply_code")
register_converter(EnhancedCodeConverter, "enhanced_code")
register_converter(RoleConverter, "role")

urlpatterns = [
    path("", reading.home, name="home"),
    path("diagnose/", answer.diagnose, name="diagnose"),
    path("search/", browse.search, name="search"),
    path("browse/", browse.browse, name="browse"),
    path("class/<class:first_digit>/", codes.reply_class, name="class"),
    path("code/<reply_code:code>/", codes.code, name="code"),
    path("status/", codes.statuses, name="statuses"),
    path("status/<enhanced_code:code>/", codes.status, name="status"),
    path("cause/", reading.causes, name="causes"),
    path("cause/<slug:slug>/", reading.cause, name="cause"),
    path("vendor/", sides.vendors, name="vendors"),
    path("vendor/<slug:slug>/", sides.vendor, name="vendor"),
    path("who/<role:role>/", sides.who, name="who"),
    path("message/<slug:slug>/", reading.message, name="message"),
    path("post/", reading.post, name="post"),
    path("about/", reading.about, name="about"),
]
