/* Curves on the pages of devices, links and villages. Without this file the title leads to the numbers. */
(() => {
  // uPlot comes with the first curve that there is to draw
  const own = document.currentScript.src, beside = name => new URL(`vendor/${name}${new URL(own).search}`, own).href;
  let coming;
  const uplot = () => coming ??= new Promise((done, fail) => {
    const style = document.createElement("link"), script = document.createElement("script");
    style.rel = "stylesheet"; style.href = beside("uplot.css"); script.src = beside("uplot.min.js");
    document.querySelector('link[href*="/network.css"]').before(style);
    const styled = new Promise(ready => { style.onload = style.onerror = ready; });
    script.onload = () => styled.then(done); script.onerror = fail;
    document.head.append(script);
  });
  const root = document.documentElement, indonesian = root.lang === "id", drawn = [];
  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  const INKS = ["--nila", "--up", "--unreachable", "--degraded", "--maintenance", "--text-2"];
  const write = (value, digits) => value == null ? "" : value.toLocaleString(indonesian ? "id-ID" : "en-GB", { maximumFractionDigits: digits }).replace("-", "−");
  const digits = value => Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const clock = (seconds, zone, wide) => new Intl.DateTimeFormat(indonesian ? "id-ID" : "en-GB", { timeZone: zone, ...(wide ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit", hour12: false }) }).format(new Date(seconds * 1000)).replace(":", ".");

  function plot(box, found) {
    const scaled = found.lines.map(line => line.values.map(value => value == null ? null : value / found.scale));
    const wide = found.times.at(-1) - found.times[0] > 2 * 86400;
    const axis = { stroke: colour("--text-3"), font: `12px ${colour("--font")}`, grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
    const time = (at, far) => clock(at, found.zone, far);
    let ink = 0;
    const caption = box.querySelector("figcaption small");
    if (caption) caption.textContent = [found.unit, caption.textContent].filter(Boolean).join(", ");
    return new uPlot({
      tzDate: at => uPlot.tzDate(new Date(at * 1000), found.zone),
      width: box.clientWidth, height: box.classList.contains("large") ? 320 : 170, legend: { live: true },
      scales: { x: { time: true }, y: { range: (_u, low, high) => { const least = Math.min(low, low < 0 ? low : 0), most = high <= 0 ? Math.max(high, low < 0 ? high : 0) : high; const room = (most - least || 1) * .08; return [least < 0 ? low - (high - low || 1) * .1 : 0, high + room]; } } },
      series: [{ value: (_u, at) => at == null ? "" : `${time(at, true)} ${time(at, false)}` }, ...found.lines.map(line => ({
        label: line.name, stroke: colour(line.promised ? "--soga" : INKS[ink++ % INKS.length]), width: line.promised ? 1.5 : 1.75,
        dash: line.promised ? [6, 4] : ink > INKS.length ? [2, 3] : undefined, spanGaps: false, points: { show: false }, value: (_u, value) => value == null ? "" : `${write(value, digits(value))} ${found.unit}`,
      }))],
      axes: [{ ...axis, values: (_u, ticks) => ticks.map(at => time(at, wide)) }, { ...axis, size: 48, values: (_u, ticks) => ticks.map(at => write(at, 2)) }],
    }, [found.times, ...scaled], box);
  }
  async function draw(box) {
    const answer = await fetch(box.dataset.chart), found = await answer.json();
    const words = document.createElement("p");
    words.className = "words";
    if (!answer.ok) { words.textContent = [found.why ?? "", found.since ?? ""].join(" ").trim(); box.append(words); return; }
    if (!found.lines.some(line => line.values.some(value => value != null))) { words.textContent = found.empty; box.append(words); return; }
    await uplot();
    const one = { box, found, chart: plot(box, found) };
    drawn.push(one);
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", `${found.title}. ${found.measures.map(row => row.map((cell, n) => n ? `${found.heads[n]} ${cell}` : cell).join(", ")).join("; ")}`);
  }
  const again = () => drawn.forEach(one => { one.chart.destroy(); one.chart = plot(one.box, one.found); });
  const seen = new IntersectionObserver(entries => entries.filter(each => each.isIntersecting).forEach(each => { seen.unobserve(each.target); draw(each.target).catch(() => {}); }));
  document.querySelectorAll("[data-chart]").forEach(box => seen.observe(box));
  new MutationObserver(again).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  let later;
  addEventListener("resize", () => { clearTimeout(later); later = setTimeout(() => drawn.forEach(one => one.chart.setSize({ width: one.box.clientWidth, height: one.chart.height })), 150); });
})();
