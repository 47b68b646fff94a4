"""Pages over one connection, against the same bytes as a file: by nginx where there is one, and by the site itself."""

import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, closing, contextmanager, suppress

from bench.timing import Work, in_turn, row
from kb.models import Message
from tests.processes import manage, serving

PORTS = range(8500, 8550)
AIMS = {"uncached": 60, "cached": 9, "304": 8}  # of the time that nginx takes


class Browser:
    """One connection that stays open, with as little work of its own as can be: it would count on both sides."""

    def __init__(self, port, path, *headers):
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
        self.request = "\r\n".join(lines).encode()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self):
        """Return (status, head, body)."""
        self.socket.sendall(self.request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].lower()
        status, left = int(head[9:12]), end + 4 - len(got)
        if status != 304:
            left += int(head.partition(b"\r\ncontent-length:")[2].split(b"\r\n", 1)[0])
        pieces = [got[end + 4 :]]
        while left > 0:
            pieces.append(piece := self._more())
            left -= len(piece)
        return status, got[:end], b"".join(pieces)

    def close(self):
        self.socket.close()

    def _more(self):
        if piece := self.socket.recv(1 << 18):
            return piece
        raise ConnectionError("the server hung up")


def rows(databases, folder, seconds):
    small = min(size for _, size in databases)
    database = databases["SQLite", small]
    database.use()
    message = Message.objects.published().filter(post_entry__isnull=False).order_by("pk")[0]
    paths = {"home": "/en/", "message": f"/en/message/{message.slug}/"}
    database.connection.close()
    site = {"SQLITE_PATH": database.connection.settings_dict["NAME"], "STATIC_ROOT": folder / "static"}
    site |= {"RATE_LIMIT": 0}
    manage("collectstatic", "--noinput", "-v0", COLLECTING=1, **site)
    free = _free_ports()
    with ExitStack() as stack:
        uncached, cached = next(free), next(free)
        stack.enter_context(serving(uncached, folder / "uncached.log", CACHE_PAGES=0, **site))
        for name, path in paths.items():
            with closing(Browser(uncached, path)) as browser:
                status, _, body = browser.get()
            _expect(status, 200, path)
            (folder / "static" / f"{name}.html").write_bytes(body)
        # It looks for its static files when it starts, so it starts after they were written.
        stack.enter_context(serving(cached, folder / "cached.log", CACHE_PAGES=1, **site))
        nginx = stack.enter_context(_nginx(next(free), folder)) if shutil.which("nginx") else None
        yield from _rows(paths, uncached, cached, nginx, seconds, stack)


def _rows(paths, uncached, cached, nginx, seconds, stack):
    for name, path in paths.items():
        with closing(Browser(cached, path)) as browser:
            tag = _field(browser.get()[1], "ETag")  # it depends on the port, as pages name themselves in full
        browsers = {
            "uncached": Browser(uncached, path),
            "cached": Browser(cached, path),
            "304": Browser(cached, path, f"If-None-Match: {tag}"),
            "the site": Browser(cached, f"/static/{name}.html"),
        }
        if nginx:
            browsers["nginx"] = Browser(nginx, f"/{name}.html")
        sizes = set()
        for what, browser in browsers.items():
            stack.callback(browser.close)
            status, _, body = browser.get()
            _expect(status, 304 if what == "304" else 200, f"{what}, {path}")
            sizes |= {len(body)} - {0}
        _expect(len(sizes), 1, f"lengths of {path}")
        times = in_turn({what: Work(_getting(browser)) for what, browser in browsers.items()}, seconds=seconds)
        for server in [server for server in ("nginx", "the site") if server in times]:
            for what, aim in AIMS.items():
                aims = {"aim_median": aim} if server == "nginx" or not nginx else {}
                base = f"the same {sizes.copy().pop() / 1000:.0f} kB as a file by {server}"
                yield row(f"{name} page, {what}", times[what], base, times[server], **aims)


def _getting(browser):
    return lambda _: browser.get()


def _expect(found, wanted, what):
    if found != wanted:
        raise SystemExit(f"{what}: {found} instead of {wanted}")


def _field(head, name):
    for line in head.decode("latin-1").split("\r\n"):
        field, _, value = line.partition(":")
        if field.lower() == name.lower():
            return value.strip()
    raise SystemExit(f"the page has no {name}")


def _free_ports():
    for port in PORTS:
        with closing(socket.socket()) as probe:
            is_free = probe.connect_ex(("127.0.0.1", port)) != 0
        if is_free:
            yield port


@contextmanager
def _nginx(port, folder):
    """Serve the folder's static files by nginx; yield its port."""
    settings = folder / "nginx.conf"
    settings.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log crit;\n"
        "events {}\n"
        f"http {{ access_log off; types {{ text/html html; }} keepalive_requests 1000000; sendfile on;\n"
        + "".join(f"  {kind}_temp_path {folder}/{kind};\n" for kind in NGINX_FOLDERS)
        + f"  server {{ listen 127.0.0.1:{port}; root {folder}/static; }} }}\n"
    )
    command = [shutil.which("nginx"), "-p", str(folder), "-e", str(folder / "nginx.log"), "-c", str(settings)]
    with subprocess.Popen(command) as process:  # noqa: S603 - a fixed command
        try:
            for _ in range(100):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()


NGINX_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
