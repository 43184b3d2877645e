"""Each guard of BL302, BL303 and the classes of anchors is necessary (invariant 33).

A case that accuses nobody; the same case with exactly that guard switched off accuses somebody.
"""

from typing import NamedTuple

import pytest

from backlint import audit
from backlint.cases import Case, run_case
from backlint.rules import terms
from backlint.rules.catalog import load_points
from guards import Off, feature, feature_params, put, rule

POINTS = load_points()
READERS = "a{1..330}.com/post -> shop.com/ | notes on tents {1..330}\n"
ABROAD = "r{1..8}.com/post -> shop.com/ | купить двери {1..8}\n"
BLOGS = "blog{1..9}.com/post -> tents.com/ | a walk in the hills {1..9}\n"


class Guard(NamedTuple):
    """A guard: its rule, how to switch off exactly it, and the honest profile that needs it."""

    name: str
    rule: str
    off: Off
    links: str
    site: str = "shop.com"
    brand: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    families: tuple[tuple[str, str], ...] = ()
    least: float = 1.0  # points


GUARDS = [
    Guard(
        "a script that many use is an audience",
        "BL302",
        rule("BL302", max_p=1.1),
        READERS + "r{1..20}.com/post -> shop.com/ | купить двери {1..20}",
    ),
    Guard(
        "trusted sources and nofollow links show an audience",
        "BL302",
        feature(
            "foreign_uses",
            "SELECT f.* FROM found f",
            "SELECT f.* FROM (SELECT * FROM found WHERE credit) f",
        ),
        READERS + ABROAD + "n{1..20}.com/post -> shop.com/ | купить двери {1..20} | nofollow",
    ),
    Guard(
        "four owners are no sign of anything",
        "BL302",
        rule("BL302", min_owners=1),
        READERS + "r{1..4}.com/post -> shop.com/ | купить двери {1..4}",
    ),
    Guard(
        "most of an owner's links must be foreign",
        "BL302",
        rule("BL302", "HAVING 2 * sum(t.links) > any_value(o.links)", ""),
        READERS + ABROAD + "r{1..8}.com/[1..2] -> shop.com/ | a walk in the hills {1..8}",
    ),
    Guard(
        "pointing words and addresses are in nobody's way",
        "BL302",
        feature("foreign_uses", "AND k.class IN ('exact', 'partial', 'other')", ""),
        READERS + "r{1..8}.com/post -> shop.com/ | подробнее здесь",
    ),
    Guard(
        "a script is at home under its suffix",
        "BL302",
        feature("foreign_uses", "h.kind = 'tld'", "h.kind = 'none'"),
        (READERS + ABROAD).replace("shop.com", "shop.ru"),
        site="shop.ru",
    ),
    Guard(
        "a script is at home where a namesake has its suffix",
        "BL302",
        feature(
            "foreign_uses", "ON split_part(d.domain, '.', 1) = s.label", "ON d.domain = s.label"
        ),
        READERS + ABROAD + "reader.com/post -> shop.ru/ | Shop",
    ),
    Guard(
        "a script is at home where an edition of the family has its suffix",
        "BL302",
        feature("foreign_uses", "WHERE a.is_site", "WHERE a.is_site AND n.is_site"),
        READERS + ABROAD + "reader.com/post -> magazin.ru/ | magazin",
        families=(("shop.com", "shop"), ("magazin.ru", "shop")),
    ),
    Guard(
        "a script is at home on pages with its language code",
        "BL302",
        feature("foreign_uses", "h.kind = 'language'", "h.kind = 'none'"),
        READERS + ABROAD.replace("shop.com/", "shop.com/ru/"),
    ),
    Guard(
        "a script is at home when it is that of the brand or a keyword",
        "BL302",
        put(terms, "scripts_of", lambda text: set()),
        READERS + ABROAD,
        brand=("Магазин",),
    ),
    Guard(
        "one word of a trade is an accident",
        "BL303",
        rule("BL303", min_tokens=1),
        BLOGS + "clinic.com/a -> tents.com/ | how Viagra came to be",
        site="tents.com",
        least=8,
    ),
    Guard(
        "a subject in a longer text is what news are about",
        "BL303",
        feature("spam_texts", "AND (NOT s.alone OR l.words = s.words)", ""),
        BLOGS + "news.com/a -> tents.com/ | how sports betting became legal",
        site="tents.com",
        least=8,
    ),
    Guard(
        "one spam comment among an owner's links does not condemn him",
        "BL303",
        rule("BL303", min_share=0.0),
        BLOGS
        + "diary.com/spam -> tents.com/ | buy viagra online\ndiary.com/{1..3} -> tents.com/ | rain {1..3}",
        site="tents.com",
        least=8,
    ),
    Guard(
        "words count whole",
        "BL303",
        feature("spam_texts", "contains(l.words, s.needle)", "contains(l.words, trim(s.needle))"),
        BLOGS + "a.com/a -> tents.com/ | cialist news",
        site="tents.com",
    ),
    Guard(
        "a site may be of that trade by its name",
        "BL303",
        feature("own_trades", "ON n.node = b.target", "ON n.node = b.target AND n.node = ''"),
        "a.com/a -> casino-royal.com/ | free spins\nb{1..9}.com/a -> casino-royal.com/ | a good read {1..9}",
        site="casino-royal.com",
    ),
    Guard(
        "a site may be of that trade by its keywords",
        "BL303",
        feature(
            "own_trades",
            "CROSS JOIN keywords k WHERE a.is_site",
            "CROSS JOIN keywords k WHERE a.is_site AND a.is_ip",
        ),
        "a.com/a -> fox.com/ | free spins\nb{1..9}.com/a -> fox.com/ | a good read {1..9}",
        site="fox.com",
        keywords=("online slots",),
    ),
    Guard(
        "related words in a name tell its trade",
        "BL303",
        put(
            terms,
            "_own_trade_words",
            lambda entries: (
                terms._spam_words(*(terms._entries([name]) for name in terms.SPAM_LISTS))
                .select("vertical", "squash")
                .head(1)
            ),
        ),
        "a.com/a -> hillpharmacy.com/ | sildenafil tadalafil\nb{1..9}.com/a -> hillpharmacy.com/ | a good read {1..9}",
        site="hillpharmacy.com",
    ),
    Guard(
        "a site is of the trade that a third of those who link to it speak of",
        "BL303",
        feature_params("own_trades", min_share=2.0),
        "a{1..5}.com/a -> fox.com/ | free spins {1..5}\nb{1..9}.com/a -> fox.com/ | a good read {1..9}",
        site="fox.com",
    ),
    Guard(
        "the brand name excuses what stands beside it",
        "BL303",
        rule("BL303", "AND u.class IN ('exact', 'partial', 'other')", ""),
        "a.com/a -> hilltents.com/ | Hilltents at the casino poker night\nb{1..9}.com/a -> hilltents.com/ | a good read {1..9}",
        site="hilltents.com",
    ),
    Guard(
        "trusted sources are left out of the trades",
        "BL303",
        rule("BL303", "AND NOT o.trusted AND NOT o.own", ""),
        BLOGS + "en.wikipedia.org/wiki/Spam -> tents.com/ | buy viagra online",
        site="tents.com",
    ),
    Guard(
        "accents do not part a brand from its name",
        "BL301",
        feature("anchor_texts", "strip_accents(replace(text, chr(0), ' '))", "text"),
        "a{1..20}.com/post -> cafelumiere.com/ | Café Lumière",
        site="cafelumiere.com",
        keywords=("café lumière",),
    ),
    Guard(
        "a slip of the pen is still the brand",
        "BL301",
        feature_params("anchor_classes", slips=-1),
        "a{1..20}.com/post -> harborlamps.com/ | Habor Lamps",
        site="harborlamps.com",
    ),
    Guard(
        "pointing words together are still generic",
        "BL301",
        feature(
            "anchor_texts",
            "WHEN g.text_id IS NOT NULL THEN 'generic'",
            "WHEN g.text_id IS NOT NULL THEN 'other'",
        ),
        "a{1..20}.com/post -> shop.com/ | click here to read more",
    ),
]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_guard_is_necessary(guard: Guard) -> None:
    assert accusation(guard) < guard.least
    with guard.off():
        assert accusation(guard) >= guard.least


def accusation(guard: Guard) -> float:
    """Return the points of the highest level that the guard's rule reaches on its profile."""
    case = Case(
        name=guard.name,
        expect="clean",
        links=guard.links,
        site=guard.site,
        brand=list(guard.brand),
        keywords=list(guard.keywords),
        families=dict(guard.families),
    )
    found = next(r for r in audit.load_rules(()) if r.header.id == guard.rule)
    claims, ended = run_case(found, case)
    assert ended.state == "ran"
    return max((POINTS.worth(guard.rule, claim.level) for claim in claims), default=0.0)
