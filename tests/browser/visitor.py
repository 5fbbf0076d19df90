"""One person at one browser."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.browser.served import Portal


@dataclass
class Visitor:
    """One person at one browser, and what the browser complained about."""

    portal: Portal
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        response = self.page.goto(self.portal.url + path)
        assert response is not None
        return response.status

    def log_in(self, username: str) -> None:
        """Through the form, as a person does; ends on ホーム."""
        self.open("/account/login/")
        self.page.get_by_label("ユーザー名").fill(username)
        self.page.get_by_label("パスワード").fill(self.portal.password)
        self.page.get_by_role("button", name="ログイン").click()
        self.page.wait_for_url(self.portal.url + "/")

    def watch(self) -> None:
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.complaints.append(f"{self.page.url} {error.error}"))
        self.context.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        # Chromium also reports a page that was answered with 404 or 409; the tests ask for those on purpose.
        if message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url:
            return
        self.complaints.append(f"{self.page.url} {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith(self.portal.url + "/"):
            self.complaints.append(f"{self.page.url} asked for {request.url}")
