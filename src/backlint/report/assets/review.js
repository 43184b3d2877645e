// The controls of the review: one on each scheme's card, the bar that stays in view, downloads.
"use strict";
((data) => {
  const bar = document.getElementById("review");
  if (!deciding || !listing || !bar) return;
  const { make, tag } = listing;
  const REVIEW = "review-decided.csv";
  const byId = (id) => document.getElementById(id);
  const count = (amount, noun) => `${amount.toLocaleString("en")} ${noun}${amount === 1 ? "" : "s"}`;
  const WORDS = [["", "as the scan"], ["disavow", "disavow"], ["review", "review"], ["keep", "keep"]];

  // --- on the cards ---------------------------------------------------------------------------

  const cards = [...document.querySelectorAll(".decide")].flatMap((box) => {
    const s = Number(box.dataset.scheme);
    const members = deciding.members[s];
    if (!members.length) return [];
    const open = members.filter((n) => !deciding.barred(n)).length;
    const choices = WORDS.map(([value, text]) => {
      const input = make("input", { type: "radio", name: `decide-${s}`, value });
      input.disabled = value === "disavow" && !open;
      input.addEventListener("change", () => {
        const taken = deciding.decideScheme(s, value, deciding.wholeOf(s)[1]);
        // an arrow key is enough to come here: nobody loses work without being told
        if (taken) say(`Took back ${count(taken, "decision")} on single domains; Undo brings ${taken === 1 ? "it" : "them"} back.`);
      });
      return { input, label: make("label", {}, input, make("span", {}, text)) };
    });
    const why = make("input", { type: "text", class: "why", maxlength: "300", autocomplete: "off" });
    why.addEventListener("change", () => {
      deciding.decideScheme(s, deciding.wholeOf(s)[0], why.value.trim());
    });
    const whyLabel = make("label", { class: "why-label" }, "Why ", why);
    const said = make("p", { class: "small" });
    const list = make("button", { type: "button", class: "plain-button" }, "Show them in the table");
    list.addEventListener("click", () => {
      listing.ofScheme(s);
      byId("domains").scrollIntoView();
      byId("scheme-filter").focus({ preventScroll: true });
    });
    const all = `Decide for ${count(members.length, "member")} that link${members.length === 1 ? "s" : ""} to the site`;
    box.append(
      make("fieldset", {}, make("legend", {}, all),
        make("div", { class: "choices" }, ...choices.map(({ label }) => label)), whyLabel),
      said, list
    );
    return [{ s, members, choices, why, whyLabel, said }];
  });

  function refreshCard({ s, members, choices, why, whyLabel, said }) {
    const [word, reason] = deciding.wholeOf(s);
    for (const { input } of choices) input.checked = input.value === word;
    whyLabel.hidden = !word;
    if (document.activeElement !== why) why.value = reason;
    const found = deciding.counts(members);
    const own = members.filter((n) => deciding.ownOf(n)[0]).length;
    const parts = ["disavow", "review", "keep"].filter((w) => found[w]).map((w) => `${found[w]} ${w}`);
    const notes = [`Now ${parts.join(", ")}.`];
    if (found.protected) notes.push(`${found.protected} cannot be disavowed.`);
    if (own) notes.push(`${own} decided one by one.`);
    said.textContent = notes.join(" ");
  }

  // --- the bar --------------------------------------------------------------------------------

  function offer(name, text, type) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = make("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  const say = (text) => { byId("review-said").textContent = text; };

  const buttons = deciding.files().map(({ name }, site) => {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => {
      const { text, directives, live } = deciding.files()[site];
      offer(name, text, "text/plain");
      const merged = live ? "the live file is merged in" : "an upload replaces the whole list: merge a live file first";
      say(`${name}: ${count(directives, "directive")}; ${merged}.`);
    });
    byId("downloads").append(button, " ");
    return button;
  });
  if (!deciding.hasFile) {
    byId("downloads").append(
      make("span", { class: "small" }, "Too many domains for this page: the disavow file comes from backlint disavow write.")
    );
  }

  byId("undo").addEventListener("click", () => { deciding.undo(); say("Undone."); });
  byId("download-review").addEventListener("click", () => {
    offer(REVIEW, deciding.review(), "text/csv");
    deciding.downloaded();
    say(`Take the decisions with: backlint disavow write --decisions ${REVIEW}`);
  });

  const spans = new Map();
  for (const span of document.querySelectorAll("[data-of]")) {
    const n = Number(span.dataset.of);
    spans.set(n, [...(spans.get(n) ?? []), span]);
  }

  const scanned = { disavow: 0, review: 0, keep: 0 };
  data.domains.forEach((_, n) => { if (deciding.machine(n)) scanned[deciding.machine(n)] += 1; });

  function refresh() {
    cards.forEach(refreshCard);
    for (const [n, found] of spans) {
      const word = deciding.verdict(n);
      for (const span of found) {
        if (span.textContent === word) continue;
        span.textContent = word;
        span.className = `verdict v-${word}`;
      }
    }
    const found = deciding.counts();
    const tally = byId("tally");
    tally.replaceChildren();
    for (const word of ["disavow", "review", "keep"]) {
      const change = found[word] - scanned[word];
      const by = change ? ` (${change > 0 ? "+" : "−"}${Math.abs(change)})` : "";
      tally.append(make("span", { class: "tally-part" }, make("b", {}, found[word].toLocaleString("en")), " ", tag(word), by), " ");
    }
    const { own, whole } = deciding.changed();
    const steps = own.length + whole.length;
    const files = deciding.files();
    buttons.forEach((button, site) => {
      const { text, directives, tooLarge } = files[site];
      button.disabled = !text || tooLarge;
      button.textContent = `${files[site].name} (${directives.toLocaleString("en")})`;
      button.title = tooLarge ? "Google takes no file of this size" : `${count(directives, "directive")}`;
    });
    const note = byId("decided-note");
    note.hidden = steps === 0;
    note.textContent = `Head, score and disavow lines are those of the scan; ${count(steps, "decision")} made on this page change${steps === 1 ? "s" : ""} them: ${["disavow", "review", "keep"].map((word) => `${found[word].toLocaleString("en")} ${word}`).join(", ")}.`;
    byId("undo").disabled = !deciding.canUndo();
    byId("download-review").disabled = steps === 0;
    byId("download-review").textContent = steps ? `Decisions (${steps})` : "Decisions";
    bar.classList.toggle("unsaved", !deciding.isSaved());
  }

  deciding.listen(refresh);
  deciding.listen(() => {
    const { own, whole } = deciding.changed();
    const steps = own.length + whole.length;
    const lines = deciding.files().map(({ name, directives }) => `${name} has ${count(directives, "line")}`);
    say(steps ? `${count(steps, "change")} to the scan; ${lines.join(", ")}.` : "As the scan left it.");
  });
  addEventListener("beforeunload", (event) => { if (!deciding.isSaved()) event.preventDefault(); });
  refresh();
  say(deciding.restored ? "The decisions of this tab are back." : "Decide on the cards or in the table; then download.");
  bar.hidden = false;
})(page);
