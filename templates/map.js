"use strict";
// The treemap and the list of files. Data is numbers and texts; texts only ever become text.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const levels = ["full", "outline", "listed"];
  const measures = ["tokens", "bytes", "files"];
  const leastArea = 20; // smaller files are drawn as one rectangle
  const leastFrame = 24; // a smaller folder is drawn without what is in it
  const headHeight = 17;
  const mostButtons = 150;
  const page = 200; // rows added to the list at a time
  const folders = data.parent.length;
  const files = data.file.length;
  const byId = (id) => document.getElementById(id);
  const grouped = new Intl.NumberFormat("en-US");
  const said = (number) => grouped.format(number);

  // --- the tree: children of each folder, sums of each level of each measure ---

  const first = []; // of each folder the index of its first file
  const home = new Int32Array(files);
  const children = data.parent.map(() => []);
  const touched = new Uint8Array(files);
  const touches = new Int32Array(folders);
  for (const file of data.changed) touched[file] = 1;
  const sums = measures.map(() => levels.map(() => new Float64Array(folders)));
  const size = [(file) => data.tokens[file], (file) => data.bytes[file], () => 1];
  let next = 0;
  data.count.forEach((count, folder) => {
    first.push(next);
    for (const end = next + count; next < end; next++) {
      home[next] = folder;
      touches[folder] += touched[next];
      const level = data.kinds[data.kind[next]][0];
      size.forEach((of, measure) => { sums[measure][level][folder] += of(next); });
    }
    if (folder) children[data.parent[folder]].push(folder);
  });
  for (let folder = folders - 1; folder > 0; folder--) { // parents come before children
    const parent = data.parent[folder];
    touches[parent] += touches[folder];
    for (const of of sums) for (const sum of of) sum[parent] += sum[folder];
  }
  const total = (measure, folder) => sums[measure].reduce((all, sum) => all + sum[folder], 0);

  // Folders are numbered from 0, files from `folders` on.
  const isFile = (node) => node >= folders;
  const weight = (measure, node) =>
    isFile(node) ? size[measure](node - folders) : total(measure, node);
  const shares = (measure, node) => {
    if (!isFile(node)) return sums[measure].map((sum) => sum[node]);
    const level = data.kinds[data.kind[node - folders]][0];
    return levels.map((_, each) => (each === level ? weight(measure, node) : 0));
  };
  const isTouched = (node) => (isFile(node) ? touched[node - folders] : touches[node]) > 0;

  // A folder that holds nothing but one folder is passed over: a/b/c is one step.
  const settled = (folder) => {
    while (data.count[folder] === 0 && children[folder].length === 1) [folder] = children[folder];
    return folder;
  };
  const inside = (folder) => {
    const own = Array.from({ length: data.count[folder] }, (_, at) => folders + first[folder] + at);
    return children[folder].map(settled).concat(own);
  };
  const ancestors = (folder) => {
    const chain = [];
    for (; folder > 0; folder = data.parent[folder]) chain.push(folder);
    return chain.reverse();
  };
  const pathOf = (node, from = 0) => {
    const parts = [];
    let folder = isFile(node) ? home[node - folders] : node;
    for (; folder > from; folder = data.parent[folder]) {
      parts.push(data.names[data.folder[folder]] + "/");
    }
    return parts.reverse().join("") + (isFile(node) ? data.names[data.file[node - folders]] : "");
  };
  const why = (file) => {
    const numbers = data.numbers[file].split(" ");
    return data.kinds[data.kind[file]][3].replace(/\0/g, () => numbers.shift());
  };

  // --- layout: squarified treemap (Bruls, Huizing, van Wijk 2000) ---

  // Calls emit(nodes, rectangle): one node, or all that would be too small to be seen.
  const squarify = (nodes, weights, box, emit) => {
    let { x, y, w, h } = box;
    const scale = (w * h) / weights.reduce((all, each) => all + each, 0);
    for (let at = 0; at < nodes.length;) {
      if (weights[at] * scale < leastArea || w < 1 || h < 1) {
        emit(nodes.slice(at), { x, y, w, h });
        return;
      }
      const side = Math.min(w, h);
      let [end, sum, worst] = [at, 0, Infinity];
      while (end < nodes.length) {
        const thick = ((sum + weights[end]) * scale) / side;
        const ratio = (each) => {
          const long = (each * scale) / thick;
          return Math.max(long / thick, thick / long);
        };
        const now = Math.max(ratio(weights[at]), ratio(weights[end]));
        if (now > worst) break;
        worst = now;
        sum += weights[end++];
      }
      const thick = (sum * scale) / side;
      let along = 0;
      for (; at < end; at++) {
        const long = (weights[at] * scale) / thick;
        emit([nodes[at]], w < h
          ? { x: x + along, y, w: long, h: thick }
          : { x, y: y + along, w: thick, h: long });
        along += long;
      }
      if (w < h) [y, h] = [y + thick, h - thick];
      else [x, w] = [x + thick, w - thick];
    }
  };

  const weighed = (folder) => inside(folder)
    .map((node) => [node, weight(measure, node)])
    .filter((pair) => pair[1] > 0)
    .sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  // Of a chain of folders in which all that has weight is one folder, only the last is drawn.
  const passed = (folder) => {
    for (;;) {
      const nodes = weighed(folder);
      if (nodes.length !== 1 || isFile(nodes[0][0])) return folder;
      [[folder]] = nodes;
    }
  };
  const lay = (folder, box, depth, out) => {
    const nodes = weighed(folder);
    if (!nodes.length) return;
    squarify(nodes.map((pair) => pair[0]), nodes.map((pair) => pair[1]), box, (several, rect) => {
      const [node] = several;
      const at = { nodes: several, rect, depth, text: "", framed: false };
      out.push(at);
      if (several.length > 1 || isFile(node)) {
        at.text = label(node, several.length);
        return;
      }
      const through = passed(node);
      at.text = pathOf(through, parentOf(node));
      if (rect.w < leastFrame || rect.h < leastFrame) return;
      at.framed = true;
      const head = rect.h > 2 * headHeight && rect.w > 40 ? headHeight : 2;
      const within = { x: rect.x + 2, y: rect.y + head, w: rect.w - 4, h: rect.h - head - 2 };
      lay(through, within, depth + 1, out);
    });
  };

  // --- drawing ---

  const tree = byId("tree");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const buttons = document.createElement("div");
  tree.append(canvas, buttons);
  const state = { folder: settled(0), boxes: [], held: 0 };
  let measure = 0;

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    return (name) => style.getPropertyValue(`--${name}`).trim();
  };
  const write = (context, text, box) => {
    const most = Math.floor((box.w - 8) / 6);
    if (most < 3) return;
    const shown = text.length > most ? text.slice(0, most - 1) + "…" : text;
    context.fillText(shown, box.x + 4, box.y + 13, box.w - 6);
  };
  const fill = (context, colour, box) => { // up to three stripes, one a level
    const parts = levels.map((_, level) =>
      box.nodes.reduce((all, node) => all + shares(measure, node)[level], 0));
    const whole = parts.reduce((all, each) => all + each, 0);
    let x = box.rect.x;
    parts.forEach((part, level) => {
      const w = (box.rect.w * part) / whole;
      context.fillStyle = colour(levels[level]);
      if (part) context.fillRect(x + 0.5, box.rect.y + 0.5, w - 1, box.rect.h - 1);
      x += w;
    });
  };
  const edge = (context, colour, { x, y, w, h }) => {
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.strokeRect(x + 1.5, y + 1.5, Math.max(w - 3, 1), Math.max(h - 3, 1));
    context.lineWidth = 1;
  };
  const paint = () => {
    const { width, height } = tree.getBoundingClientRect();
    const dots = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    const context = canvas.getContext("2d");
    context.scale(dots, dots);
    const colour = colours();
    state.boxes = [];
    lay(state.folder, { x: 0, y: 0, w: width, h: height }, 0, state.boxes);
    for (const box of state.boxes) {
      const { rect } = box;
      context.font = `${box.framed ? "600 " : ""}11.5px system-ui, sans-serif`;
      if (box.framed) {
        context.fillStyle = colour(box.depth % 2 ? "page" : "frame");
        context.fillRect(rect.x, rect.y, rect.w, rect.h);
        context.strokeStyle = colour("line");
        context.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1);
        context.fillStyle = colour("ink");
        if (rect.h > 2 * headHeight && rect.w > 40) write(context, box.text, rect);
        continue;
      }
      fill(context, colour, box);
      context.fillStyle = colour("on");
      if (rect.h > 17 && rect.w > 30) write(context, box.text, rect);
      if (box.nodes.some(isTouched)) edge(context, colour("touched"), rect);
    }
    if (!state.boxes.length) {
      context.fillStyle = colour("quiet");
      context.font = "14px system-ui, sans-serif";
      context.fillText(`Nothing here has ${measures[measure]}: try another size.`, 12, 28, width - 24);
    }
  };
  const label = (node, several = 1) => {
    if (several > 1) return `${said(several)} more`;
    return isFile(node) ? data.names[data.file[node - folders]] : pathOf(node, parentOf(node));
  };
  // The folder under which a folder is shown: the nearest above that is no mere passage.
  const parentOf = (node) => {
    let folder = data.parent[node];
    while (folder > 0 && data.count[folder] === 0 && children[folder].length === 1) {
      folder = data.parent[folder];
    }
    return Math.max(folder, 0);
  };
  const describe = (nodes) => {
    const [node] = nodes;
    if (nodes.length > 1) return `${said(nodes.length)} more, each too small to be drawn`;
    if (!isFile(node)) {
      const [full, outline, listed] = sums[2].map((sum) => said(sum[node]));
      const change = touches[node] ? `; ${said(touches[node])} changed` : "";
      return `${pathOf(node)} ${said(total(2, node))} files (${full} full, ${outline} outline, ` +
        `${listed} listed), ${said(total(1, node))} bytes, ${said(total(0, node))} tokens${change}`;
    }
    const file = node - folders;
    const [level, kind] = data.kinds[data.kind[file]];
    return `${pathOf(node)} ${levels[level]}, ${kind}, ${said(data.bytes[file])} bytes, ` +
      `${said(data.tokens[file])} tokens; ${why(file)}${touched[file] ? "; changed" : ""}`;
  };
  const hint = "Point at a rectangle, or move with the arrow keys, to read about it. " +
    "A click or Enter opens a folder, Escape goes up.";
  const show = (text) => { byId("detail").textContent = text || hint; };

  // --- moving about ---

  const addButtons = () => {
    const top = state.boxes.filter((box) => box.depth === 0 && box.nodes.length === 1);
    buttons.replaceChildren(...top.slice(0, mostButtons).map((box, at) => {
      const button = document.createElement("button");
      const [node] = box.nodes;
      button.type = "button";
      button.tabIndex = at === state.held ? 0 : -1;
      button.setAttribute("aria-label", describe(box.nodes));
      Object.assign(button.style, {
        left: `${box.rect.x}px`, top: `${box.rect.y}px`,
        width: `${box.rect.w}px`, height: `${box.rect.h}px`,
      });
      button.addEventListener("focus", () => { hold(at); show(describe(box.nodes)); });
      button.addEventListener("click", (event) => {
        const under = event.detail ? pointed(event) : null; // 0 for a press of a key
        if (!isFile(node)) go(node);
        else show(describe(under ? under.nodes : box.nodes));
      });
      return button;
    }));
  };
  const hold = (at) => {
    const all = buttons.children;
    if (all[state.held]) all[state.held].tabIndex = -1;
    all[at].tabIndex = 0;
    state.held = at;
  };
  const pointed = (event) => {
    const at = tree.getBoundingClientRect();
    const [x, y] = [event.clientX - at.left, event.clientY - at.top];
    return state.boxes.findLast(({ rect }) =>
      x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h) || null;
  };
  const go = (folder) => {
    const from = state.folder;
    state.folder = settled(folder);
    redraw();
    const back = inside(state.folder).length ? state.boxes.filter((box) => box.depth === 0)
      .findIndex((box) => box.nodes[0] === from) : 0;
    const button = buttons.children[Math.max(back, 0)];
    if (button) button.focus({ preventScroll: true });
    byId("now").textContent = `In ${pathOf(state.folder) || "the whole repository"}: ` +
      describe([state.folder]).slice(pathOf(state.folder).length).trim();
  };
  const up = () => {
    if (state.folder !== settled(0)) go(parentOf(state.folder));
  };
  const crumb = (name, folder) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = name;
    button.addEventListener("click", () => go(folder));
    return button;
  };
  const trail = () => {
    const chain = ancestors(state.folder);
    const shown = chain.slice(-8);
    const last = shown.pop();
    byId("trail").replaceChildren(
      ...(chain.length ? [crumb("everything", 0), " / "] : ["everything"]),
      ...(chain.length > 8 ? ["… / "] : []),
      ...shown.flatMap((each) => [crumb(data.names[data.folder[each]], each), " / "]),
      ...(last === undefined ? [] : [data.names[data.folder[last]]]),
    );
  };
  const cell = (row, text, kind = "td") => {
    const made = document.createElement(kind);
    if (kind === "th") made.scope = "row";
    if (typeof text === "number") {
      made.className = "n";
      made.textContent = said(text);
    } else made.append(text);
    row.append(made);
  };
  const table = () => {
    const most = 1000;
    const nodes = inside(state.folder)
      .sort((one, other) => weight(measure, other) - weight(measure, one) || one - other);
    byId("rows").replaceChildren(...nodes.slice(0, most).map((node) => {
      const row = document.createElement("tr");
      const name = label(node);
      cell(row, isFile(node) ? name : crumb(name, node), "th");
      for (const number of [
        weight(2, node), shares(2, node)[0], shares(2, node)[1], weight(1, node), weight(0, node),
      ]) cell(row, number);
      return row;
    }));
    byId("more-rows").textContent =
      nodes.length > most ? `and ${said(nodes.length - most)} more` : "";
  };
  const redraw = () => {
    state.held = 0;
    paint();
    addButtons();
    trail();
    table();
    show("");
  };
  tree.addEventListener("keydown", (event) => {
    const all = buttons.children;
    const moves = {
      ArrowRight: state.held + 1, ArrowDown: state.held + 1,
      ArrowLeft: state.held - 1, ArrowUp: state.held - 1, Home: 0, End: all.length - 1,
    };
    if (event.key === "Escape" || event.key === "Backspace") up();
    else if (event.key in moves && all.length) {
      all[Math.min(Math.max(moves[event.key], 0), all.length - 1)].focus();
    } else return;
    event.preventDefault();
  });
  tree.addEventListener("pointermove", (event) => {
    const under = pointed(event);
    if (under) show(describe(under.nodes));
  });
  byId("measure").addEventListener("change", (event) => {
    measure = Number(event.target.value);
    redraw();
  });
  new ResizeObserver(() => {
    const focused = buttons.contains(document.activeElement);
    paint();
    addButtons();
    if (focused && buttons.children[state.held]) buttons.children[state.held].focus();
  }).observe(tree);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  // --- the list of files ---

  const paths = Array.from({ length: files }, (_, file) => pathOf(folders + file));
  const lowered = paths.map((path) => path.toLowerCase());
  const order = paths.map((_, file) => file)
    .sort((one, other) => (lowered[one] < lowered[other] ? -1 : 1));
  const list = { found: [], shown: 0 };

  const counts = new Map();
  data.kind.forEach((kind) => {
    const reason = data.kinds[kind][2];
    if (reason) counts.set(reason, (counts.get(reason) || 0) + 1);
  });
  for (const [reason, count] of [...counts].sort((one, other) => other[1] - one[1])) {
    byId("reason").add(new Option(`${reason} (${said(count)})`, reason));
  }
  const search = () => {
    const text = byId("find").value.toLowerCase();
    const level = byId("level").value;
    const reason = byId("reason").value;
    list.found = order.filter((file) => {
      const [of, , because] = data.kinds[data.kind[file]];
      return (level === "" || (level === "-1" ? of > 0 : of === Number(level))) &&
        (!reason || because === reason) && lowered[file].includes(text);
    });
    list.shown = 0;
    byId("list").replaceChildren();
    more();
  };
  const more = () => {
    const rows = list.found.slice(list.shown, list.shown + page).map((file) => {
      const row = document.createElement("tr");
      const [level, kind] = data.kinds[data.kind[file]];
      const name = document.createElement("bdi");
      name.textContent = paths[file];
      cell(row, name, "th");
      for (const text of [levels[level], kind, data.bytes[file], data.tokens[file]]) cell(row, text);
      cell(row, why(file));
      row.lastChild.className = "long";
      return row;
    });
    byId("list").append(...rows);
    list.shown += rows.length;
    byId("more").hidden = list.shown >= list.found.length;
    byId("found").textContent =
      `${said(list.found.length)} of ${said(files)} files; ${said(list.shown)} shown`;
  };
  byId("filter").addEventListener("input", search);
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  byId("more").addEventListener("click", more);

  redraw();
  search();
})();
