"""What kind of trouble a profile is in, and what its owner does first."""

from collections.abc import Sequence

from backlint.findings import Scheme, Triage, tie_words

# what a disavow file is for, in the words that every answer comes back to
_ADVICE = (
    "Google advises to disavow only where there are many spammy links and, beside them, a manual "
    "action or the likelihood of one"
)


def triage(
    *,
    manual_action: bool,
    schemes: Sequence[Scheme],
    disavowed: int,
    reviewed: int,
    told: int,
    found: bool,
    ran: int,
    missing: int,
) -> Triage:
    """Return the kind of trouble, in a sentence, and the steps in their order.

    `schemes` are those of high level or above that link to the site; `disavowed` and `reviewed`
    count referring domains by verdict, `told` what rules say of the profile beside schemes,
    `found` whether there is any finding at all, `ran` and `missing` count the rules that could run
    and could not.
    The order is that of urgency: a manual action, a scheme tied to the site, one that is not,
    doubts, noise.
    """
    tied = [scheme for scheme in schemes if scheme.controlled_by_site]
    if manual_action:
        return _manual_action(len(schemes), disavowed)
    if tied:
        return _own_scheme(tied)
    if schemes or disavowed:
        return Triage(
            kind="foreign scheme",
            says="Links to the site look made, and nothing ties the site to them: it neither links "
            f"back nor owns a member. {_ADVICE}.",
            steps=[
                "Ask whoever worked on the site's links whether these were bought or arranged.",
                "If they were, treat them as your own: take them down, then disavow the rest.",
                "If they were not, and Search Console shows no manual action, you may leave them.",
            ],
        )
    if reviewed or told:
        return Triage(
            kind="doubts",
            says="Nothing here is sure enough to disavow, and some of it wants a person's look.",
            steps=[
                "Read what is marked for review, the gravest first; `backlint explain` shows why.",
                "Disavow nothing on these grounds alone.",
            ],
        )
    return Triage(
        kind="noise",
        says="Nothing to answer: what was found is what every site collects, and Google normally "
        "ignores it."
        if found
        else _nothing_found(ran, missing),
        steps=[
            "Upload nothing. A disavow file that is not needed can only throw away earned links.",
        ],
    )


def _nothing_found(ran: int, missing: int) -> str:
    rules = "rule" if ran == 1 else "rules"
    if missing:
        return f"Nothing was found by the {ran} {rules} that could run; {missing} could not."
    return f"Nothing was found by the {ran} {rules}, all of which could run."


def _manual_action(schemes: int, disavowed: int) -> Triage:
    if not schemes and not disavowed:
        return Triage(
            kind="manual action",
            says="There is a manual action to answer, and nothing in these files explains it well "
            "enough to act on.",
            steps=[
                "Look at the example links that Search Console gives, and add more exports: "
                "what no file holds no rule can find.",
                "Decide what is marked for review by hand.",
            ],
        )
    return Triage(
        kind="manual action",
        says="There is a manual action to answer: links that break the policy have to be taken "
        "down or disavowed before it can be lifted.",
        steps=[
            "Take down, or mark as sponsored or nofollow, the links that you can reach yourself.",
            "Ask the other webmasters, and keep a record of whom you asked, when, and what came of "
            "it: `backlint disavow kit` writes the sheet and a log.",
            "Disavow what is left, and upload the file to the property of the manual action.",
            "Then ask for reconsideration, with that record.",
        ],
    )


def _own_scheme(tied: Sequence[Scheme]) -> Triage:
    ties = {tie for scheme in tied for tie in scheme.ties}
    return Triage(
        kind="own scheme",
        says=f"{'A scheme is' if len(tied) == 1 else f'{len(tied)} schemes are'} tied to the site: "
        f"{tie_words(ties)}. That is what manual actions are for.",
        steps=[
            "Find out who arranged the links: the owner, an agency, or somebody who means harm.",
            "Take down what can be reached, or mark it sponsored or nofollow"
            + ("; stop linking back." if not ties or "linked back" in ties else "."),
            "Disavow the rest once that is done.",
        ],
    )
