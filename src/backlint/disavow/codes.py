"""What can be wrong with a disavow file: one code, name, severity and cure for each defect."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]


class Code(NamedTuple):
    """A kind of defect; `error` = the line or file is lost or does harm when uploaded.

    `cure` is what to do where no text can be given that the line should have.
    """

    id: str
    name: str
    severity: Severity
    meaning: str
    cure: str


_NAME_IT = "name the hosts one by one"
_BELOW = "name the spam hosts below it one by one"
_WRITE = "write domain:HOST, a URL, or put # in front"

CODES: dict[str, Code] = {
    code.id: code
    for code in (
        # The file as a whole
        Code("DF001", "file-name", "error", "Google takes only files that end in .txt",
             "save it as plain text, in a file that ends in .txt"),
        Code("DF002", "byte-order-mark", "warning", "the file begins with a byte order mark",
             "save as UTF-8 without it"),
        Code("DF003", "encoding", "error", "the file is not UTF-8", "save as UTF-8"),
        Code("DF004", "too-many-lines", "error", "more than 100,000 lines, comments included",
             "drop comments, or replace URLs and subdomains by one domain: line for the site"),
        Code("DF005", "too-large", "error", "more than 2 MB, comments included",
             "drop comments, or replace URLs and subdomains by one domain: line for the site"),
        Code("DF006", "no-directive", "warning", "uploading the file would wipe the live list",
             "do not upload it, unless that is meant"),
        Code("DF007", "line-ends", "error", "the lines end in a lone carriage return",
             "save with LF or CRLF"),
        Code("DF008", "not-text", "error", "a workbook or document under the name of a text file",
             "export it as plain text in UTF-8"),
        # Lines that are no directive
        Code("DF101", "domain-prefix", "error", "`domain:` is misspelt or followed by a space",
             "write domain:HOST without a space"),
        Code("DF102", "url-prefix", "error", "a URL stands alone, without a prefix",
             "write the URL alone, or domain:HOST for the whole site"),
        Code("DF103", "host-wildcard", "error", "wildcards do not exist", _NAME_IT),
        Code("DF104", "path-wildcard", "error", "a URL is that page alone, `*` stands for itself",
             "name the pages, or write domain:HOST for the whole site"),
        Code("DF105", "bare-host", "error", "a host without `domain:` is ignored", _WRITE),
        Code("DF106", "not-a-host", "error", "`domain:` takes a host: no scheme, path or port",
             "write domain:HOST for the whole site, or the URL without domain:"),
        Code("DF107", "junk", "error", "neither a comment, a URL nor a domain", _WRITE),
        Code("DF108", "text-behind", "error", "text behind the directive; comments need a line",
             "move the comment to a line of its own; write a space in a URL as %20"),
        Code("DF109", "not-absolute", "error", "a URL begins with http:// or https://",
             "write the whole URL, with http:// or https://"),
        Code("DF110", "bad-url", "error", "the URL holds something that Google refuses",
             "copy the address from a browser, or write domain:HOST for the whole site"),
        Code("DF111", "long-url", "error", "the URL is longer than 2,048 characters",
             "a cut URL is another page; only domain:HOST, for the whole site, can cover it"),
        Code("DF112", "bad-host", "error", "no valid host name",
             "write a host such as example.com"),
        Code("DF113", "odd-characters", "warning", "characters that a URL should percent-encode",
             "percent-encode them"),
        Code("DF114", "invisible", "warning", "invisible characters in the line", "remove them"),
        Code("DF115", "cells", "error", "cells of a spreadsheet", _WRITE),
        # Directives that do harm or nothing
        Code("DF201", "ip-address", "error", "an IP address is not a domain",
             "name the hosts at that address, or single URLs"),
        Code("DF202", "public-suffix", "error", "everybody below a public suffix is disavowed",
             _BELOW),
        Code("DF203", "whole-tld", "error", "a whole top-level domain is disavowed", _BELOW),
        Code("DF204", "platform", "error", "everybody on the platform is disavowed",
             "name the spam hosts below it one by one, or single URLs"),
        Code("DF205", "own-site", "error", "the site disavows itself", "remove the line"),
        Code("DF206", "look-alike", "warning", "a letter that only looks like another",
             "copy the name from the link itself; keep the line if it is right"),
        Code("DF207", "unknown-tld", "warning", "no such top-level domain",
             "look for a typing error in the ending"),
        Code("DF208", "protected", "error", "allow-listed, or kept by a decision",
             "remove the line, or take back the allowance or decision"),
        Code("DF209", "trusted", "warning", "an institution or publisher that many trust",
             "if its pages were hacked, name these URLs or the one host"),
        # Lines that could go or be clearer
        Code("DF301", "duplicate", "warning", "the same directive stands above", "remove the line"),
        Code("DF302", "covered", "warning", "another line covers this one", "remove the line"),
        Code("DF303", "native-idn", "info", "allowed, but punycode is safer", "write punycode"),
        Code("DF304", "www", "warning", "`domain:www.x` does not cover x itself",
             "write domain:x to cover that as well"),
        Code("DF305", "upper-case", "info", "host names are lower case", "write lower case"),
        Code("DF306", "home-page", "info", "the URL of a home page is that one page alone",
             "write domain:HOST if the whole site is meant"),
    )
}  # fmt: skip
