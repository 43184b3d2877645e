// Sorts, filters and pages the domains table, and opens the scheme details for printing.
// Without this script the page is complete: every row stands in the table.
"use strict";
(() => {
  const PER_PAGE = 50;

  // Paper cannot be clicked: open what is folded, except the waterfalls, and fold it again after.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not(.fall):not([open])")];
    for (const item of opened) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of opened) item.open = false;
  });

  const table = document.getElementById("domain-table");
  if (!table) return;
  const body = table.tBodies[0];
  const byId = (id) => document.getElementById(id);
  const filter = byId("filter");
  const verdict = byId("verdict-filter");
  const previous = byId("previous");
  const next = byId("next");
  const rows = [...body.rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  let page = 0;
  let printing = false;

  function matching() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = verdict ? verdict.value : "";
    return rows.filter(
      ({ row, text }) =>
        words.every((word) => text.includes(word)) && (!wanted || row.dataset.verdict === wanted)
    );
  }

  function show() {
    const found = matching();
    const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
    page = Math.min(page, pages - 1);
    const from = printing ? 0 : page * PER_PAGE;
    const shown = printing ? found : found.slice(from, from + PER_PAGE);
    const visible = new Set(shown);
    for (const entry of rows) entry.row.hidden = !visible.has(entry);
    previous.disabled = page === 0;
    next.disabled = page >= pages - 1;
    byId("shown").textContent = found.length
      ? `Showing ${from + 1}–${from + shown.length} of ${found.length}`
      : "Nothing matches the filter";
  }

  function sortBy(heading, column) {
    const down = heading.getAttribute("aria-sort") !== "descending";
    for (const other of table.tHead.querySelectorAll("[aria-sort]")) {
      other.setAttribute("aria-sort", "none");
    }
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = ({ row }) => {
      const cell = row.cells[column];
      return cell.dataset.value ?? cell.textContent.trim();
    };
    const compare =
      heading.dataset.sort === "number"
        ? (a, b) => Number(value(a)) - Number(value(b))
        : (a, b) => value(a).localeCompare(value(b));
    rows.sort((a, b) => (down ? compare(b, a) : compare(a, b)));
    for (const { row } of rows) body.append(row);
    page = 0;
    show();
  }

  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    if (!heading.dataset.sort) return;
    if (!heading.hasAttribute("aria-sort")) heading.setAttribute("aria-sort", "none");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => sortBy(heading, column));
  });
  filter.addEventListener("input", () => { page = 0; show(); });
  if (verdict) verdict.addEventListener("change", () => { page = 0; show(); });
  previous.addEventListener("click", () => { page -= 1; show(); });
  next.addEventListener("click", () => { page += 1; show(); });
  addEventListener("beforeprint", () => { printing = true; show(); });
  addEventListener("afterprint", () => { printing = false; show(); });
  byId("tools").hidden = false;
  show();
})();
