/* The page of choices: form, answer and picture, on one file of all present boards. */
(() => {
  "use strict";

  const place = document.getElementById("et-choose");
  if (!place) return;
  const zh = document.documentElement.lang.startsWith("zh");
  const FIRST_ROWS = 30;
  const words = new Map();
  for (const term of document.querySelectorAll("#et-choose-words dt")) {
    words.set(term.textContent, term.nextElementSibling.textContent);
  }
  const get = (id) => document.getElementById(`et-choose-${id}`);
  const form = place.querySelector("form");
  const status = place.querySelector("[role=status]");
  const answer = get("answer");
  const cost = get("cost");
  const word = (name) => words.get(`choose.${name}`);
  const comma = words.get("comma");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const typeName = (kind) => words.get(`type.${kind}`) ?? kind;
  const element = (tag, attributes, ...content) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  };

  const {meets, weightedMean, paretoFront, readers, listed, EXAMPLES, fieldOf} = window.etRules;

  /* Texts */
  const counted = (value) =>
    value >= 1e9 ? `${Math.floor(value / 1e7 + 0.5) / 100}B` : `${Math.floor(value / 1e6 + 0.5)}M`;
  const memory = (value) => `${Math.floor((value / 1024) * 100 + 0.5) / 100} GB`;
  const shown = (name, value) => {
    if (name === "max_parameters") return counted(value);
    if (name === "max_memory") return memory(value);
    return Array.isArray(value) ? value.join(", ") : String(value);
  };
  const number = (value, digits = 2) => (value === null ? "–" : value.toFixed(digits));

  let data = null;
  let board = null;
  let everything = false;

  const model = (row, field) => data.models[field][board.models[row]];
  const property = (row, field) => (field === "zero_shot_pct" ? board.untrained[row] : model(row, field));
  const storage = (row) => {
    const dimensions = model(row, "embedding_dimensions");
    return dimensions === null ? null : (dimensions * data.bytes_per_dimension * data.vectors) / 1e9;
  };

  /* The question is what stands in the form; the address says the same. */
  const weightsOf = (box) =>
    [...box.querySelectorAll("input")].map((input) => [input.dataset.name, Math.max(0, Number(input.value) || 0)]);
  const isUsual = (types) =>
    types.length === board.parts[""].types.length && types.every(([, weight]) => weight === 1);
  const question = () => {
    const conditions = [];
    for (const [name, read] of Object.entries(readers)) {
      const input = form.elements[name];
      const text = input.type === "checkbox" ? (input.checked ? "1" : "") : input.value.trim();
      if (!text) continue;
      const wanted = read(text);
      if (wanted === null) return {wrong: fill(word("wrong"), {field: word(name), value: text, example: EXAMPLES[name]})};
      conditions.push({name: fieldOf(name), wanted, rule: data.conditions[fieldOf(name)]});
    }
    const order = Object.keys(data.conditions);
    conditions.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    const languages = weightsOf(get("languages")).filter(([, weight]) => weight > 0);
    let types = weightsOf(get("types")).filter(([, weight]) => weight > 0);
    /* Where none is preferred, types count that a language has. */
    if (languages.length && isUsual(types)) {
      types = types.filter(([kind]) => languages.some(([code]) => board.parts[code].types.includes(kind)));
    }
    return {conditions, types, languages};
  };

  const reasonOf = (condition, row) => {
    const [field, operator] = condition.rule;
    const met = meets(operator, property(row, field), condition.wanted);
    if (met) return null;
    if (met === null) return {condition: condition.name, text: words.get(`unknown.${condition.name}`)};
    const field_shown = {commercial: "licence", released: "release_date"}[field] ?? field;
    const value = shown(condition.name, property(row, field_shown));
    return {condition: condition.name, text: fill(words.get(`unmet.${condition.name}`), {value})};
  };
  const partialReason = (part, row, lacking) => {
    const n = part.tasks[row];
    const name = n === null ? "uncounted" : part.name ? "partial_in" : "partial";
    const values = {n, total: part.total, types: lacking.map(typeName).join(comma), language: part.name?.[zh ? "zh" : "en"]};
    return {condition: "tasks", text: fill(words.get(name), values)};
  };
  const choose = ({conditions, types, languages}) => {
    const codes = languages.length ? languages : [["", 1]];
    const ranked = [];
    const dropped = [];
    for (let row = 0; row < board.models.length; row += 1) {
      const reasons = conditions.map((condition) => reasonOf(condition, row)).filter(Boolean);
      const means = new Map();
      for (const [code] of codes) {
        const part = board.parts[code];
        const counts = code ? types.filter(([kind]) => part.types.includes(kind)) : types;
        const values = new Map();
        part.types.forEach((kind, column) => {
          const mean = part.means[column][row];
          if (mean !== null) values.set(kind, mean);
        });
        const mean = weightedMean(values, counts);
        if (mean !== null) means.set(code, mean);
        else reasons.push(partialReason(part, row, counts.filter(([kind]) => !values.has(kind)).map(([kind]) => kind)));
      }
      if (reasons.length) dropped.push({row, reasons});
      else ranked.push({row, score: weightedMean(means, codes) / data.scale, size: model(row, "parameters"), storage: storage(row)});
    }
    for (const name of ["size", "storage"]) {
      const entries = ranked.map((its) => [its.score, its[name]]);
      const front = paretoFront(entries);
      ranked.forEach((its, at) => { its[`${name}Front`] = front.has(entries[at]); });
    }
    ranked.sort((a, b) => b.score - a.score);
    ranked.forEach((its, at) => { its.place = at && ranked[at - 1].score === its.score ? ranked[at - 1].place : at + 1; });
    return {ranked, dropped};
  };

  /* What the answer says */
  const explained = ({types, languages}) => {
    const weights = [...types, ...languages].map(([, weight]) => weight);
    const named = (entries, name) => {
      const equal = new Set(entries.map(([, weight]) => weight)).size < 2;
      return entries.map(([one, weight]) => (equal ? name(one) : fill(words.get("times"), {name: name(one), weight}))).join(comma);
    };
    const spoken = named(languages, (code) => board.parts[code].name[zh ? "zh" : "en"]);
    const whole = board.parts[""];
    const all = types.length === whole.types.length && !languages.length;
    const left = all ? board.types.filter((kind) => !whole.types.includes(kind)) : [];
    const leftOut = left.length ? (zh ? "" : " ") + fill(words.get("left_out"), {types: left.map(typeName).join(comma)}) : "";
    return fill(words.get(new Set(weights).size > 1 ? "sentence.weighted" : "sentence.equal"), {
      types: named(types, typeName),
      languages: languages.length ? (zh ? "" : " ") + fill(words.get("in_languages"), {languages: spoken}) : "",
      board: board.title[zh ? "zh" : "en"],
      day: board.day,
      each: types.length > 1 ? word("each") : word("each_one"),
      left_out: leftOut,
    });
  };
  const nameCell = (row) => {
    const label = model(row, "label");
    const link = element("a", {href: `${place.dataset.models}${encodeURIComponent(model(row, "slug"))}/`}, element("bdi", {}, label));
    return element("td", {class: "s m"}, link);
  };
  const table = (heads, rows, kind) => {
    const line = element("tr", {});
    heads.forEach(([text, of]) => line.append(element("th", {scope: "col", class: of}, text)));
    return element("table", {class: `et-table ${kind}`}, element("thead", {}, line), element("tbody", {}, ...rows));
  };
  const cells = (values) => values.map((value) => element("td", {}, value));
  const rankedRow = (its) => {
    const mark = its[cost.value === "storage" ? "storageFront" : "sizeFront"];
    const licence = model(its.row, "licence");
    const size = its.size === null ? "–" : counted(its.size);
    const context = model(its.row, "max_tokens");
    const line = element("tr", {}, element("td", {class: "r"}, String(its.place)), nameCell(its.row));
    line.append(element("td", {class: "b"}, number(its.score)));
    line.append(...cells([size, number(its.storage), context === null ? "–" : context.toLocaleString("en")]));
    line.append(element("td", {class: "s"}, licence ?? "–"), ...cells([String(board.ranks[its.row] ?? "–")]));
    if (mark) {
      line.className = "et-front";
      line.cells[1].append(" ", element("span", {class: "et-key et-span-1", role: "img", "aria-label": word("on_front"), title: word("on_front")}));
    }
    return line;
  };
  const drawRanked = (ranked) => {
    const heads = [["place", "r"], ["model", "s m"], ["score", ""], ["size", ""], ["storage", ""], ["context", ""], ["licence", "s"], ["rank", ""]];
    const some = everything ? ranked : ranked.slice(0, FIRST_ROWS);
    const made = table(heads.map(([name, kind]) => [word(name), kind]), some.map(rankedRow), "et-board");
    const parts = [made];
    if (some.length < ranked.length) {
      const more = element("button", {type: "button", class: "et-press"}, fill(word("show_all"), {n: ranked.length}));
      more.addEventListener("click", () => { everything = true; show(); });
      parts.push(element("p", {class: "et-live"}, more));
    }
    get("ranked").replaceChildren(...parts);
  };
  const drawDropped = (ranked, dropped) => {
    const counts = new Map();
    for (const {reasons} of dropped) {
      for (const name of new Set(reasons.map((its) => its.condition))) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const option = (name) => word(name === "organisation" ? "org" : name.replaceAll("_", "-"));
    const reasons = [...counts].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${option(name)} ${n}`).join(comma);
    const all = ranked.length + dropped.length;
    get("counts").textContent = dropped.length ? fill(word("counts"), {ranked: ranked.length, all, reasons}) : "";
    const open = get("dropped").parentElement;
    open.hidden = !dropped.length;
    const fillIn = () => {
      if (!open.open) return;
      const rows = dropped.map((its) => element("tr", {}, nameCell(its.row), element("td", {class: "s w"}, its.reasons.map((one) => one.text).join(zh ? "；" : "; "))));
      get("dropped").replaceChildren(table([[word("model"), "s m"], [word("reasons"), "s"]], rows, "et-plain"));
    };
    open.ontoggle = fillIn;
    fillIn();
  };

  /* A picture: score against cost, on a logarithmic scale; the table says the same. */
  const SVG = "http://www.w3.org/2000/svg";
  const drawing = (tag, attributes, text) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text) made.textContent = text;
    return made;
  };
  const HEIGHT = 300;
  const drawChart = (ranked) => {
    const by = cost.value || "size";
    const points = ranked.filter((its) => its[by]);
    const figure = get("chart");
    figure.hidden = points.length < 2;
    if (figure.hidden) return;
    const WIDTH = Math.min(720, Math.max(320, figure.clientWidth));
    const xs = points.map((its) => Math.log10(its[by]));
    const ys = points.map((its) => its.score);
    /* One bad model must not flatten all others. */
    const floor = ys.toSorted((a, b) => a - b)[Math.floor(ys.length / 10)];
    const fronted = points.filter((its) => its[`${by}Front`]);
    const low = Math.min(floor, ...fronted.filter((its) => its.score >= floor).map((its) => its.score)) - 1;
    const [left, right, high] = [Math.min(...xs), Math.max(...xs), Math.max(...ys)];
    const x = (its) => 44 + ((Math.log10(its[by]) - left) / (right - left || 1)) * (WIDTH - 64);
    const y = (score) => 12 + ((high - Math.max(score, low)) / (high - low || 1)) * (HEIGHT - 44);
    const svg = drawing("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "et-chart et-fit", role: "img", "aria-label": fill(word("chart_label"), {cost: word(by)})});
    svg.style.maxWidth = `${WIDTH}px`;  // Text keeps the size of the page's.
    const step = [1, 2, 5, 10, 20].find((one) => (high - low) / one <= 6) ?? 25;
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
      svg.append(drawing("line", {x1: 40, x2: WIDTH - 8, y1: y(tick), y2: y(tick), stroke: "#e4e0d6"}));
      svg.append(drawing("text", {x: 36, y: y(tick) + 4, "text-anchor": "end", "font-size": 11, fill: "#5d5a53"}, String(tick)));
    }
    for (let power = Math.ceil(left); power <= right; power += 1) {
      const at = x({[by]: 10 ** power});
      const text = by === "size" ? counted(10 ** power) : `${10 ** power} GB`;
      svg.append(drawing("line", {x1: at, x2: at, y1: 12, y2: HEIGHT - 32, stroke: "#e4e0d6"}));
      svg.append(drawing("text", {x: at, y: HEIGHT - 16, "text-anchor": "middle", "font-size": 11, fill: "#5d5a53"}, text));
    }
    const dot = (its, on) => {
      const made = drawing("circle", {cx: x(its).toFixed(1), cy: y(its.score).toFixed(1), r: on ? 4.5 : 2.5, fill: on ? "#c24e00" : "#b9b4a8"});
      made.append(drawing("title", {}, `${model(its.row, "label")} · ${number(its.score)} · ${by === "size" ? counted(its.size) : `${number(its.storage)} GB`}`));
      return made;
    };
    for (const its of points) if (!its[`${by}Front`] && its.score >= low) svg.append(dot(its, false));
    const path = fronted.filter((its) => its.score >= low).sort((a, b) => a[by] - b[by]);
    const corners = path.map((its, at) => `${at ? `H${x(its).toFixed(1)}V` : `M${x(its).toFixed(1)} `}${y(its.score).toFixed(1)}`);
    svg.append(drawing("path", {d: corners.join(""), fill: "none", stroke: "#c24e00", "stroke-width": 1.5}));
    let last = Infinity;
    for (const its of path) {
      svg.append(dot(its, true));
      const label = model(its.row, "label").split("/").pop();
      const [at, up] = [x(its), y(its.score)];
      if (Math.abs(up - last) < 12) continue;
      last = up;
      /* To the left above the line, or to the right below it. */
      const end = at > 40 + 6.5 * Math.min(label.length, 34);
      svg.append(drawing("text", {x: end ? at - 8 : at + 8, y: end && up - 5 >= 12 ? up - 5 : up + 15, "text-anchor": end ? "end" : "start", "font-size": 11, fill: "#5d5a53"}, label.length > 34 ? `${label.slice(0, 33)}…` : label));
    }
    figure.replaceChildren(element("figcaption", {}, fill(word("chart_label"), {cost: word(by)})), element("div", {class: "et-scroll"}, svg));
  };

  const show = () => {
    const asked = question();
    const off = asked.languages?.find(([code]) => !asked.types.some(([kind]) => board.parts[code].types.includes(kind)));
    const wrong = asked.wrong ?? (off ? fill(word("wrong_language"), {language: board.parts[off[0]].name[zh ? "zh" : "en"]}) : "");
    const none = !wrong && !asked.types.length;
    if (wrong || none) {
      answer.hidden = true;
      status.textContent = wrong || word("nothing");
      return;
    }
    const {ranked, dropped} = choose(asked);
    status.textContent = ranked.length ? explained(asked) : `${word("nothing")} ${explained(asked)}`;
    get("day").textContent = fill(word("day"), {day: board.day});
    answer.hidden = false;
    drawChart(ranked);
    drawRanked(ranked);
    drawDropped(ranked, dropped);
  };

  /* Form and address */
  const plain = (entries) => entries.map(([name, weight]) => (weight === 1 ? name : `${name}=${weight}`)).join(",");
  const remember = () => {
    const address = new URL(location.href);
    for (const name of ["board", "type", "language", ...Object.keys(readers), "cost"]) address.searchParams.delete(name);
    const put = (name, text) => text && address.searchParams.set(name, text);
    put("board", board === data.boards[0] ? "" : board.series);
    const types = weightsOf(get("types")).filter(([, weight]) => weight > 0);
    put("type", isUsual(types) ? "" : plain(types));
    put("language", plain(weightsOf(get("languages")).filter(([, weight]) => weight > 0)));
    for (const name of Object.keys(readers)) {
      const input = form.elements[name];
      put(name, input.type === "checkbox" ? (input.checked ? "1" : "") : input.value.trim());
    }
    put("cost", cost.value);
    history.replaceState(null, "", address);
    for (const link of document.querySelectorAll("a[hreflang]")) {
      const other = new URL(link.href);
      other.search = address.search;
      link.href = other.href;
    }
  };
  const weightInputs = (box, entries, given) => {
    box.replaceChildren(...entries.map(([name, text, usual]) => {
      const input = element("input", {type: "number", min: "0", max: "1000", step: "any", value: String(given ? given.get(name) ?? 0 : usual), inputmode: "decimal"});
      input.dataset.name = name;
      return element("label", {}, text, " ", input);
    }));
  };
  const given = (text) => {
    if (!text) return null;
    const entries = listed(text).map((part) => part.split("=").map((one) => one.trim()));
    return new Map(entries.map(([name, weight]) => [name, weight === undefined ? 1 : weight]));
  };
  const setBoard = (series, parameters) => {
    board = data.boards.find((its) => its.series === series) ?? data.boards[0];
    form.elements.board.value = board.series;
    const types = board.types.filter((kind) => board.parts[""].types.includes(kind));
    weightInputs(get("types"), types.map((kind) => [kind, typeName(kind), 1]), given(parameters?.get("type")));
    const codes = Object.keys(board.parts).filter(Boolean);
    get("languages").parentElement.hidden = !codes.length;
    weightInputs(get("languages"), codes.map((code) => [code, board.parts[code].name[zh ? "zh" : "en"], 0]), given(parameters?.get("language")));
    const values = (field) => {
      const counts = new Map();
      for (const at of board.models) for (const one of [data.models[field][at]].flat()) if (one) counts.set(one, (counts.get(one) ?? 0) + 1);
      return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 60).map(([one]) => element("option", {value: one}));
    };
    for (const [name, field] of [["licence", "licence"], ["org", "organisation"], ["base", "base"]]) get(name).replaceChildren(...values(field));
  };
  const fromAddress = () => {
    const parameters = new URL(location.href).searchParams;
    for (const name of Object.keys(readers)) {
      const input = form.elements[name];
      const text = parameters.get(name) ?? "";
      if (input.type === "checkbox") input.checked = Boolean(text);
      else input.value = text;
    }
    cost.value = parameters.get("cost") === "storage" ? "storage" : "";
    setBoard(parameters.get("board") ?? "", parameters);
    show();
  };

  const changed = (event) => {
    if (!data) return;
    everything = false;
    if (event?.target.name === "board") setBoard(form.elements.board.value, null);
    remember();
    show();
  };
  form.addEventListener("input", changed);
  cost.addEventListener("change", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    if (!data) return;
    setBoard(form.elements.board.value, null);
    changed();
  }));
  window.addEventListener("popstate", () => data && fromAddress());
  get("off").hidden = true;
  place.hidden = false;
  status.textContent = word("loading");
  fetch(place.dataset.file)
    .then((response) => {
      if (!response.ok) throw new Error(response.status);
      return response.json();
    })
    .then((loaded) => {
      data = loaded;
      fromAddress();
      remember();
    })
    .catch(() => { status.textContent = word("failed"); });
})();
