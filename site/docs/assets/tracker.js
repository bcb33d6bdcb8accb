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
    const number = Number(text.replace(/[,%]/g, "").replace("\u2212", "-"));
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
        if (isMain) remember("sort", `${column}${direction === 1 ? "up" : "down"}`);
      });
    });
    const asked = /^(\d+)(up|down)$/.exec(address.searchParams.get("sort") ?? "");
    if (isMain && asked && heads[asked[1]]) sort(Number(asked[1]), asked[2] === "up" ? 1 : -1);
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
    const selects = panel ? [...panel.querySelectorAll("select")] : [];
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = selects.map((select) => select.value).filter(Boolean);
      let shown = 0;
      for (const [row, text] of texts) {
        const tokens = (row.dataset.f ?? "").split(" ");
        row.hidden = !(words.every((word) => text.includes(word))
          && wanted.every((token) => tokens.includes(token)));
        if (!row.hidden) shown += 1;
      }
      for (const body of table.tBodies) {
        const group = body.querySelector(".et-group");
        if (group) body.hidden = ![...body.rows].some((row) => row !== group && !row.hidden);
      }
      table.dispatchEvent(new CustomEvent("et:filtered"));
      if (!panel) return;
      const told = panel.dataset.shown.replace("{x}", shown).replace("{y}", texts.size);
      panel.querySelector("output").textContent = told;
      panel.querySelector("button").hidden = !words.length && !wanted.length;
    };
    const changed = (name, text) => {
      remember(name, text);
      show();
    };
    input.addEventListener("input", () => changed("name", input.value));
    input.value = address.searchParams.get("name") ?? "";
    for (const select of selects) {
      select.value = address.searchParams.get(select.name) ?? "";
      if (select.selectedIndex < 0) select.value = "";
      select.addEventListener("change", () => changed(select.name, select.value));
    }
    if (panel) {
      /* On a phone many choices would fill the first screen: folded unless one is made. */
      const folded = panel.querySelector("details");
      if (folded) {
        const wide = matchMedia("(min-width: 45em)");
        folded.open = wide.matches || selects.some((select) => select.value);
        wide.addEventListener("change", () => {
          folded.open ||= wide.matches;
        });
      }
      panel.hidden = false;
      panel.querySelector("button").addEventListener("click", () => {
        input.value = "";
        for (const select of selects) select.value = "";
        for (const its of [{name: "name"}, ...selects]) remember(its.name, "");
        show();
      });
    }
    show();
  };

  document.querySelectorAll("table[data-sortable]").forEach(sortable);
  document.addEventListener("et:table", (event) => sortable(event.target));
  document.querySelectorAll("[data-filter-for]").forEach(filter);
})();
