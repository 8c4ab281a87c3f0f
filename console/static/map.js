/* The map on the board and on a village's page. Without this file, or without coordinates, the drawing or the words stay.
   Marks are drawn as in the drawing: a circle is well, a triangle leans, a square is dark, a diamond asks. */
(() => {
  // Leaflet comes when a map is seen for the first time: on a slow line the words are there before it
  const own = document.currentScript.src, beside = name => new URL(`vendor/${name}${new URL(own).search}`, own).href;
  let L, Mark, coming;
  const leaflet = () => coming ??= new Promise((done, fail) => {
    const style = document.createElement("link"), script = document.createElement("script");
    style.rel = "stylesheet"; style.href = beside("leaflet.css"); script.src = beside("leaflet.min.js");
    document.querySelector('link[href*="/map.css"]').before(style);
    const styled = new Promise(ready => { style.onload = style.onerror = ready; });
    script.onload = () => styled.then(() => { L = window.L; Mark = marks(); done(); }); script.onerror = fail;
    document.head.append(script);
  });
  const shapes = {
    up: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    degraded: (x, y, r) => `M${x} ${y - r * 1.3}l${r * 1.3} ${r * 2.3}h${-2.6 * r}z`,
    down: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    unknown: (x, y, r) => `M${x} ${y - r * 1.3}l${r * 1.3} ${r * 1.3}l${-r * 1.3} ${r * 1.3}l${-r * 1.3} ${-r * 1.3}z`,
  };
  shapes.unreachable = shapes.down;
  const marks = () => L.CircleMarker.extend({
    _updatePath() {
      const path = shapes[this.options.state] ?? shapes.unknown;
      if (this._renderer._setPath) this._renderer._setPath(this, this._empty() ? "M0 0" : path(this._point.x, this._point.y, this._radius));
    },
  });
  const worst = ["up", "unknown", "degraded", "unreachable", "down"];
  const drawn = new WeakMap();
  const safe = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);
  const fetched = async url => { const answer = await fetch(url); if (!answer.ok) throw new Error(url); return answer.json(); };

  async function draw(box) {
    const found = await fetched(box.dataset.map), here = box.dataset.here;
    const points = found.points.filter(point => !here || point.code.startsWith(here.slice(0, 8)));
    if (!points.length) return;
    await leaflet();
    let kept = drawn.get(box);
    if (!kept) {
      box.hidden = false;
      const map = L.map(box, { attributionControl: Boolean(found.tiles), zoomSnap: .25, scrollWheelZoom: !box.closest("[data-board]"), renderer: L.svg({ padding: .5 }) });
      map.fitBounds(L.latLngBounds(points.map(point => point.at)).pad(.02), { animate: false, maxZoom: here ? 12 : 14 });
      if (found.tiles) { L.tileLayer(found.tiles, { maxZoom: 19 }).addTo(map); box.classList.add("tiled"); }
      kept = { map, layer: L.layerGroup().addTo(map) };
      drawn.set(box, kept);
      const figure = box.parentElement.querySelector("[data-drawn]");
      if (figure) figure.hidden = true;
      const names = () => found.labels.forEach(label => L.tooltip({ permanent: true, direction: "center", className: "kec" }).setLatLng(label.at).setContent(safe(label.name)).addTo(map));
      fetched("/map/outlines.json").then(shape => shape.features.length ? L.geoJSON(shape, {
        style: feature => ({ className: here && here.startsWith(feature.properties.code) && feature.properties.code.length > 5 ? "outline outline-here" : "outline" }),
        interactive: false,
        onEachFeature: (feature, layer) => layer.bindTooltip(safe(feature.properties.name), { permanent: true, direction: "center", className: "kec" }),
      }).addTo(map).bringToBack() : names()).catch(names);
    }
    kept.layer.clearLayers();
    for (const line of found.cut ?? []) kept.layer.addLayer(L.polyline(line, { className: found.now ? "m-cut m-cut-now" : "m-cut", interactive: false }));
    for (const point of points.sort((a, b) => worst.indexOf(a.state) - worst.indexOf(b.state))) {
      const mark = new Mark(point.at, { state: point.state, radius: point.state === "up" ? 4 : point.state === "unknown" ? 3.5 : 6, className: `m m-${point.state}` });
      mark.bindTooltip(safe(`${point.name}: ${point.word}`));
      mark.on("click", () => { location.href = point.path; });
      kept.layer.addLayer(mark);
      if (point.cause) kept.layer.addLayer(new Mark(point.at, { state: "up", radius: 11, className: "m-cause", interactive: false }));
    }
  }
  // The board is written of one look: of the same one the map is not fetched twice
  const mark = () => document.querySelector("[data-mark]")?.dataset.mark ?? "";
  const of = new WeakMap();
  const show = box => {
    const now = mark();
    if (of.get(box) === now) return;
    of.set(box, now);
    draw(box).catch(() => of.delete(box));
  };
  const seen = new IntersectionObserver(entries => entries.filter(each => each.isIntersecting).forEach(each => {
    each.target.querySelectorAll("[data-map]").forEach(show);
  }), { rootMargin: "200px" });
  const all = () => document.querySelectorAll("[data-map]").forEach(box => {
    const figure = box.parentElement.querySelector("[data-drawn]");
    if (!drawn.has(box)) return seen.observe(box.parentElement);  // hidden until it is drawn: what holds it is seen
    if (figure) figure.hidden = true;
    show(box);
  });
  if (document.readyState === "complete") all(); else addEventListener("load", all);  // the words first
  addEventListener("htmx:afterSettle", all);
})();
