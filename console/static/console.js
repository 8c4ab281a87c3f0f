/* Enhancements only: every page reads and works without this file. */
(() => {
  const root = document.documentElement, all = (selector, within = document) => [...within.querySelectorAll(selector)];
  try { if (localStorage.theme) root.dataset.theme = localStorage.theme; } catch { /* private mode */ }
  addEventListener("click", async event => {
    const toggle = event.target.closest("[data-theme-toggle]"), copy = event.target.closest("[data-copy]");
    if (toggle) {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.theme = root.dataset.theme; } catch { /* private mode */ }
    }
    if (copy) {
      const text = document.getElementById(copy.dataset.copy), word = copy.textContent;
      try { await navigator.clipboard.writeText(text.textContent); copy.textContent = copy.dataset.done; setTimeout(() => { copy.textContent = word; }, 2000); }
      catch { getSelection().selectAllChildren(text); }
    }
  });
  // A board that is cut off says so, and takes it back by itself. A pulse is heard at least every fifteen seconds: a
  // browser that slept, or a line that went without a word, is found by its silence.
  const board = document.querySelector("[data-board]"), patience = 40000;
  let heard = Date.now();
  const stale = on => all("[data-stale]").forEach(band => { band.hidden = !on; root.classList.toggle("is-stale", on); });
  const alive = () => { heard = Date.now(); stale(false); };
  if (board && window.htmx) {
    htmx.createEventSource = url => {
      const source = new EventSource(url, { withCredentials: true });
      for (const beat of ["look", "ping"]) source.addEventListener(beat, alive);
      source.addEventListener("look", event => {
        told = event.lastEventId;
        if (shown === null && event.data === mark()) shown = told;
      });
      return source;
    };
    // What is shown already is not fetched again: the first word of the stream, a line that came back, a window that was
    // looked away from for a moment. `shown`: the word of the stream that the page is of.
    let told = null, shown = null, asked = null, fetched = Date.now();
    const mark = () => document.querySelector("[data-mark]")?.dataset.mark;
    addEventListener("htmx:beforeRequest", event => {
      if (event.target !== board) return;
      const by = event.detail.requestConfig.triggeringEvent?.type, now = Date.now();
      if (by === "sse:look" ? told === shown : by === "wake" && now - fetched < 30000 && now - heard < patience) { event.preventDefault(); return; }
      asked = told; fetched = now;
    });
    addEventListener("htmx:afterRequest", event => { if (event.target === board && event.detail.successful) shown = asked; });
    const wake = () => { if (!document.hidden) htmx.trigger(board, "wake"); };
    for (const event of ["pageshow", "online", "focus"]) addEventListener(event, wake);
    document.addEventListener("visibilitychange", wake);
    let slept = Date.now();
    setInterval(() => {
      const now = Date.now(), silent = now - heard > patience;
      if (now - slept > 20000 || silent) wake();
      slept = now;
      if (silent) stale(true);
    }, 5000);
    // the server answers again but the stream stays silent: begin anew
    addEventListener("htmx:afterRequest", event => { if (event.detail.successful && event.target === board && Date.now() - heard > patience) location.reload(); });
  }
  // What somebody has unfolded stays so when a part of the page comes anew; the focus htmx keeps by the ids.
  let unfolded = [];
  addEventListener("htmx:beforeSwap", event => { unfolded = all("details[open][id]", event.detail.target).map(each => each.id); });
  addEventListener("htmx:afterSwap", () => unfolded.forEach(id => { const part = document.getElementById(id); if (part) part.open = true; }));
  addEventListener("htmx:sseError", () => stale(true));
  addEventListener("htmx:sseOpen", alive);
  addEventListener("htmx:sendError", () => stale(true));
  const full = document.querySelector("[data-full]");
  if (full && root.requestFullscreen) { full.hidden = false; full.addEventListener("click", () => root.requestFullscreen()); }
  addEventListener("keydown", event => {
    if (event.key === "Escape" && /INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) event.target.blur();
    if (/INPUT|SELECT|TEXTAREA/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.getElementById("search");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && history.length > 1) history.back();
    if (event.key === "j" || event.key === "k") {
      const links = all("tbody th a, .wl h2 a").filter(link => link.offsetParent), at = links.indexOf(document.activeElement);
      if (links.length) links[Math.max(0, Math.min(links.length - 1, at + (event.key === "j" ? 1 : -1)))].focus();
    }
  });
})();
