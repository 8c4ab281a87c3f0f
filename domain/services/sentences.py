"""Each finding as one sentence for the owner of the application, in the active language."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from domain.language import _
from domain.services.words import Finding, ServiceWord


def sentence(finding: Finding) -> str:
    """Names what is wrong and where. Values that a finding does not have are left empty."""
    return _template(finding.word).format_map(defaultdict(str, finding.values, subject=finding.subject))


def keyed(findings: Iterable[Finding]) -> dict[str, str]:
    """Findings as values of an evidence, so that they are put into words for whoever reads them: `sentences`."""
    values: dict[str, str] = {}
    for number, finding in enumerate(findings):
        values |= {f"{number}.{name}": value for name, value in finding.values.items()}
        values |= {f"{number}.word": finding.word.value, f"{number}.about": finding.subject}
    return values


def sentences(values: Mapping[str, str]) -> list[str]:
    """Of what `keyed` made, in the active language. A word that this program does not know is left out."""
    found = []
    words = {word.value for word in ServiceWord}
    for number in range(len(values)):
        begin = f"{number}."
        own = {name.removeprefix(begin): value for name, value in values.items() if name.startswith(begin)}
        if not own:
            break
        word, about = own.pop("word", ""), own.pop("about", "")
        if word in words:
            found.append(sentence(Finding(ServiceWord(word), about, own)))
    return found


def _template(word: ServiceWord) -> str:
    """One text for each word, closed. Grouped as people meet them: the way, the answer, the page, the certificate."""
    return _of_the_way(word) or _of_the_page(word) or _of_the_certificate(word) or _of_the_stream(word)


def _of_the_way(word: ServiceWord) -> str:
    texts = {
        ServiceWord.OK: lambda: _("All is well."),
        ServiceWord.UNRESOLVED: lambda: _("The name {subject} is not found in DNS."),
        ServiceWord.UNREACHED: lambda: _("No connection to {subject} within {seconds} s."),
        ServiceWord.REFUSED: lambda: _("{subject} refuses connections: the program there does not run."),
        ServiceWord.SILENT: lambda: _("{subject} takes the connection but does not answer within {seconds} s."),
        ServiceWord.GARBLED: lambda: _("{subject} answers with something that cannot be read."),
        ServiceWord.TLS_FAILED: lambda: _("No encrypted connection to {subject}: {reason}."),
        ServiceWord.OLD_TLS: lambda: _("{subject} speaks only {version}, which browsers refuse."),
        ServiceWord.NO_ANSWER: lambda: _("The DNS server {subject} has no answer for {name}: {reason}."),
        ServiceWord.WRONG_ANSWER: lambda: _("{name} is answered with {answers}; {missing} is missing."),
        ServiceWord.NOT_CHECKABLE: lambda: _("{subject} cannot be checked: {reason}."),
    }
    return texts[word]() if word in texts else ""


def _of_the_page(word: ServiceWord) -> str:
    texts = {
        ServiceWord.WRONG_STATUS: lambda: _("{subject} answers with status {status}."),
        ServiceWord.TEXT_MISSING: lambda: _("The page does not hold the expected words “{text}”."),
        ServiceWord.SLOW: lambda: _("The page takes {seconds} s."),
        ServiceWord.TOO_MANY_REDIRECTS: lambda: _("{subject} is redirected more than {count} times."),
        ServiceWord.REDIRECT_LOOP: lambda: _("{subject} is redirected in a circle."),
        ServiceWord.FOREIGN_REDIRECT: lambda: _("Visitors are sent to {subject}, which is not ours."),
        ServiceWord.DEFACED: lambda: _("The page holds words of a defacement: {phrases}."),
        ServiceWord.CLOAKED: lambda: _("Search engines are shown another page: {phrases}."),
    }
    return texts[word]() if word in texts else ""


def _of_the_certificate(word: ServiceWord) -> str:
    texts = {
        ServiceWord.CERTIFICATE_EXPIRES: lambda: _("The certificate {certificate} of {subject} ends in {days} days."),
        ServiceWord.CERTIFICATE_EXPIRED: lambda: _("The certificate {certificate} of {subject} has expired."),
        ServiceWord.CERTIFICATE_NOT_YET_VALID: lambda: _(
            "The certificate {certificate} of {subject} is not yet valid."
        ),
        ServiceWord.CERTIFICATE_NAME: lambda: _("The certificate of {subject} is for {names}."),
        ServiceWord.CERTIFICATE_SELF_SIGNED: lambda: _("The certificate of {subject} is signed by itself."),
        ServiceWord.CERTIFICATE_UNTRUSTED: lambda: _("Browsers do not trust the certificate of {subject}: {reason}."),
    }
    return texts[word]() if word in texts else ""


def _of_the_stream(word: ServiceWord) -> str:
    match word:
        case ServiceWord.UNAUTHORISED:
            return _("{subject} does not accept our login.")
        case ServiceWord.NO_VIDEO:
            return _("{subject} sends no picture.")
        case ServiceWord.FROZEN:
            return _("The picture of {subject} stands still.")
        case ServiceWord.STILL:
            return _("The picture of {subject} has not changed by a single dot.")
        case ServiceWord.BLACK:
            return _("The picture of {subject} is black.")
        case _:
            raise ValueError(f"no sentence for {word.value}")
