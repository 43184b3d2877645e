// The table of domains: its rows are built from the page's data, a page at a time.
"use strict";
const listing = ((data) => {
  const PER_PAGE = 50;
  const PRINTED_MOST = 500;
  const SVG = "http://www.w3.org/2000/svg";
  const [NAME, SCORE, SHOWN, BAND, MACHINE, PRIORITY, LINKS, FOLLOWED, NOFOLLOW, SURE, SCHEMES, FALL,
    GUARDS] = Array(13).keys();
  const table = document.getElementById("domain-table");
  if (!table) return null;
  const { domains, schemes, falls, texts, rules, groups, bands } = data;
  const byId = (id) => document.getElementById(id);
  const body = table.tBodies[0];
  const noun = data.node[0].toUpperCase() + data.node.slice(1);
  const filter = byId("filter");
  const wanted = { verdict: byId("verdict-filter"), scheme: byId("scheme-filter"), rule: byId("rule-filter") };
  const order = domains.map((_, n) => n); // as sorted; the data stand riskiest first
  let found = order;
  let at = 0;
  let printing = false;
  let sorted = { by: "score", down: true };

  // --- building -------------------------------------------------------------------------------

  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function drawn(tag, attributes, ...children) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  const grouped = (value) => (value === null ? "unknown" : value.toLocaleString("en"));
  const points = (value) => {
    const text = Math.abs(value).toFixed(2);
    return (value < 0 ? "−" : "+") + (text.endsWith("0") ? text.slice(0, -1) : text);
  };
  const cut = (text, most) => (text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`);

  function tag(word) {
    return word
      ? make("span", { class: `verdict v-${word}` }, word)
      : make("span", { class: "unknown" }, "none");
  }

  function verdictOf(n) {
    return deciding ? deciding.verdict(n) : data.verdicts[domains[n][MACHINE]] ?? "";
  }

  function cell(label, ...children) {
    return make("td", { role: "cell", "data-label": label }, ...children);
  }

  function schemeList(n) {
    const parts = domains[n][SCHEMES].flatMap((s, i) => {
      const [title, anchor] = schemes[s];
      const text = make("bdi", { class: "outside", title }, cut(title, 60));
      return [...(i ? [", "] : []), anchor ? make("a", { href: `#${anchor}` }, text) : text];
    });
    return parts.length ? parts : [make("span", { class: "unknown" }, "none")];
  }

  function reasonList(n) {
    const reasons = falls[domains[n][FALL]][3].map((t) => texts[t]);
    const list = make("ul", { class: "tight" });
    const add = (text, attributes = {}) =>
      list.append(make("li", attributes, make("bdi", { class: "prose" }, cut(text, 800))));
    const before = deciding ? deciding.saidBefore(n) : "";
    if (before) add(before, { class: "said" });
    for (const text of reasons.length ? reasons : ["No points."]) add(text);
    for (const t of domains[n][GUARDS]) add(texts[t], { class: "guard" });
    return list;
  }

  function waterfall(n) {
    const [bars, total, sentence] = falls[domains[n][FALL]];
    let sum = 0;
    const steps = bars.map(([rule, group, worth]) => {
      const from = sum;
      sum += worth;
      return { name: rules[rule][1], group: groups[group], worth, from, to: sum };
    });
    const ends = [0, 28, ...steps.map((step) => step.to)]; // 28 points are a score of 50
    const low = Math.min(...ends);
    const width = Math.max(...ends) - low;
    const percent = (value) => `${((100 * value) / width).toFixed(2)}%`;
    const rows = steps.map(({ name, group, worth, from, to }) => {
      const label = make("span", { class: "bar-name" }, make("bdi", { class: "outside" }, cut(name, 50)));
      if (group !== name) label.append(" ", make("i", {}, group));
      const bar = drawn(
        "svg",
        { width: "100%", height: "8", "aria-hidden": "true", focusable: "false" },
        drawn("rect", { class: "track", x: "0", y: "3", width: "100%", height: "2" }),
        drawn("rect", {
          class: worth >= 0 ? "gain" : "loss",
          x: percent(Math.min(from, to) - low),
          y: "0",
          width: percent(Math.abs(worth)),
          height: "8",
        })
      );
      return make("p", { class: "bar" }, label, " ", make("span", { class: "num" }, points(worth)), bar);
    });
    rows.push(
      make("p", { class: "bar total" }, make("span", { class: "bar-name" }, "Sum of points"), " ",
        make("span", { class: "num" }, total))
    );
    const facts = `Confidence ${domains[n][SURE]} · followed ${grouped(domains[n][FOLLOWED])} · nofollow ${grouped(domains[n][NOFOLLOW])}`;
    return [
      make("p", { class: "small" }, facts),
      make("div", { class: "bars" }, ...rows),
      make("p", { class: "small" }, sentence),
    ];
  }

  function details(n) {
    const box = make("details", { class: "fall" }, make("summary", {}, "Waterfall"));
    box.addEventListener("toggle", () => {
      if (box.open && box.children.length === 1) box.append(...waterfall(n));
    });
    return box;
  }

  function row(n) {
    const domain = domains[n];
    const made = make("tr", { role: "row", "data-n": n });
    const score = cell("Score", make("b", { class: "num" }, domain[SHOWN]), " ",
      make("span", { class: `tag level-${bands[domain[BAND]]}` }, bands[domain[BAND]]));
    score.className = "nowrap";
    const links = cell("Links", grouped(domain[LINKS]));
    links.className = "num";
    made.append(cell(noun, make("bdi", { class: "node" }, domain[NAME])), score);
    if (deciding) {
      made.append(cell("Verdict"), cell("Decide", ...chooser(n)));
      refresh(made);
    }
    made.append(links, cell("Schemes", ...schemeList(n)), cell("Reasons", reasonList(n), details(n)));
    return made;
  }

  // --- deciding in the table ------------------------------------------------------------------

  function chooser(n) {
    if (!deciding.machine(n)) return [make("span", { class: "unknown" }, "no link to the site")];
    const why = deciding.barred(n);
    const select = make("select", { "aria-label": `Decide on ${domains[n][NAME]}` });
    const choose = (value, text) => select.append(make("option", { value }, text));
    choose("", "");
    if (!why) choose("disavow", "disavow");
    choose("review", "review");
    choose("keep", "keep");
    select.addEventListener("change", () => deciding.decideDomain(n, select.value, deciding.ownOf(n)[1]));
    const reason = make("input", {
      type: "text", class: "why", maxlength: "300", autocomplete: "off", placeholder: "why",
      "aria-label": `Why, for ${domains[n][NAME]}`,
    });
    reason.addEventListener("change", () => {
      deciding.decideDomain(n, deciding.ownOf(n)[0], reason.value.trim());
    });
    const note = why ? [make("span", { class: "barred" }, `Not to be disavowed: ${why}`)] : [];
    return [select, reason, ...note];
  }

  // Write what holds now into a row, and leave its controls in place: somebody may be using them.
  function refresh(made) {
    const n = Number(made.dataset.n);
    const word = verdictOf(n);
    const shown = made.cells[2];
    shown.className = "nowrap";
    shown.replaceChildren(tag(word));
    if (word === "disavow" && domains[n][PRIORITY]) shown.append(` ${domains[n][PRIORITY]}`);
    const select = made.querySelector("select");
    if (!select) return;
    const machine = deciding.machine(n);
    const { word: heldWord, from } = deciding.held(n);
    if (heldWord && heldWord !== machine) {
      shown.append(make("span", { class: "block small" }, `scan: ${machine}`));
    }
    const [mine, reason] = deciding.ownOf(n);
    select.value = mine;
    select.options[0].textContent =
      from >= 0 ? `scheme: ${heldWord}` : `scan: ${machine}`;
    const input = made.querySelector(".why");
    input.hidden = !mine;
    if (document.activeElement !== input) input.value = reason;
  }

  // --- choosing rows --------------------------------------------------------------------------

  const hay = {
    names: domains.map((domain) => domain[NAME].toLowerCase()),
    falls: falls.map(([, , , reasons]) => reasons.map((t) => texts[t]).join(" ").toLowerCase()),
    schemes: schemes.map(([title]) => title.toLowerCase()),
    texts: texts.map((text) => text.toLowerCase()),
  };
  const rulesOf = falls.map(([bars]) => new Set(bars.map(([rule]) => rule)));

  function holding(word) {
    const has = (list) => list.map((text) => text.includes(word));
    const [inFall, inScheme, inText] = [has(hay.falls), has(hay.schemes), has(hay.texts)];
    return (n) =>
      hay.names[n].includes(word) ||
      inFall[domains[n][FALL]] ||
      domains[n][SCHEMES].some((s) => inScheme[s]) ||
      domains[n][GUARDS].some((t) => inText[t]);
  }

  function matching() {
    const tests = filter.value.toLowerCase().split(/\s+/).filter(Boolean).map(holding);
    const verdict = wanted.verdict?.value;
    if (verdict === "decided") tests.push((n) => deciding.held(n).word !== "");
    else if (verdict === "barred") tests.push((n) => deciding.barred(n) !== "");
    else if (verdict) tests.push((n) => verdictOf(n) === verdict);
    const scheme = wanted.scheme.value;
    if (scheme === "none") tests.push((n) => !domains[n][SCHEMES].length);
    else if (scheme) tests.push((n) => domains[n][SCHEMES].includes(Number(scheme)));
    const rule = wanted.rule.value;
    if (rule) tests.push((n) => rulesOf[domains[n][FALL]].has(Number(rule)));
    return tests.length ? order.filter((n) => tests.every((test) => test(n))) : order;
  }

  function show() {
    const from = printing ? 0 : at * PER_PAGE;
    const shown = found.slice(from, from + (printing ? PRINTED_MOST : PER_PAGE));
    body.replaceChildren(...shown.map(row));
    byId("previous").disabled = at === 0;
    byId("next").disabled = from + shown.length >= found.length;
    const where = shown.length
      ? `${grouped(from + 1)}–${grouped(from + shown.length)} of ${grouped(found.length)}`
      : "Nothing matches the filters";
    const how = `by ${sorted.by}, ${sorted.down ? "descending" : "ascending"}`;
    byId("shown").textContent = shown.length ? `${where}, ${how}` : where;
  }

  function turn(to) {
    at = to;
    show();
  }

  function again() {
    found = matching();
    turn(0);
  }

  // --- sorting --------------------------------------------------------------------------------

  const ranks = ["keep", "review", "disavow"];
  const keys = {
    name: (n) => hay.names[n],
    score: (n) => domains[n][SCORE],
    verdict: (n) => ranks.indexOf(verdictOf(n)),
    decision: (n) => ranks.indexOf(deciding.machine(n) && deciding.held(n).word),
    links: (n) => domains[n][LINKS] ?? -1,
    schemes: (n) => domains[n][SCHEMES].map((s) => hay.schemes[s]).join(" "),
    reasons: (n) => hay.falls[domains[n][FALL]],
  };
  const numeric = new Set(["score", "verdict", "decision", "links"]);

  function sortBy(heading) {
    const by = heading.dataset.sort;
    const again_ = sorted.by === by;
    const down = again_ ? !sorted.down : numeric.has(by);
    sorted = { by, down };
    for (const other of table.tHead.querySelectorAll("[data-sort]")) {
      other.setAttribute("aria-sort", other !== heading ? "none" : down ? "descending" : "ascending");
    }
    const values = domains.map((_, n) => keys[by](n));
    const sign = down ? -1 : 1;
    // of equals the riskier stands first, whichever way
    order.sort((a, b) => (values[a] < values[b] ? -sign : values[a] > values[b] ? sign : a - b));
    again();
  }

  function heading(made) {
    if (!made.hasAttribute("aria-sort")) made.setAttribute("aria-sort", "none");
    const button = make("button", { type: "button" }, made.textContent);
    made.replaceChildren(button);
    button.addEventListener("click", () => sortBy(made));
  }

  // --- beginning ------------------------------------------------------------------------------

  if (deciding) {
    const decide = make("th", { role: "columnheader", scope: "col", "data-sort": "decision" }, "Decide");
    table.tHead.rows[0].cells[2].after(decide);
    table.classList.add("deciding");
    deciding.listen(() => { for (const made of body.rows) refresh(made); });
  }
  for (const made of table.tHead.querySelectorAll("[data-sort]")) heading(made);
  const sizes = schemes.map(() => 0);
  for (const domain of domains) for (const s of domain[SCHEMES]) sizes[s] += 1;
  schemes.forEach(([title], s) => {
    if (sizes[s]) wanted.scheme.append(make("option", { value: s }, `${cut(title, 60)} (${sizes[s]})`));
  });
  filter.addEventListener("input", again);
  for (const select of Object.values(wanted)) select?.addEventListener("change", again);
  byId("clear").addEventListener("click", () => {
    filter.value = "";
    for (const select of Object.values(wanted)) if (select) select.value = "";
    again();
    filter.focus();
  });
  byId("previous").addEventListener("click", () => turn(at - 1));
  byId("next").addEventListener("click", () => turn(at + 1));
  addEventListener("beforeprint", () => { printing = true; show(); });
  addEventListener("afterprint", () => { printing = false; show(); });
  byId("without-script").hidden = true;
  byId("tools").hidden = false;
  byId("pager").hidden = false;
  show();

  return {
    make,
    tag,
    ofScheme(s) {
      filter.value = "";
      for (const select of Object.values(wanted)) if (select) select.value = "";
      wanted.scheme.value = String(s);
      again();
    },
  };
})(page);
