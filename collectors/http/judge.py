"""Judges visits: pure, so that every judgement can be tested without a network."""

from urllib.parse import urljoin, urlsplit

from collectors.http.visit import Visit, shown_url
from domain.services import Finding, HttpCheck, Page, PhraseBook, ServiceWord, is_foreign, read_page


def judge(check: HttpCheck, visit: Visit, book: PhraseBook) -> tuple[Finding, ...]:
    """What is wrong with the page as visitors see it; certificates are judged apart."""
    findings = list(visit.findings)
    answer = visit.answer
    if answer is None:
        return tuple(findings)
    is_page = not (visit.hops and visit.hops[-1].location)  # not one that only sends people on
    if is_page and not _is_expected(check, answer.status):
        findings.append(Finding(ServiceWord.WRONG_STATUS, shown_url(visit.url), {"status": str(answer.status)}))
    page = page_of(visit)
    if check.expect_text and is_page and not _holds(answer.body, page, check.expect_text):
        findings.append(Finding(ServiceWord.TEXT_MISSING, shown_url(visit.url), {"text": check.expect_text}))
    phrases = book.found_in(page)
    if phrases:
        findings.append(Finding(ServiceWord.DEFACED, shown_url(visit.url), {"phrases": ", ".join(phrases[:5])}))
    elsewhere = _refreshed_to(check, visit, page)
    if elsewhere:
        findings.append(Finding(ServiceWord.FOREIGN_REDIRECT, elsewhere))
    took = visit.phases.total_seconds
    if took is not None and took >= check.slow_seconds:
        findings.append(Finding(ServiceWord.SLOW, shown_url(visit.url), {"seconds": f"{took:.1f}"}))
    return tuple(findings)


def cloaked(check: HttpCheck, plain: Visit, search: Visit, book: PhraseBook) -> tuple[Finding, ...]:
    """What only the search engine was shown. A page that turns robots away, or fails for them, is not cloaked."""
    if plain.answer is None or search.answer is None or plain.foreign:
        return ()
    seen = set(book.found_in(page_of(plain)))
    page = page_of(search)
    hidden = [phrase for phrase in book.found_in(page) if phrase not in seen]
    elsewhere = search.foreign or _refreshed_to(check, search, page)
    if not search.foreign and elsewhere == _refreshed_to(check, plain, page_of(plain)):
        elsewhere = ""  # visitors are sent there too, which is said already
    if not seen and hidden:
        return (Finding(ServiceWord.CLOAKED, shown_url(search.url), {"phrases": ", ".join(hidden[:5])}),)
    if elsewhere:
        return (Finding(ServiceWord.CLOAKED, shown_url(search.url), {"phrases": elsewhere}),)
    return ()


def page_of(visit: Visit) -> Page:
    """Only text is read: an image or a download holds no words."""
    if visit.page is None:
        visit.page = _read(visit)
    return visit.page


def _read(visit: Visit) -> Page:
    assert visit.answer is not None
    kind = visit.answer.headers.get("content-type", "text/html")
    if not any(part in kind.lower() for part in ("text", "html", "xml", "json")):
        return Page()
    _type, _equals, charset = kind.lower().partition("charset=")
    return read_page(visit.answer.body, charset.partition(";")[0].strip(" \"'"))


def _is_expected(check: HttpCheck, status: int) -> bool:
    return status < 400 if check.expect_status is None else status == check.expect_status


def _holds(body: bytes, page: Page, text: str) -> bool:
    wanted = " ".join(text.casefold().split())
    return wanted in page.text or wanted in page.title or text.encode() in body


def _refreshed_to(check: HttpCheck, visit: Visit, page: Page) -> str:
    """The foreign host that a meta refresh sends people to."""
    if not page.refresh:
        return ""
    try:
        host = urlsplit(urljoin(visit.url, page.refresh)).hostname or ""
        home = urlsplit(check.url).hostname or ""
    except ValueError:
        return ""
    return host if host and is_foreign(host, home, check.trusted_hosts) else ""
