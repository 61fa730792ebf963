"""Plays the user of an application that opens a browser: signs in, approves, follows the redirect.

Started as BROWSER by the application, with the address to open. Speaks plain HTTP and knows only what a person sees: the
form with the fields `login` and `password`, and the form that is sent to `/user-api-key`. Ends by itself after 30 seconds.
"""

import os
import re
import signal
import sys
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar

DIARY = os.environ["HALLPASS_VISITOR_DIARY"]
WHO = {"login": os.environ["HALLPASS_VISITOR_LOGIN"], "password": os.environ["HALLPASS_VISITOR_PASSWORD"]}
LONGEST_WAY = 10


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and its inputs by type and name."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.open = False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.found.append({"action": attributes.get("action", ""), "inputs": []})
            self.open = True
        elif tag == "input" and self.open and "name" in attributes:
            kind = attributes.get("type", "text")
            self.found[-1]["inputs"].append((kind, attributes["name"], attributes.get("value", "")))

    def handle_endtag(self, tag):
        self.open = self.open and tag != "form"


class Visitor:
    def __init__(self):
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), StayHere)
        self.url = ""
        self.page = ""

    def go(self, url, fields=None):
        """Opens an address or sends a form, and follows redirects as a browser does: with GET."""
        for _ in range(LONGEST_WAY):
            self.url = urllib.parse.urljoin(self.url, url)
            data = None if fields is None else urllib.parse.urlencode(fields).encode()
            status, headers, self.page = self.ask(urllib.request.Request(self.url, data))
            note(f"{'GET' if data is None else 'POST'} {self.url.split('?')[0]} {status}")
            if "Location" not in headers:
                return
            url, fields = headers["Location"], None
        raise SystemExit("too many redirects")

    def ask(self, request):
        try:
            answer = self.opener.open(request, timeout=10)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return answer.status, answer.headers, answer.read().decode()

    def submit(self, wanted):
        """Sends the first form that `wanted` likes, with its hidden inputs and who we are where it asks."""
        for form in Forms(self.page).found:
            if wanted(form):
                filled = [(name, sent(WHO.get(name, value))) for kind, name, value in form["inputs"] if name in WHO or kind == "hidden"]
                return self.go(form["action"], filled)
        note(self.page)
        raise SystemExit(f"the form is not on {self.url}")


def sent(value):
    """A browser sends every line break of a form as CR LF."""
    return re.sub(r"\r\n|\r|\n", "\r\n", value)


def note(line):
    with open(DIARY, "a", encoding="utf-8") as diary:
        print(line, file=diary)


def is_sign_in(form):
    return WHO.keys() <= {name for _, name, _ in form["inputs"]}


def is_approval(form):
    return urllib.parse.urlsplit(form["action"]).path.endswith("/user-api-key")


if __name__ == "__main__":
    signal.alarm(30)
    try:
        visitor = Visitor()
        visitor.go(sys.argv[1])
        visitor.submit(is_sign_in)
        visitor.submit(is_approval)
    except (Exception, SystemExit) as why:
        note(f"stopped: {why!r}")
        raise
