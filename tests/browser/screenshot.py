"""Take the README's picture, the home page of the site in build/site: ``make screenshot``."""

from __future__ import annotations

from pathlib import Path

from tests.support.browser import launched_browser, site_server

PICTURE = Path("site/docs/assets/screenshot.png")
WIDTH, HEIGHT = 1280, 820


def main() -> None:
    """Write the picture."""
    with site_server(Path("build/site")) as address, launched_browser() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        answer = page.goto(address, wait_until="networkidle")
        if answer is None or not answer.ok:
            raise SystemExit("there is no site in build/site: run `make site` first")
        page.screenshot(path=PICTURE)
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
