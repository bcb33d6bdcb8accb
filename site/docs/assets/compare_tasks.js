/* Two models task by task: difference of the means with its interval, chart and table. */
(() => {
  "use strict";

  const place = document.getElementById("et-compare");
  const target = document.getElementById("et-compare-tasks");
  if (!place || !target) return;
  const boards = place.dataset.boards.split(",").filter(Boolean);
  const kinds = JSON.parse(place.dataset.kinds);
  const loaded = new Map();
  const DRAWS = 2000;
  const WIDTH = 640;
  const HEIGHT = 120;

  const element = (tag, properties, ...content) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...content);
    return made;
  };
  const drawing = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const points = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const load = (slug) => {
    if (!loaded.has(slug)) {
      const address = `${place.dataset.root}boards/${slug}/${slug}.tasks.json`;
      const answer = fetch(address).then((found) => (found.ok ? found.json() : null));
      loaded.set(slug, answer.catch(() => null));
    }
    return loaded.get(slug);
  };

  /* The same numbers on every visit. */
  const random = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  /* 95 % interval of the mean difference; tasks of a type are drawn among themselves. */
  const interval = (gaps) => {
    const groups = [...gaps.reduce((by, its) => by.set(kinds[its.task] ?? "", [...(by.get(kinds[its.task] ?? "") ?? []), its]), new Map()).values()];
    if (!groups.some((group) => group.length > 1)) return null;
    const next = random(20240706);
    const means = Array.from({length: DRAWS}, () => {
      let sum = 0;
      for (const group of groups) {
        for (let drawn = 0; drawn < group.length; drawn += 1) sum += group[Math.floor(next() * group.length)].gap;
      }
      return sum / gaps.length;
    }).sort((one, other) => one - other);
    return [means[Math.round(0.025 * DRAWS)], means[Math.round(0.975 * DRAWS) - 1]];
  };

  const chart = (gaps, label) => {
    const high = Math.max(...gaps.map(({gap}) => gap), 0);
    const low = Math.min(...gaps.map(({gap}) => gap), 0);
    const unit = (HEIGHT - 2) / (high - low || 1);
    const zero = 1 + high * unit;
    const svg = drawing("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, style: "max-width: 40rem", class: "et-chart et-fit", role: "img", "aria-label": label});
    const step = WIDTH / gaps.length;
    gaps.forEach(({task, gap}, at) => {
      const height = Math.abs(gap) * unit;
      const bar = drawing("rect", {
        x: (at * step).toFixed(1), width: Math.max(step - 1, 1).toFixed(1),
        y: (zero - (gap > 0 ? height : 0)).toFixed(1), height: Math.max(height, 0.5).toFixed(1),
        fill: gap > 0 ? "#c24e00" : "#7d8b97",
      });
      const title = drawing("title", {});
      title.textContent = `${task} ${points(gap)}`;
      bar.append(title);
      svg.append(bar);
    });
    svg.append(drawing("line", {x1: 0, x2: WIDTH, y1: zero, y2: zero, stroke: "#b9b4a8"}));
    return svg;
  };

  const table = (gaps, models, slugs, words) => {
    const head = element("tr", {}, element("th", {className: "s", scope: "col"}, words.get("pair.task")));
    head.append(element("th", {scope: "col"}, words.get("pair.difference")));
    for (const model of models) head.append(element("th", {scope: "col"}, model.name.split("/").pop()));
    const body = element("tbody", {});
    for (const {task, one, other, gap} of gaps) {
      const slug = slugs.get(task);
      const name = slug ? element("a", {href: `${place.dataset.tasks}${encodeURIComponent(slug)}/`}, task) : task;
      body.append(element("tr", {},
        element("th", {className: "s", scope: "row"}, name),
        element("td", {}, points(gap)),
        element("td", {className: one > other ? "b" : ""}, one.toFixed(2)),
        element("td", {className: other > one ? "b" : ""}, other.toFixed(2))));
    }
    const made = element("table", {className: "et-table et-plain"}, element("thead", {}, head), body);
    const scrolled = element("div", {className: "et-scroll", tabIndex: 0}, made);
    scrolled.setAttribute("role", "region");
    scrolled.setAttribute("aria-label", words.get("pair.tasks"));
    return scrolled;
  };

  const compared = (found, models, title, words) => {
    const rows = models.map((model) => found.rows.find((row) => row[2] === model.slug)?.[4]);
    if (!rows.every(Boolean)) return null;
    const gaps = found.tasks
      .map((task, at) => ({task, one: rows[0][at], other: rows[1][at], gap: rows[0][at] - rows[1][at]}))
      .filter(({one, other}) => one !== null && other !== null)
      .sort((a, b) => b.gap - a.gap);
    if (!gaps.length) return null;
    const mean = gaps.reduce((sum, {gap}) => sum + gap, 0) / gaps.length;
    const bounds = interval(gaps);
    const is_clear = bounds && bounds[0] * bounds[1] > 0;
    const ahead = fill(words.get("pair.ahead"), {ahead: gaps.filter(({gap}) => gap > 0).length, tasks: gaps.length});
    const line = element("p", {}, `${title}: `, element(is_clear ? "strong" : "span", {}, points(mean)));
    if (bounds) line.append(" ", element("span", {className: "et-quiet"}, `[${points(bounds[0])}, ${points(bounds[1])}]`));
    line.append(` · ${ahead}`);
    const slugs = new Map(found.tasks.map((task, at) => [task, found.slugs?.[at]]));
    const summary = element("summary", {}, `${words.get("pair.tasks")} (${gaps.length})`);
    const details = element("details", {className: "et-more"}, summary, table(gaps, models, slugs, words));
    return element("section", {}, line, chart(gaps, `${title}: ${words.get("pair.difference")}`), details);
  };

  let turn = 0;
  place.addEventListener("et:compared", async ({detail: {models, words, language}}) => {
    turn += 1;
    const now = turn;
    target.replaceChildren();
    if (models.length !== 2) return;
    const titles = new Map(models[0].standings.filter((its) => its.listed).map((its) => [its.edition_slug, its.title[language]]));
    const others = new Set(models[1].standings.filter((its) => its.listed).map((its) => its.edition_slug));
    const shared = boards.filter((slug) => titles.has(slug) && others.has(slug));
    const found = await Promise.all(shared.map(load));
    /* A slower answer to an earlier choice must not replace a later one. */
    if (now !== turn) return;
    const parts = shared.map((slug, at) => found[at] && compared(found[at], models, titles.get(slug), words)).filter(Boolean);
    if (!parts.length) return;
    const why = element("p", {className: "et-quiet"}, `${fill(words.get("pair.means_why"), {first: models[0].name})} `);
    target.replaceChildren(element("h2", {}, words.get("pair.means")), ...parts, why);
  });
})();
