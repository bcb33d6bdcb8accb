/* A board on any day: a slider and a date field over its states, loaded where a reader asks. */
(() => {
  "use strict";

  const tools = document.getElementById("replay-tools");
  const place = document.getElementById("replay");
  const button = tools.querySelector("button");
  const status = tools.querySelector("[role=status]");
  const words = place.dataset;
  const DAY = 86400000;
  let data = null;

  const made = (tag, kind, ...content) => {
    const its = document.createElement(tag);
    if (kind) its.className = kind;
    its.append(...content);
    return its;
  };
  const number = (value) => (value === null ? "–" : value.toFixed(2).replace("-", "\u2212"));
  const whole = (value) => (value === null ? "–" : value.toLocaleString("en-US"));
  const time = (day) => Date.parse(`${day}T00:00:00Z`);
  const dayOf = (offset) => new Date(time(data.days[0][0]) + offset * DAY).toISOString().slice(0, 10);
  const offsetOf = (day) => Math.round((time(day) - time(data.days[0][0])) / DAY);

  /* The state that holds at the end of a day: the last one that began by then. */
  const stateAt = (day) => {
    let low = 0;
    let high = data.days.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (data.days[middle][0] <= day) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const slider = made("input");
  slider.type = "range";
  slider.min = "0";
  const field = made("input");
  field.type = "date";
  const earlier = made("button", "et-press", words.earlier);
  const later = made("button", "et-press", words.later);
  earlier.type = later.type = "button";
  const told = made("p", "et-quiet");
  told.setAttribute("aria-live", "polite");
  const body = made("tbody");
  const head = made("tr");
  const table = made("table", "et-table et-board", made("thead", "", head), body);

  const line = ([model, rank, points, mean, tasks], total) => {
    const [name, slug, now] = data.models[model];
    const link = made("a", "", made("bdi", "", name.slice(name.indexOf("/") + 1)));
    link.href = `${tools.dataset.models}${encodeURIComponent(slug)}/`;
    link.title = now ?? name;
    const cell = made("td", "s m", link);
    if (now) cell.append(" ", made("span", "et-quiet", words.now.replace("{name}", now)));
    const row = made("tr", "", made("td", "r", String(rank)), cell);
    if (data.unit === "points") row.append(made("td", "", whole(points)));
    row.append(made("td", "b", number(mean)), made("td", "", `${tasks ?? "–"}/${total}`));
    return row;
  };

  const show = (day, {keep = true} = {}) => {
    const state = stateAt(day);
    const [since, total, rows] = data.days[state];
    slider.value = String(offsetOf(day));
    slider.setAttribute("aria-valuetext", day);
    field.value = day;
    earlier.disabled = state === 0;
    later.disabled = state === data.days.length - 1;
    body.replaceChildren(...rows.map((row) => line(row, total)));
    told.textContent = words.told.replace("{day}", day).replace("{since}", since);
    if (keep) {
      const address = new URL(location.href);
      address.searchParams.set("day", day);
      history.replaceState(history.state, "", address);
    }
  };

  const bounded = (day) => {
    const [first, last] = [data.days[0][0], data.until];
    return day < first ? first : day > last ? last : day;
  };

  const build = () => {
    slider.max = String(offsetOf(data.until));
    slider.setAttribute("aria-label", words.slider);
    field.min = data.days[0][0];
    field.max = data.until;
    const columns = [["r", words.rank], ["s m", words.model]];
    if (data.unit === "points") columns.push(["", words.points]);
    columns.push(["", words.mean], ["", words.tasks]);
    for (const [kind, word] of columns) {
      const cell = made("th", kind, word);
      cell.scope = "col";
      head.append(cell);
    }
    const label = made("label", "", words.date, " ", field);
    const controls = made("p", "et-replay-controls", label, " ", earlier, " ", later);
    const scroll = made("div", "et-scroll", table);
    scroll.tabIndex = 0;
    place.replaceChildren(slider, controls, told, scroll);
    slider.addEventListener("input", () => show(dayOf(Number(slider.value))));
    field.addEventListener("change", () => {
      if (field.value) show(bounded(field.value));
    });
    const step = (by) => show(data.days[stateAt(field.value) + by][0]);
    earlier.addEventListener("click", () => step(-1));
    later.addEventListener("click", () => step(1));
  };

  const load = async () => {
    button.setAttribute("aria-busy", "true");
    status.textContent = "";
    try {
      const answer = await fetch(tools.dataset.file);
      if (!answer.ok) throw new Error(tools.dataset.file);
      data = await answer.json();
      build();
      return true;
    } catch {
      status.textContent = status.dataset.failed;
      return false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  const open = async (day) => {
    if (!data && !(await load())) return;
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
    if (!place.hidden) show(bounded(day || field.value || data.until), {keep: Boolean(day)});
  };

  button.addEventListener("click", () => {
    if (!button.getAttribute("aria-busy")) open("");
  });
  tools.hidden = false;
  const asked = new URL(location.href).searchParams.get("day");
  if (asked && /^\d{4}-\d{2}-\d{2}$/.test(asked)) {
    open(asked).then(() => tools.scrollIntoView());
  }
})();
