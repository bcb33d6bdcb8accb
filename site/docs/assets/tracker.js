/* Sorting and filtering of tables. Everything is there without it. */
(() => {
  "use strict";

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
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const body = table.tBodies[0];
        const rows = [...body.rows];
        const sample = rows.map((row) => value(row, column)).find((its) => its !== null);
        const first = typeof sample === "number" && !head.classList.contains("r") ? -1 : 1;
        const before = head.getAttribute("aria-sort");
        const direction = before === null ? first : before === "ascending" ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        rows.sort((a, b) => compare(value(a, column), value(b, column), direction));
        body.append(...rows);
      });
    });
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
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const [row, text] of texts) row.hidden = !words.every((word) => text.includes(word));
      for (const body of table.tBodies) {
        const group = body.querySelector(".et-group");
        if (group) body.hidden = ![...body.rows].some((row) => row !== group && !row.hidden);
      }
    });
  };

  document.querySelectorAll("table[data-sortable]").forEach(sortable);
  document.querySelectorAll("[data-filter-for]").forEach(filter);
})();
