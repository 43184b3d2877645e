"""What can be wrong with a disavow file: one code, name and severity for each defect."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]


class Code(NamedTuple):
    """A kind of defect; `error` = the line or file is lost or does harm when uploaded."""

    id: str
    name: str
    severity: Severity
    meaning: str


CODES: dict[str, Code] = {
    code.id: code
    for code in (
        # The file as a whole
        Code("DF001", "file-name", "error", "Google takes only files that end in .txt"),
        Code("DF002", "byte-order-mark", "warning", "the file begins with a byte order mark"),
        Code("DF003", "encoding", "error", "the file is not UTF-8"),
        Code("DF004", "too-many-lines", "error", "more than 100,000 lines, comments included"),
        Code("DF005", "too-large", "error", "more than 2 MB, comments included"),
        Code("DF006", "no-directive", "warning", "uploading the file would wipe the live list"),
        Code("DF007", "line-ends", "error", "the lines end in a lone carriage return"),
        # Lines that are no directive
        Code("DF101", "domain-prefix", "error", "`domain:` is misspelt or followed by a space"),
        Code("DF102", "url-prefix", "error", "a URL stands alone, without a prefix"),
        Code("DF103", "host-wildcard", "error", "wildcards do not exist"),
        Code("DF104", "path-wildcard", "error", "a URL is that page alone, `*` stands for itself"),
        Code("DF105", "bare-host", "error", "a host without `domain:` is ignored"),
        Code("DF106", "not-a-host", "error", "`domain:` takes a host: no scheme, path or port"),
        Code("DF107", "junk", "error", "neither a comment, a URL nor a domain"),
        Code("DF108", "text-behind", "error", "text behind the directive; comments need a line"),
        Code("DF109", "not-absolute", "error", "a URL begins with http:// or https://"),
        Code("DF110", "bad-url", "error", "the URL holds something that Google refuses"),
        Code("DF111", "long-url", "error", "the URL is longer than 2,048 characters"),
        Code("DF112", "bad-host", "error", "no valid host name"),
        Code("DF113", "odd-characters", "warning", "characters that a URL should percent-encode"),
        Code("DF114", "invisible", "warning", "invisible characters in the line"),
        # Directives that do harm or nothing
        Code("DF201", "ip-address", "error", "an IP address is not a domain"),
        Code("DF202", "public-suffix", "error", "everybody below a public suffix is disavowed"),
        Code("DF203", "whole-tld", "error", "a whole top-level domain is disavowed"),
        Code("DF204", "platform", "error", "everybody on the platform is disavowed"),
        Code("DF205", "own-site", "error", "the site disavows itself"),
        Code("DF206", "look-alike", "warning", "a letter that only looks like another"),
        Code("DF207", "unknown-tld", "warning", "no such top-level domain"),
        Code("DF208", "protected", "error", "allow-listed, trusted or kept by a decision"),
        # Lines that could go or be clearer
        Code("DF301", "duplicate", "warning", "the same directive stands above"),
        Code("DF302", "covered", "warning", "another line covers this one"),
        Code("DF303", "native-idn", "info", "allowed, but punycode is safer"),
        Code("DF304", "www", "warning", "`domain:www.x` does not cover x itself"),
        Code("DF305", "upper-case", "info", "host names are lower case"),
    )
}
