(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  root.classList.add("js");
  const keymap = JSON.parse(root.dataset.keymap || "{}");

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

  // A key presses the button of the chosen fact, or of the one question on the page; "take back" also the
  // latest decision beside it. The key for many only leads to its button: Enter is the answer.
  function press(key) {
    const from = doc.querySelector("[data-card].on") || doc.getElementById("question");
    const wanted = `[data-key="${key}"]`;
    const button = (from && from.querySelector(wanted)) || doc.querySelector(`main > form ${wanted}, [data-latest] ${wanted}`);
    if (button) button.click();
    return Boolean(button);
  }

  function offer() {
    const button = doc.querySelector('[data-key="A"]');
    if (!button) return;
    button.focus();
    say(`${button.textContent}: press Enter to do it`);
  }

  // Keys that somebody changed: the key pressed becomes the letter it stands for, here and in report.js.
  addEventListener("keydown", (event) => {
    if (!event.isTrusted || !(event.key in keymap) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    event.stopImmediatePropagation();
    if (root.dataset.keys === "off" || !keymap[event.key]) return;
    event.preventDefault();
    const meant = { key: keymap[event.key], bubbles: true, cancelable: true };
    event.target.dispatchEvent(new KeyboardEvent("keydown", meant));
  }, true);
  const shown = Object.fromEntries(Object.entries(keymap).filter(([, letter]) => letter).map(([key, letter]) => [letter, key]));
  all("main kbd").forEach((el) => { if (shown[el.textContent]) el.textContent = shown[el.textContent]; });

  // How many are ticked stands on the buttons that act on them.
  all("[data-ticks]").forEach((list) => {
    const buttons = [...list.closest("form").querySelectorAll("[data-count]")];
    const tell = () => {
      const n = list.querySelectorAll("input:checked").length;
      buttons.forEach((button) => { button.textContent = button.dataset.count.replace("{n}", n); button.disabled = !n; });
    };
    list.addEventListener("change", tell);
    tell();
  });

  // Fixing: words selected in the text go into the field that was used last, with where they stand.
  const fixers = all("[data-fixer]");
  let fixer = null;
  function useFixer(form) {
    fixers.forEach((one) => one.classList.toggle("on", one === form));
    fixer = form;
  }
  fixers.forEach((form) => form.addEventListener("focusin", () => useFixer(form)));
  if (fixers.length) {
    useFixer(fixers.find((form) => `#${form.id}` === location.hash) || fixers.find((form) => form.elements.words));
    doc.addEventListener("mouseup", takeWords);
    doc.addEventListener("keyup", (event) => { if (event.shiftKey) takeWords(); });
  }
  function takeWords() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed || !fixer || !fixer.elements.words) return;
    const range = chosen.getRangeAt(0);
    const para = (range.startContainer.parentElement || doc.body).closest(".words[data-start]");
    if (!para || !para.contains(range.endContainer)) return;
    const ahead = range.cloneRange();
    ahead.setStart(para, 0);
    ahead.setEnd(range.startContainer, range.startOffset);
    const raw = range.toString(), words = raw.trim();
    if (!words) return;
    const at = Number(para.dataset.start) + [...ahead.toString()].length + [...raw.slice(0, raw.indexOf(words[0]))].length;
    fixer.elements.words.value = words;
    fixer.elements.start.value = at;
    if (fixer.elements.choice.options) fixer.elements.choice.value = "words";
    say(`“${words}” goes into ${fixer.querySelector("h3").textContent}`);
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
    else if (key === "A") offer();
    else if ("axsuf".includes(key) && key.length === 1 && press(key)) { /* decided */ }
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
})();
