/* Two to four models side by side, from the data files beside their pages. */
(() => {
  "use strict";

  const place = document.getElementById("et-compare");
  if (!place) return;
  const MOST = 4;
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const words = new Map();
  for (const term of document.querySelectorAll("#et-compare-words dt")) {
    words.set(term.textContent, term.nextElementSibling.textContent);
  }
  const names_of = JSON.parse(place.dataset.names);
  const order = [...words.keys()].filter((key) => key.startsWith("property."));
  const [form, chosen, status, target] = place.querySelectorAll(
    "form, .et-chosen, [role=status], #et-compare-table",
  );
  const input = form.querySelector("input");
  const loaded = new Map();
  let names = [];

  const say = (text) => text[language];
  const element = (tag, ...content) => {
    const made = document.createElement(tag);
    made.append(...content);
    return made;
  };
  /* A stranger's address may be a script; only ordinary ones become links. */
  const outside = (url, text) => {
    if (!/^https?:\/\//.test(url ?? "")) return text;
    const link = element("a", text);
    link.href = url;
    link.rel = "noopener nofollow";
    return link;
  };
  const slugs = () =>
    [...new Set((new URLSearchParams(location.search).get("models") ?? "").split(","))]
      .filter(Boolean)
      .slice(0, MOST);
  const choose = (wanted) => {
    const query = wanted.length ? `?models=${wanted.map(encodeURIComponent).join(",")}` : "";
    history.pushState(null, "", location.pathname + query);
    return show();
  };

  const load = async (slug) => {
    if (!loaded.has(slug)) {
      const part = encodeURIComponent(slug);
      const answer = await fetch(`${place.dataset.root}models/${part}/${part}.json`);
      if (!answer.ok) throw new Error(slug);
      loaded.set(slug, await answer.json());
    }
    return loaded.get(slug);
  };

  /* A cell is what it means, to be told apart, and the nodes that show it. */
  const missing = (word) => ({ meaning: "", known: false, nodes: [word] });
  const unknown = () => missing(words.get("unknown"));
  const text = (value) => ({ meaning: value, known: true, nodes: [value] });
  const number = (value) => value.toFixed(2);
  const shown = (value, property) => {
    if (typeof value === "boolean") return words.get(String(value));
    if (typeof value === "number") return value < 0 ? "–" : value.toLocaleString(language);
    if (Array.isArray(value)) return value.map((one) => shown(one, property)).join(words.get("comma"));
    return names_of[property]?.[value] ?? String(value);
  };
  const receipts = (evidence) => {
    const list = element("ul");
    for (const its of evidence) {
      const note = names_of.note?.[its.note] ?? its.note;
      const rest = [its.locator, note, its.date].filter(Boolean).join(" · ");
      list.append(element("li", outside(its.source, its.source), rest ? ` ${rest}` : ""));
    }
    return element("details", element("summary", words.get("receipts")), list);
  };
  const factCell = (facts) => {
    const list = element("ul");
    list.className = "et-facts";
    for (const fact of facts) {
      const label = fact.value === "not-documented" ? words.get("not-documented") : say(fact.label);
      const line = element("li", label);
      if (fact.statement) line.append(` ${say(fact.statement)}`);
      if (fact.conflict) line.append(" ", element("strong", words.get("conflict")));
      if (fact.evidence.length) line.append(receipts(fact.evidence));
      list.append(line);
    }
    const meaning = facts.map((fact) => `${fact.value} ${fact.qualifier ?? ""}`).sort();
    return { meaning: meaning.join("\n"), known: true, nodes: [list] };
  };
  const propertyCell = (model, name) => {
    const told = model.metadata.find((its) => its.property === name);
    if (told) {
      const source = outside(told.url, words.get(`source.${told.source}`) ?? told.source);
      return { meaning: String(told.value), known: true, nodes: [shown(told.value, name), " ", source] };
    }
    const facts = model.facts.filter((its) => its.property === name);
    return facts.length ? factCell(facts) : unknown();
  };
  const paperCell = (model) => {
    if (!model.papers.length) return unknown();
    const list = element("ul");
    for (const its of model.papers) {
      list.append(element("li", outside(its.url, its.title ?? `arXiv:${its.arxiv_id}`)));
    }
    const meaning = model.papers.map((its) => its.arxiv_id).sort().join(" ");
    return { meaning, known: true, nodes: [list] };
  };

  const standingRows = (models) => {
    const rows = [];
    const listed = models.map(
      (model) =>
        new Map(model.standings.filter((its) => its.listed).map((its) => [its.edition_slug, its])),
    );
    const editions = new Map(listed.flatMap((its) => [...its]));
    for (const [slug, edition] of editions) {
      const here = listed.map((known) => known.get(slug));
      if (here.filter(Boolean).length < 2) continue;
      const title = say(edition.title);
      const cells = here.map((its) => {
        if (!its) return missing(words.get("not_listed"));
        const mean = its.mean_task === null ? "–" : number(its.mean_task);
        return text(`${its.rank ?? "–"} / ${its.n_ranked} · ${mean}`);
      });
      const ranking = { name: `${title}: ${words.get("rank")}`, cells, measured: 1 };
      better(ranking, here.map((its) => its?.rank), -1);
      const scores = models.map((model) => model.task_types[slug] ?? {});
      for (const kind of [...new Set(scores.flatMap(Object.keys))].sort()) {
        const values = scores.map((its) => (kind in its ? text(number(its[kind])) : missing("–")));
        const row = { name: `${title}: ${words.get(`type.${kind}`) ?? kind}`, cells: values, measured: 1 };
        better(row, scores.map((its) => its[kind]), 1);
        rows.push(row);
      }
      rows.push(ranking);
    }
    return rows;
  };
  const rowsOf = (models) => {
    const held = models.flatMap((model) =>
      [...model.metadata, ...model.facts].map((its) => its.property),
    );
    const place_of = (name) => {
      const at = order.indexOf(`property.${name}`);
      return at < 0 ? order.length : at;
    };
    const properties = [...new Set(held)].sort(
      (a, b) => place_of(a) - place_of(b) || (a < b ? -1 : 1),
    );
    const rows = standingRows(models);
    for (const name of properties) {
      const cells = models.map((model) => propertyCell(model, name));
      const row = { name: words.get(`property.${name}`) ?? name, cells, property: name };
      const sign = LESS.includes(name) ? -1 : name === "max_tokens" ? 1 : 0;
      if (sign) {
        better(row, models.map((model) => model.metadata.find((its) => its.property === name)?.value), sign);
      }
      rows.push(row);
    }
    rows.push({ name: words.get("papers"), cells: models.map(paperCell) });
    return rows.filter((row) => row.cells.some((cell) => cell.known));
  };

  /* What decides whether a model can be used comes first; the same as on the pages of pairs. */
  const DECIDING = ["parameters", "memory_mb", "licence", "open_weights", "max_tokens", "embedding_dimensions", "pooling", "base_model"];
  const LESS = ["parameters", "memory_mb", "embedding_dimensions"];
  const better = (row, values, sign) => {
    if (!values.every((value) => typeof value === "number" && (!row.property || value > 0))) return;
    const best = Math.max(...values.map((value) => sign * value));
    if (values.every((value) => sign * value === best)) return;
    values.forEach((value, at) => { row.cells[at].better = sign * value === best; });
  };
  const draw = (models) => {
    const heads = models.map((model) => {
      const link = element("a", model.name);
      link.href = `${place.dataset.pages}${encodeURIComponent(model.slug)}/`;
      const head = element("th", link);
      head.scope = "col";
      return head;
    });
    const table = element("table");
    table.className = "et-table et-plain et-essay";
    const corner = element("th", words.get("property"));
    corner.scope = "col";
    table.append(element("thead", element("tr", corner, ...heads)));
    const rows = rowsOf(models);
    const differs = (row) => new Set(row.cells.map((cell) => cell.meaning)).size > 1;
    const kindOf = (row) => {
      if (DECIDING.includes(row.property)) return "deciding";
      return row.measured ? "measured" : differs(row) ? "different" : "shared";
    };
    for (const key of ["deciding", "measured", "different", "shared"]) {
      const its = rows.filter((row) => kindOf(row) === key);
      if (!its.length) continue;
      const title = element("th", words.get(key));
      title.colSpan = models.length + 1;
      title.scope = "rowgroup";
      const group = element("tr", title);
      group.className = "et-group";
      const body = element("tbody", group);
      body.dataset.kind = key;
      for (const row of its) {
        const name = element("th", row.name);
        name.scope = "row";
        body.append(element("tr", name, ...row.cells.map((cell) => {
          const made = element("td", ...(cell.better ? ["▲ "] : []), ...cell.nodes);
          if (cell.better) made.className = "b et-up";
          return made;
        })));
      }
      table.append(body);
    }
    for (const cell of table.querySelectorAll("th, td")) cell.classList.add("s");
    target.replaceChildren(table);
  };

  const show = async () => {
    const wanted = slugs();
    let models;
    try {
      models = await Promise.all(wanted.map(load));
    } catch {
      status.textContent = words.get("failed");
      return;
    }
    /* A slower answer to an earlier choice must not replace a later one. */
    if (slugs().join() !== wanted.join()) return;
    chosen.replaceChildren(
      ...models.map((model) => {
        const button = element("button", words.get("remove"));
        button.type = "button";
        button.setAttribute("aria-label", `${words.get("remove")}: ${model.name}`);
        button.addEventListener("click", () => {
          choose(slugs().filter((slug) => slug !== model.slug));
          input.focus();
        });
        return element("li", model.name, " ", button);
      }),
    );
    status.textContent = models.length < 2 ? words.get("hint") : "";
    if (models.length < 2) target.replaceChildren();
    else draw(models);
    place.dispatchEvent(new CustomEvent("et:compared", {detail: {models, words, language}}));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = input.value.trim().toLowerCase();
    const found = names.find(([name]) => name.toLowerCase() === asked);
    const wanted = slugs();
    if (!found) status.textContent = words.get("unknown_model");
    else if (wanted.length >= MOST) status.textContent = words.get("hint");
    else {
      input.value = "";
      if (!wanted.includes(found[1])) choose([...wanted, found[1]]);
    }
  });
  window.addEventListener("popstate", show);
  fetch(`${place.dataset.root}compare/models.json`)
    .then((answer) => answer.json())
    .then((known) => {
      names = known;
      const options = known.map(([name]) => {
        const option = element("option");
        option.value = name;
        return option;
      });
      document.getElementById("et-compare-models").append(...options);
    })
    .catch(() => {
      status.textContent = words.get("failed");
    });
  document.getElementById("et-compare-off").hidden = true;
  place.hidden = false;
  show();
})();
