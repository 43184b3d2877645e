// Moves through the network: zoom, drag, arrow keys, and one scheme at a time.
// Without this script the drawing stands as it is, and each node has its name as a tooltip.
"use strict";
(() => {
  const status = document.getElementById("net-status");
  if (!status) return;
  const resting = status.textContent;

  const nets = [...document.querySelectorAll("svg.net")].map((svg) => {
    const nodes = [...svg.querySelectorAll(".net-node")].map((item) => ({
      item,
      x: Number(item.dataset.x),
      y: Number(item.dataset.y),
      name: item.querySelector("title").textContent,
      ties: [],
    }));
    for (const tie of svg.dataset.links.split(" ").filter(Boolean)) {
      const [a, b] = tie.split("-").map(Number);
      nodes[a].ties.push(b);
      nodes[b].ties.push(a);
    }
    const { width, height } = svg.viewBox.baseVal;
    const net = { svg, nodes, whole: { x: 0, y: 0, width, height }, at: null };
    net.view = { ...net.whole };
    return net;
  });

  function look(net, view) {
    const { whole, svg } = net;
    const width = Math.min(Math.max(view.width, whole.width / 12), whole.width);
    const height = (width * whole.height) / whole.width;
    const x = Math.min(Math.max(view.x, 0), whole.width - width);
    const y = Math.min(Math.max(view.y, 0), whole.height - height);
    net.view = { x, y, width, height };
    svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    svg.classList.toggle("held", width < whole.width - 1);
  }

  function zoom(net, factor, x, y) {
    const { view } = net;
    const cx = x ?? view.x + view.width / 2;
    const cy = y ?? view.y + view.height / 2;
    look(net, {
      x: cx - (cx - view.x) / factor,
      y: cy - (cy - view.y) / factor,
      width: view.width / factor,
    });
  }

  function tell(net, index) {
    if (net.at !== null) net.nodes[net.at].item.classList.remove("at");
    net.at = index;
    const near = net.svg.querySelector(".net-near");
    if (index === null) {
      near.setAttribute("d", "");
      status.textContent = resting;
      return;
    }
    const node = net.nodes[index];
    node.item.classList.add("at");
    const lines = node.ties.map((i) => `M${node.x} ${node.y}L${net.nodes[i].x} ${net.nodes[i].y}`);
    near.setAttribute("d", lines.join(""));
    const many = node.ties.length === 1 ? "1 node" : `${node.ties.length} nodes`;
    status.textContent = `${node.name}; linked here with ${many}`;
  }

  // the nearest node that lies in a direction, those straight ahead first
  function ahead(net, dx, dy) {
    if (net.at === null) return net.nodes.length ? 0 : null;
    const from = net.nodes[net.at];
    let best = net.at;
    let least = Infinity;
    net.nodes.forEach((node, i) => {
      const along = (node.x - from.x) * dx + (node.y - from.y) * dy;
      const aside = Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx);
      if (along > 1 && along + 2 * aside < least) {
        least = along + 2 * aside;
        best = i;
      }
    });
    return best;
  }

  function show(net, index) {
    const { view, nodes } = net;
    const { x, y } = nodes[index];
    const inside =
      x > view.x && x < view.x + view.width && y > view.y && y < view.y + view.height;
    if (!inside) look(net, { ...view, x: x - view.width / 2, y: y - view.height / 2 });
  }

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  for (const net of nets) {
    const { svg } = net;
    const box = svg.parentElement;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute(
      "aria-label",
      "Network. Arrow keys go from node to node, plus and minus zoom, Escape shows all."
    );
    const spot = (event) => {
      const frame = svg.getBoundingClientRect();
      const { view } = net;
      return [
        view.x + ((event.clientX - frame.left) / frame.width) * view.width,
        view.y + ((event.clientY - frame.top) / frame.height) * view.height,
      ];
    };
    svg.addEventListener("pointerover", (event) => {
      const item = event.target.closest(".net-node");
      if (item) tell(net, net.nodes.findIndex((node) => node.item === item));
    });
    svg.addEventListener("pointerleave", () => tell(net, null));
    svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;  // the wheel alone scrolls the page
        event.preventDefault();
        zoom(net, event.deltaY < 0 ? 1.2 : 1 / 1.2, ...spot(event));
      },
      { passive: false }
    );
    let held = null;
    svg.addEventListener("pointerdown", (event) => {
      if (!svg.classList.contains("held")) return;
      held = { x: event.clientX, y: event.clientY, view: { ...net.view } };
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      const scale = held.view.width / svg.getBoundingClientRect().width;
      look(net, {
        ...held.view,
        x: held.view.x - (event.clientX - held.x) * scale,
        y: held.view.y - (event.clientY - held.y) * scale,
      });
    });
    for (const end of ["pointerup", "pointercancel"]) {
      svg.addEventListener(end, () => { held = null; });
    }
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (ARROWS[event.key]) {
        const index = ahead(net, ...ARROWS[event.key]);
        if (index !== null) {
          tell(net, index);
          show(net, index);
        }
      } else if (event.key === "+" || event.key === "=") zoom(net, 1.4);
      else if (event.key === "-") zoom(net, 1 / 1.4);
      else if (event.key === "Escape" || event.key === "0") {
        look(net, net.whole);
        tell(net, null);
      } else return;
      event.preventDefault();
    });
    box.addEventListener("focusout", () => tell(net, null));
  }

  for (const button of document.querySelectorAll("#net-tools [data-zoom]")) {
    button.addEventListener("click", () => {
      for (const net of nets) {
        if (button.dataset.zoom === "all") look(net, net.whole);
        else zoom(net, button.dataset.zoom === "in" ? 1.5 : 1 / 1.5);
      }
    });
  }

  const keys = [...document.querySelectorAll(".net-keys li")];
  function pick(place) {
    for (const { svg } of nets) {
      svg.classList.toggle("picked", place !== null);
      for (const item of svg.querySelectorAll("[data-s]")) {
        item.classList.toggle("chosen", item.dataset.s === place);
      }
    }
    for (const key of keys) {
      const pressed = key.dataset.s === place;
      key.querySelector("button").setAttribute("aria-pressed", String(pressed));
    }
  }
  for (const key of keys) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", `Show only scheme ${key.dataset.s}`);
    button.append(key.querySelector("svg"));
    button.addEventListener("click", () => {
      pick(button.getAttribute("aria-pressed") === "true" ? null : key.dataset.s);
    });
    key.prepend(button);
  }
  document.getElementById("net-tools").hidden = false;
})();
