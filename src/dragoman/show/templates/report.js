(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  root.classList.add("js");
  const all = (selector, from = doc) => [...from.querySelectorAll(selector)];
  const cards = all("[data-card]"), record = doc.getElementById("facts");
  const sheet = doc.getElementById("sheet"), status = doc.getElementById("status");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let chosen = null, place = 0;

  const words = (key) => all(`.para [data-c~="${key}"]`);
  const areKeysOn = () => (doc.getElementById("keys") || { checked: root.dataset.keys !== "off" }).checked;
  const isNarrow = () => matchMedia("(max-width: 900px)").matches;
  const glide = () => (calm.matches ? "auto" : "smooth");

  function clear() {
    all(".lit, .lit2, .on").forEach((el) => el.classList.remove("lit", "lit2", "on"));
    sheet.hidden = true;
    chosen = null;
  }

  // Scrolls only the pane an element stands in, and only where it is out of sight.
  function reveal(el, always) {
    if (!el) return;
    const box = el.getBoundingClientRect();
    const pane = record.contains(el) && !isNarrow() ? record : null;
    const frame = pane ? pane.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    if (!always && box.top >= frame.top + 24 && box.bottom <= frame.bottom - 24) return;
    const height = frame.bottom - frame.top;
    const by = box.top - frame.top - Math.max(24, (height - box.height) / (pane ? 5 : 3));
    (pane || window).scrollBy({ top: by, behavior: glide() });
  }

  function select(key, from) {
    const card = doc.getElementById(key);
    if (!card || !card.hasAttribute("data-card")) return;
    clear();
    chosen = key;
    place = 0;
    card.classList.add("on");
    words(key).forEach((el) => el.classList.add("lit"));
    all(`.para [data-s~="${key}"]`).forEach((el) => el.classList.add("lit2"));
    all(`.tag[data-go="${key}"], svg a[data-k="${key}"]`).forEach((el) => el.classList.add("on"));
    if (from !== "text") reveal(words(key)[0]);
    if (from === "text" && isNarrow()) showSheet(card);
    else if (from !== "card" && (record.contains(card) || from === "link" && isNarrow())) reveal(card);
    status.textContent = `${key.toUpperCase()}: ${words(key).length} stretches of text`;
    try { history.replaceState(history.state, "", `#${card.dataset.id || key}`); } catch { /* a sandboxed frame keeps its address */ }
  }

  function showSheet(card) {
    const copy = card.cloneNode(true);
    copy.removeAttribute("id");
    copy.removeAttribute("data-card");
    sheet.lastElementChild.replaceChildren(copy);
    sheet.hidden = false;
  }

  // A word may belong to several facts: each click chooses the next of them, the narrowest kind last.
  function choose(el) {
    const keys = (el.dataset.c || el.dataset.s || "").split(" ").filter(Boolean);
    const order = keys.sort((a, b) => "eqcrtn".indexOf(a[0]) - "eqcrtn".indexOf(b[0]));
    return order[(order.indexOf(chosen) + 1) % order.length];
  }

  function step(by) {
    const list = all("[data-card]", record);
    const at = list.findIndex((card) => card.id === chosen);
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
    if (next) { select(next.id, "keys"); reveal(next); }
  }

  function hop(by) {
    const list = chosen ? words(chosen) : [];
    if (!list.length) return;
    place = (place + by + list.length) % list.length;
    reveal(list[place], true);
  }

  doc.addEventListener("click", (event) => {
    if (getSelection().toString()) return;
    const target = event.target;
    if (target.closest("#sheet > button")) { sheet.hidden = true; return; }
    const link = target.closest("[data-go], svg a[data-k]");
    if (link) {
      event.preventDefault();
      select(link.dataset.go || link.dataset.k, link.closest(".text") ? "text" : link.closest("[data-card]") ? "card" : "link");
      return;
    }
    const piece = target.closest(".para .w");
    if (piece) { select(choose(piece), "text"); return; }
    const card = target.closest("[data-card]");
    if (card && !target.closest("a, input, button")) select(card.id, "card");
  });

  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !areKeysOn()) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const layer = all(".layers input")[Number(event.key) - 1];
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "n") hop(1);
    else if (event.key === "p") hop(-1);
    else if (event.key === "Escape") clear();
    else if (layer) layer.checked = !layer.checked;
    else return;
    event.preventDefault();
  });

  // Margin tags stand at the line their words begin on, pushed down where two would meet.
  function align() {
    all(".para").forEach((para) => {
      const top = para.getBoundingClientRect().top;
      let free = 0;
      all(".margin .tag", para).forEach((tag) => {
        const first = para.querySelector(`p [data-c~="${tag.dataset.go}"]`);
        const box = first && first.getClientRects()[0];
        const y = Math.max(free, box ? box.top - top + (box.height - 20) / 2 : free);
        tag.style.top = `${Math.round(y)}px`;
        free = y + 23;
      });
      para.style.minHeight = `${Math.round(free)}px`;
    });
  }
  let timer = 0;
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(align, 60); });
  addEventListener("load", align);
  addEventListener("beforeprint", () => root.classList.remove("js"));
  addEventListener("afterprint", () => root.classList.add("js"));
  align();
  const wanted = decodeURIComponent(location.hash.slice(1)).replace(/^w-/, "");
  const card = all("[data-card]").find((el) => el.id === wanted || el.dataset.id === wanted);
  const isBeside = card && isNarrow() && record.contains(card);
  if (card) select(card.id, isBeside ? "text" : "link");
  if (isBeside) reveal(words(card.id)[0], true);
})();
