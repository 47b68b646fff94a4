"""The pages people read; each stands under /ko/ and /en/."""

from django.urls import path, register_converter

from kb.web.converters import EnhancedCodeConverter, ReplyClassConverter, ReplyCodeConverter
from kb.web.views import answer, browse, reading

register_converter(ReplyClassConverter, "class")
register_converter(ReplyCodeConverter, "reply_code")
register_converter(EnhancedCodeConverter, "enhanced_code")

urlpatterns = [
    path("", reading.home, name="home"),
    path("diagnose/", answer.diagnose, name="diagnose"),
    path("search/", browse.search, name="search"),
    path("browse/", browse.browse, name="browse"),
    path("class/<class:first_digit>/", reading.reply_class, name="class"),
    path("code/<reply_code:code>/", reading.code, name="code"),
    path("status/<enhanced_code:code>/", reading.status, name="status"),
    path("cause/", reading.causes, name="causes"),
    path("cause/<slug:slug>/", reading.cause, name="cause"),
    path("message/<slug:slug>/", reading.message, name="message"),
    path("post/", reading.post, name="post"),
    path("about/", reading.about, name="about"),
]
