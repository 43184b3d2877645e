// Opens what is folded for printing.
"use strict";
(() => {
  // Paper cannot be clicked: open what is folded, except the waterfalls, and fold it again after.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not(.fall):not([open])")];
    for (const item of opened) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of opened) item.open = false;
  });
})();
