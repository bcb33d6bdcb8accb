/* Sorting and filtering of tables; what is chosen stands in the address. Everything is there without it. */
(() => {
  "use strict";

  /* The address keeps the choice, so that it can be shared; names of choices that are not made go.
     Words stand as "name": at a "q" the theme opens its search. */
  const address = new URL(location.href);
  const pass = () => {
    for (const link of document.querySelectorAll("a[hreflang]")) {
      const other = new URL(link.href);
      other.search = address.search;
      link.href = other.href;
    }
  };
  const remember = (name, text) => {
    if (text) address.searchParams.set(name, text);
    else address.searchParams.delete(name);
    history.replaceState(null, "", address);
    pass();
  };
  pass();

  const value = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return null;
    const text = cell.dataset.v ?? cell.textContent.trim();
    if (text === "" || text === "–" || text === "?") return null;
    /* Behind a number may stand how many tasks it is over, or a mark. */
    const number = Number(text.replace(/ (?:\(\d+\)|\?)$/, "").replace(/[,%]/g, "").replace("\u2212", "-"));
    return Number.isNaN(number) ? text : number;
  };

  /* Missing values stay last in either direction. */
  const compare = (a, b, direction) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a === "number" && typeof b === "number") return (a - b) * direction;
    return String(a).localeCompare(String(b), document.documentElement.lang) * direction;
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const isMain = table.closest("#ranking") !== null;
    const sort = (column, direction) => {
      const body = table.tBodies[0];
      const rows = [...body.rows];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      heads[column].setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      rows.sort((a, b) => compare(value(a, column), value(b, column), direction));
      body.append(...rows);
    };
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      /* The link of a heading stands beside the button: one control must not be in another. */
      const link = head.querySelector("a");
      button.append(...(link ?? head).childNodes);
      head.replaceChildren(button);
      if (link) {
        link.setAttribute("aria-label", button.textContent);
        link.textContent = "→";
        head.append(link);
      }
      button.addEventListener("click", () => {
        const rows = [...table.tBodies[0].rows];
        const sample = rows.map((row) => value(row, column)).find((its) => its !== null);
        const first = typeof sample === "number" && !head.classList.contains("r") ? -1 : 1;
        const before = head.getAttribute("aria-sort");
        const direction = before === null ? first : before === "ascending" ? -1 : 1;
        sort(column, direction);
        if (isMain) remember("sort", `${nameOf(head, column)}.${direction === 1 ? "up" : "down"}`);
      });
    });
    const asked = /^(.+)\.(up|down)$/.exec(address.searchParams.get("sort") ?? "");
    if (!isMain || !asked) return;
    const column = heads.findIndex((head, place) => nameOf(head, place) === asked[1]);
    if (column >= 0) sort(column, asked[2] === "up" ? 1 : -1);
  };

  /* Columns have names in addresses, so that a link survives a column that is added. */
  const nameOf = (head, column) => head.dataset.c ?? String(column);

  const closesByEscape = (box, head) => {
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      box.open = false;
      head.focus();
    });
  };

  /* A filter takes several values; a row meets it with any of them. */
  const several = (select) => {
    const box = document.createElement("details");
    box.className = "et-several";
    box.dataset.filter = select.name;
    const title = select.closest("label").firstChild.textContent.trim();
    const head = document.createElement("summary");
    const list = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = title;
    list.append(legend);
    const boxes = [...select.options].filter((option) => option.value).map((option) => {
      const input = Object.assign(document.createElement("input"), {type: "checkbox", value: option.value});
      const label = document.createElement("label");
      label.append(input, " ", option.textContent);
      list.append(label);
      return input;
    });
    const any = select.options[0].textContent;
    const chosen = () => boxes.filter((input) => input.checked).map((input) => input.value);
    const tell = () => {
      const texts = boxes.filter((input) => input.checked).map((input) => (
        input.parentElement.textContent.replace(/\(\d+\)\s*$/, "").trim()
      ));
      head.textContent = `${title} · ${texts.length > 1 ? `${texts[0]} +${texts.length - 1}` : texts[0] ?? any}`;
    };
    const set = (values) => {
      for (const input of boxes) input.checked = values.includes(input.value);
      tell();
    };
    /* One list is open at a time. */
    box.addEventListener("toggle", () => {
      if (!box.open) return;
      for (const other of document.querySelectorAll(".et-several[open]")) if (other !== box) other.open = false;
    });
    closesByEscape(box, head);
    list.addEventListener("change", tell);
    box.append(head, list);
    select.closest("label").replaceWith(box);
    return {name: select.name, box, chosen, set};
  };

  const filter = (place) => {
    const table = document.getElementById(place.dataset.filterFor)?.querySelector("table");
    if (!table) return;
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = place.dataset.label;
    input.setAttribute("aria-label", place.dataset.label);
    place.append(input);
    const texts = new Map();
    for (const row of table.querySelectorAll("tbody tr:not(.et-group)")) {
      const group = row.parentElement.querySelector(".et-group");
      texts.set(row, `${group ? group.textContent : ""} ${row.textContent}`.toLowerCase());
    }
    const panel = document.querySelector(`[data-choices-for="${place.dataset.filterFor}"]`);
    const choices = panel ? [...panel.querySelectorAll("select")].map(several) : [];
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = choices.map((choice) => choice.chosen()).filter((values) => values.length);
      let shown = 0;
      for (const [row, text] of texts) {
        const tokens = (row.dataset.f ?? "").split(" ");
        row.hidden = !(words.every((word) => text.includes(word))
          && wanted.every((values) => values.some((token) => tokens.includes(token)))
          && !row.dataset.out);
        if (!row.hidden) shown += 1;
      }
      for (const body of table.tBodies) {
        const group = body.querySelector(".et-group");
        if (group) body.hidden = ![...body.rows].some((row) => row !== group && !row.hidden);
      }
      table.dispatchEvent(new CustomEvent("et:filtered"));
      if (!panel) return;
      const told = panel.dataset.shown.replace("{x}", shown).replace("{y}", texts.size);
      const none = shown || !panel.dataset.none ? "" : ` ${panel.dataset.none}`;
      panel.querySelector("output").textContent = told + none;
      panel.classList.toggle("et-empty", !shown);
      panel.querySelector("button").hidden = shown === texts.size && !words.length && !wanted.length;
    };
    const changed = (name, text) => {
      remember(name, text);
      show();
    };
    input.addEventListener("input", () => changed("name", input.value));
    input.value = address.searchParams.get("name") ?? "";
    for (const choice of choices) {
      choice.set((address.searchParams.get(choice.name) ?? "").split(","));
      choice.box.addEventListener("change", () => changed(choice.name, choice.chosen().join(",")));
    }
    table.addEventListener("et:refilter", show);
    if (panel) {
      /* On a phone many choices would fill the first screen: folded unless one is made. */
      const folded = panel.querySelector("details:not(.et-several)");
      if (folded) {
        const wide = matchMedia("(min-width: 45em)");
        folded.open = wide.matches || choices.some((choice) => choice.chosen().length);
        wide.addEventListener("change", () => {
          folded.open ||= wide.matches;
        });
      }
      panel.hidden = false;
      panel.querySelector("button").addEventListener("click", () => {
        input.value = "";
        for (const choice of choices) choice.set([]);
        for (const its of [{name: "name"}, ...choices]) remember(its.name, "");
        table.dispatchEvent(new CustomEvent("et:reset"));
        show();
      });
    }
    show();
  };

  window.et = {address, closesByEscape, remember, value};
  document.querySelectorAll("table[data-sortable]").forEach(sortable);
  document.addEventListener("et:table", (event) => sortable(event.target));
  document.querySelectorAll("[data-filter-for]").forEach(filter);
})();
