"use strict";
// Filters of the findings, and keys to walk through them. Without it, every finding is there.
(() => {
  const form = document.getElementById("sift");
  if (!form) return;
  const findings = [...document.querySelectorAll("article.finding")];
  const said = document.getElementById("sifted");
  const chosen = (name) =>
    new Set([...form.querySelectorAll(`input[name=${name}]:checked`)].map((each) => each.value));

  const sift = () => {
    const [severities, states] = [chosen("severity"), chosen("state")];
    const path = form.elements.path.value;
    let shown = 0;
    for (const one of findings) {
      const { severity, state } = one.dataset;
      one.hidden = !severities.has(severity) || !states.has(state) ||
        (path !== "" && one.dataset.path !== path);
      shown += !one.hidden;
    }
    said.textContent = `Showing ${shown} of ${findings.length}`;
  };

  // The finding that was jumped to last, or else the first below the top of the window.
  let last = null;
  const step = (by) => {
    const visible = findings.filter((one) => !one.hidden);
    const inside = document.activeElement.closest("article.finding");
    const at = visible.indexOf(inside || last);
    const next = visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : at + by];
    if (!next) return;
    last = next;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  };
  const toggle = () => {
    const one = document.activeElement.closest("article.finding");
    const details = one && one.querySelector("details");
    if (details) details.open = !details.open;
  };
  const keys = { j: () => step(1), k: () => step(-1), o: toggle };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    const act = keys[event.key];
    if (act) act();
  });
  // A link to a finding that is filtered away, or closed, shows it.
  const reveal = () => {
    const one = findings.find((each) => `#${each.id}` === location.hash);
    if (!one) return;
    if (one.hidden) { form.reset(); sift(); }
    one.querySelector("details").open = true;
    one.focus();
  };
  form.addEventListener("input", sift);
  form.addEventListener("reset", () => setTimeout(sift));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  form.hidden = false;
  sift();
  reveal();
})();
