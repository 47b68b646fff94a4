"""Exit with 0 when the site on this machine is ready, with 1 when it is not; says what it answered."""

import http.client
import os
import sys

# Any other host name than the site's own would get status 400.
name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
site = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=8)
try:
    site.request("GET", "/readyz", headers={"Host": name if name not in ("", "*") else "localhost"})
    answer = site.getresponse()
except (OSError, http.client.HTTPException) as error:
    sys.exit(f"no answer: {error}")
print(answer.status, answer.read(200).decode(errors="replace").strip())
sys.exit(answer.status != 200)
