// What a person decides here, and what follows: verdicts, the disavow files, the rows of a review.
// It follows `backlint disavow write` and only picks among lines that Python has passed; a test
// holds both against each other. Nothing in this file touches the page.
"use strict";
const page = JSON.parse(document.getElementById("page-data").textContent);
const deciding = ((data) => {
  const { domains, verdicts, schemes } = data;
  const given = data.review;
  if (!given) return null;
  const NAME = 0, MACHINE = 4, SCHEMES = 10;
  const CAUTION = ["keep", "review", "disavow"]; // of two schemes the first one holds
  const KEY = `backlint ${given.audit}`;
  const NOTHING = ["", ""];
  const protectedOnes = new Set(given.protected);
  const file = given.file;
  const listeners = [];

  // Decisions are [word, reason]; `own` by domain, `whole` by scheme, both without blanks.
  const initial = {
    own: new Map(Object.entries(given.own).map(([n, found]) => [Number(n), found])),
    whole: new Map(
      schemes.flatMap(([, , id], s) => (given.whole[id] ? [[s, given.whole[id]]] : []))
    ),
  };
  let state = copy(initial);
  let past = [];
  let saved = true; // what was decided here is downloaded

  function copy({ own, whole }) {
    return { own: new Map(own), whole: new Map(whole) };
  }

  // --- what holds -----------------------------------------------------------------------------

  function foundIn({ own, whole }, n) {
    const mine = own.get(n);
    if (mine) return { word: mine[0], from: -1 };
    let best = null;
    for (const s of domains[n][SCHEMES]) {
      const found = whole.get(s);
      if (found && (!best || CAUTION.indexOf(found[0]) < CAUTION.indexOf(best.word))) {
        best = { word: found[0], from: s };
      }
    }
    return best ?? { word: "", from: -1 };
  }

  function held(n) {
    const found = foundIn(state, n);
    // nobody can disavow what is protected: what held before holds still
    return found.word === "disavow" && protectedOnes.has(n) ? foundIn(initial, n) : found;
  }

  function barred(n) {
    return given.barred[n] ?? "";
  }

  function machine(n) {
    return verdicts[domains[n][MACHINE]] ?? "";
  }

  function verdict(n) {
    const { word } = machine(n) ? held(n) : NOTHING;
    if (!word) return machine(n);
    return word === "disavow" && barred(n) ? "keep" : word;
  }

  function counts(members = null) {
    const found = { disavow: 0, review: 0, keep: 0, decided: 0, protected: 0 };
    const count = (n) => {
      const word = verdict(n);
      if (!word) return;
      found[word] += 1;
      if (held(n).word) found.decided += 1;
      if (barred(n)) found.protected += 1;
    };
    if (members) members.forEach(count);
    else domains.forEach((_, n) => count(n));
    return found;
  }

  // --- the disavow files ----------------------------------------------------------------------

  const offered = new Set(file ? file.lines.map(([n]) => n) : []);
  const listed = new Set(file ? file.listed : []);

  function nameOf(id) {
    // a native form stands in brackets behind the name
    return id < domains.length ? domains[id][NAME].split(" ")[0] : file.hosts[id - domains.length];
  }

  function files() {
    if (!file) return [];
    const keeps = domains.map((_, n) => machine(n) !== "" && held(n).word === "keep");
    return file.files.map(([name, head], site) => ({ name, ...assembled(head, site, keeps) }));
  }

  function assembled(head, site, keeps) {
    const keptName = (id) => {
      if (id < domains.length && keeps[id]) return nameOf(id);
      const found = (file.beneath[id] ?? []).find((x) => typeof x === "string" || keeps[x]);
      return typeof found === "number" ? nameOf(found) : found;
    };
    const asked = (id) =>
      offered.has(id) &&
      verdict(id) === "disavow" &&
      (!file.sites[id] || file.sites[id].includes(site));
    const stands = (id) => (listed.has(id) || asked(id)) && keptName(id) === undefined;
    const coverer = (above) => (above ?? []).find(stands);

    const texts = [];
    for (const line of file.live ?? []) {
      if (typeof line === "string") {
        texts.push(line);
        continue;
      }
      const [text, value, id, above] = line;
      const keeper = id === null ? undefined : keptName(id);
      const wide = coverer(id === null ? above : file.above[id]);
      if (keeper !== undefined) texts.push(`# refused (you decided to keep ${keeper}): ${value}`);
      else if (wide !== undefined) texts.push(`# covered by domain:${nameOf(wide)}: ${value}`);
      else texts.push(text);
    }
    const fresh = file.lines.filter(
      ([id]) => asked(id) && stands(id) && !listed.has(id) && coverer(file.above[id]) === undefined
    );
    if (fresh.length) {
      if (texts.length && texts.at(-1)) texts.push("");
      texts.push(...head);
    }
    let last = -1;
    for (const [n, group, text] of fresh) {
      if (group !== last) {
        const [scheme, comment] = file.groups[group];
        if (last < 0 || file.groups[last][0] !== scheme) texts.push("");
        texts.push(comment);
        last = group;
      }
      texts.push(text || `domain:${nameOf(n)}`);
    }
    const text = texts.map((line) => `${line}\n`).join("");
    const directives = text.split("\n").filter((line) => line && !line.startsWith("#")).length;
    const [lines, bytes] = file.most;
    const tooLarge =
      text.split("\n").length - 1 > lines || new TextEncoder().encode(text).length > bytes;
    return { text, directives, tooLarge, live: file.live !== null };
  }

  // --- the review -----------------------------------------------------------------------------

  const same = (a = NOTHING, b = NOTHING) => a[0] === b[0] && a[1] === b[1];
  const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;

  function changed() {
    const keys = (name) => [...new Set([...state[name].keys(), ...initial[name].keys()])];
    const differs = (name) =>
      keys(name)
        .filter((key) => !same(state[name].get(key), initial[name].get(key)))
        .sort((a, b) => a - b);
    return { own: differs("own"), whole: differs("whole") };
  }

  const rowName = (n) => given.names[n] ?? domains[n][NAME]; // safe in a spreadsheet

  function review() {
    const rows = [["row", "id", "name", "decision", "reason", "audit"]];
    const { own, whole } = changed();
    for (const s of whole) {
      const id = schemes[s][2];
      rows.push(["scheme", id, given.titles[id], ...(state.whole.get(s) ?? NOTHING), given.audit]);
    }
    // the same word as before the scheme was decided: a row of its own says that it is meant again
    for (const [n, found] of state.own) {
      const before = initial.own.get(n) ?? NOTHING;
      if (before[0] === found[0] && domains[n][SCHEMES].some((s) => whole.includes(s))) {
        rows.push(["domain", "", rowName(n), ...found, given.audit]);
      }
    }
    for (const n of own) {
      const homes = domains[n][SCHEMES].map((s) => schemes[s][2]);
      for (const id of homes.length ? homes : [""]) {
        const [word, reason] = state.own.get(n) ?? NOTHING;
        rows.push(["domain", id, rowName(n), word, reason, given.audit]);
      }
    }
    return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  }

  // --- changing -------------------------------------------------------------------------------

  const put = (map, key, word, reason) => {
    if (word) map.set(key, [word, reason]);
    else map.delete(key);
  };

  function change(act) {
    past.push(copy(state));
    act();
    settled(false);
  }

  function settled(isSaved) {
    const { own, whole } = changed();
    saved = isSaved || own.length + whole.length === 0;
    store();
    for (const tell of listeners) tell();
  }

  function decideDomain(n, word, reason = "") {
    change(() => put(state.own, n, word, word ? reason : ""));
  }

  // A word for a whole scheme takes back what was said of its members one by one; how many of them.
  function decideScheme(s, word, reason = "") {
    const same = (state.whole.get(s) ?? NOTHING)[0] === word;
    const before = state.own.size;
    change(() => {
      put(state.whole, s, word, word ? reason : "");
      if (same && word) return; // only the reason is another
      for (const n of members[s]) state.own.delete(n);
    });
    return before - state.own.size;
  }

  function undo() {
    if (!past.length) return;
    state = past.pop();
    settled(false);
  }

  const members = schemes.map(() => []);
  domains.forEach((domain, n) => {
    if (machine(n)) for (const s of domain[SCHEMES]) members[s].push(n);
  });

  // --- the tab remembers ----------------------------------------------------------------------

  function store() {
    try {
      const { own, whole } = changed();
      const kept = {
        own: own.map((n) => [n, state.own.get(n) ?? NOTHING]),
        whole: whole.map((s) => [s, state.whole.get(s) ?? NOTHING]),
        saved,
      };
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // a page that may not store anything warns before it is left
    }
  }

  function restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
      if (!kept) return false;
      const take = (map, entries, most) => {
        for (const [key, [word, reason]] of entries) {
          const known = word === "" || CAUTION.includes(word);
          if (!Number.isInteger(key) || key < 0 || key >= most || !known) throw new Error(key);
          put(map, key, word, String(reason));
        }
      };
      const found = copy(initial);
      take(found.own, kept.own, domains.length);
      take(found.whole, kept.whole, schemes.length);
      state = found;
      saved = kept.saved === true;
      const { own, whole } = changed();
      return own.length + whole.length > 0;
    } catch {
      return false;
    }
  }

  const restored = restore();
  return {
    barred,
    changed,
    counts,
    decideDomain,
    decideScheme,
    files,
    held,
    machine,
    members,
    restored,
    review,
    undo,
    verdict,
    audit: given.audit,
    canUndo: () => past.length > 0,
    downloaded: () => settled(true),
    hasFile: file !== null,
    isSaved: () => saved,
    listen: (tell) => listeners.push(tell),
    ownOf: (n) => state.own.get(n) ?? NOTHING,
    saidBefore: (n) => given.said[n] ?? "",
    wholeOf: (s) => state.whole.get(s) ?? NOTHING,
  };
})(page);
