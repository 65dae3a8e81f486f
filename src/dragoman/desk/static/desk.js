(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  root.classList.add("js");
  const KEYS = "dragoman-keys";
  let kept = "on";
  try { kept = localStorage.getItem(KEYS) || "on"; } catch { /* storage may be closed to us */ }
  root.dataset.keys = kept;

  const all = (selector) => [...doc.querySelectorAll(selector)];
  const say = (words) => { doc.getElementById("status").textContent = words; };
  const chosenRow = () => doc.querySelector("[data-row].sel");
  const go = (link) => { if (link) location.assign(link.href || link.getAttribute("href")); };

  // Pages that list things: j and k move, o opens. An article does this itself (report.js).
  function step(by) {
    const rows = all("[data-row]");
    if (!rows.length) return false;
    const at = rows.indexOf(chosenRow());
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
    if (!next) return true;
    rows.forEach((row) => row.classList.remove("sel"));
    next.classList.add("sel");
    next.scrollIntoView({ block: "nearest" });
    const link = next.querySelector(".open");
    if (link) link.focus({ preventScroll: true });
    return true;
  }

  function open() {
    const card = doc.querySelector("[data-card].on .acts a[href^='/']");
    const row = chosenRow();
    go(card || (row && row.querySelector(".open")));
  }

  async function copy(words, from, path) {
    const text = `“${words}” – ${from}, ${location.origin}${path}`;
    try {
      await navigator.clipboard.writeText(text);
      say("Copied with source and link");
    } catch {
      say("The browser does not let this page copy");
    }
  }

  function copyCard(card) {
    const head = doc.querySelector("[data-source]");
    if (!card || !head) return;
    const pieces = all(`.para [data-c~="${card.id}"]`).map((el) => el.textContent);
    const title = card.querySelector("h3, .v");
    copy(pieces.join("").trim() || (title ? title.textContent : ""), head.dataset.source, `${head.dataset.path}#${card.dataset.id}`);
  }

  doc.addEventListener("click", (event) => {
    const act = event.target.closest("[data-copy], [data-quote]");
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act.dataset.quote !== undefined) copy(act.dataset.quote, act.dataset.from, act.dataset.link);
    else copyCard(doc.getElementById(act.dataset.copy));
  }, true);

  // A key presses the button of the chosen fact, or of the one question on the page.
  function press(key) {
    const from = doc.querySelector("[data-card].on") || doc.getElementById("question");
    const button = (from && from.querySelector(`button[data-key="${key}"]`)) || doc.querySelector(`main > form button[data-key="${key}"]`);
    if (button) button.click();
    return Boolean(button);
  }

  // Deciding on a card leads to the next card.
  doc.addEventListener("submit", (event) => {
    const card = event.target.closest("[data-card]");
    const back = event.target.elements.back;
    if (!card || !back) return;
    const cards = all(".record [data-card]");
    const next = cards[cards.indexOf(card) + 1] || card;
    back.value = `${back.value.split("#")[0]}#${next.dataset.id}`;
  });

  const PLACES = { d: "/", a: "/articles", e: "/engagements", p: "/entities", s: "/said", c: "/claims", t: "/timeline", n: "/network", m: "/map", r: "/review", h: "/history" };
  let going = 0;
  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || root.dataset.keys === "off") return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key;
    const onCard = doc.querySelector("[data-card]");
    if (Date.now() < going && PLACES[key]) { event.stopImmediatePropagation(); location.assign(PLACES[key]); }
    else if (key === "g") going = Date.now() + 1500;
    else if (key === "/") doc.getElementById("q").focus();
    else if (key === "?") location.assign("/keys");
    else if (key === "o") open();
    else if (key === "y") copyCard(doc.querySelector("[data-card].on"));
    else if ("axsu".includes(key) && key.length === 1 && press(key)) { /* decided */ }
    else if (key === "[") go(doc.querySelector("a[rel=prev]"));
    else if (key === "]") go(doc.querySelector("a[rel=next]"));
    else if (!onCard && (key === "j" || key === "k")) step(key === "j" ? 1 : -1);
    else if (!onCard && key === "Escape") all(".sel").forEach((row) => row.classList.remove("sel"));
    else return;
    event.preventDefault();
  });

  // A phone has no room for the filter; without script it stays open.
  const narrow = matchMedia("(max-width: 900px)");
  const fold = () => all("details.filterbox").forEach((part) => { part.open = !narrow.matches; });
  narrow.addEventListener("change", fold);
  fold();

  const box = doc.getElementById("keys");
  if (box) {
    box.checked = kept !== "off";
    box.addEventListener("change", () => {
      root.dataset.keys = box.checked ? "on" : "off";
      try { localStorage.setItem(KEYS, root.dataset.keys); } catch { /* holds until the page is left */ }
      say(box.checked ? "Keys are on" : "Keys are off");
    });
  }
})();
