"""The way from the home page to a page: what its breadcrumbs show."""


def trail(here, *parents):
    """Return the context of the breadcrumbs: the page's own name, and (name, address) of the pages above it."""
    return {"here": here, "crumbs": parents}
