/* How a reader wants to see a board: its columns, shaded values, a largest size, folded fine-tunes.
   What is chosen stands in the address; the table is whole without it. */
(() => {
  "use strict";

  const {address, closesByEscape, remember, value} = window.et;
  const tools = document.getElementById("view-tools");
  const table = document.querySelector("#ranking table");
  const frame = table.closest(".et-scroll");
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const at = (name) => heads.findIndex((head) => head.dataset.c === name);
  const made = (tag, properties, ...content) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...content);
    return element;
  };
  const option = (text, change) => {
    const box = made("input", {type: "checkbox"});
    box.addEventListener("change", () => change(box.checked));
    return [box, made("label", {}, box, ` ${text}`)];
  };
  const asked = (name) => (address.searchParams.get(name) ?? "").split(",").filter(Boolean);

  /* That more columns lie to the right is said in words and shown by a faded edge. */
  const more = made("span", {className: "et-more-columns"}, tools.dataset.more);
  const hint = () => {
    const isCut = frame.scrollWidth - frame.clientWidth - frame.scrollLeft > 4;
    frame.classList.toggle("et-cut", isCut);
    more.hidden = !isCut;
  };
  frame.addEventListener("scroll", hint, {passive: true});
  new ResizeObserver(hint).observe(table);
  new ResizeObserver(hint).observe(frame);

  const columns = () => {
    const box = made("details", {className: "et-several"});
    const list = made("fieldset", {}, made("legend", {}, tools.dataset.columns));
    const hidden = new Set(asked("hide"));
    const show = () => {
      heads.forEach((head, place) => {
        const isHidden = hidden.has(head.dataset.c);
        head.hidden = isHidden;
        for (const row of rows) row.cells[place].hidden = isHidden;
      });
      hint();
    };
    heads.slice(2).forEach((head) => {
      const [input, label] = option(head.textContent.trim(), (isShown) => {
        if (isShown) hidden.delete(head.dataset.c);
        else hidden.add(head.dataset.c);
        remember("hide", [...hidden].join(","));
        show();
      });
      input.checked = !hidden.has(head.dataset.c);
      list.append(label);
    });
    box.append(made("summary", {}, tools.dataset.columns), list);
    closesByEscape(box, box.firstChild);
    if (hidden.size) show();
    return box;
  };

  /* Each column by itself: from its lowest fifth to its highest. */
  const shade = (isOn) => {
    const fixed = ["rank", "model", "parameters", "n_tasks", "embedding_dimensions", "max_tokens", "since"];
    heads.forEach((head, place) => {
      if (head.classList.contains("s") || fixed.includes(head.dataset.c)) return;
      const values = rows.map((row) => value(row, place)).filter((its) => typeof its === "number");
      const order = values.toSorted((a, b) => a - b);
      for (const row of rows) {
        const its = value(row, place);
        const cell = row.cells[place];
        if (!isOn || typeof its !== "number") delete cell.dataset.s;
        else cell.dataset.s = Math.min(4, Math.floor((order.indexOf(its) / order.length) * 5));
      }
    });
    remember("shade", isOn ? "1" : "");
  };

  const SIZES = [5e7, 1e8, 2e8, 3.5e8, 5e8, 7e8, 1e9, 2e9, 4e9, 8e9, 1.5e10];
  const written = (size) => (size >= 1e9 ? `${size / 1e9}B` : `${size / 1e6}M`);
  let largest = Infinity;
  let isFolded = false;
  const place = at("parameters");
  const sizes = new Map(rows.map((row) => [row, value(row, place)]));
  const choose = () => {
    for (const row of rows) {
      const size = sizes.get(row);
      const isOut = (largest < Infinity && !(size !== null && size <= largest)) || (isFolded && row.dataset.base);
      if (isOut) row.dataset.out = "1";
      else delete row.dataset.out;
    }
    table.dispatchEvent(new CustomEvent("et:refilter"));
  };

  const slider = () => {
    const told = made("output", {});
    const input = made("input", {type: "range", min: 0, max: SIZES.length, step: 1});
    const set = (step) => {
      largest = SIZES[step] ?? Infinity;
      input.value = step;
      told.textContent = largest < Infinity ? written(largest) : tools.dataset.any;
      input.setAttribute("aria-valuetext", told.textContent);
    };
    const start = SIZES.findIndex((size) => written(size) === address.searchParams.get("max"));
    set(start < 0 ? SIZES.length : start);
    input.addEventListener("input", () => {
      set(Number(input.value));
      remember("max", largest < Infinity ? written(largest) : "");
      choose();
    });
    table.addEventListener("et:reset", () => {
      set(SIZES.length);
      remember("max", "");
      choose();
    });
    return made("label", {className: "et-slider"}, `${tools.dataset.size} `, input, " ", told);
  };

  /* Fine-tunes that are not clearly ahead of their base stay listed beside it. */
  const fold = (isOn) => {
    isFolded = isOn;
    for (const list of table.querySelectorAll(".et-folds")) list.remove();
    if (isOn) {
      const bySlug = new Map();
      const linkOf = (row) => row.querySelector(".m a");
      for (const row of rows) bySlug.set(new URL(linkOf(row).href).pathname.split("/").at(-2), row);
      const under = Map.groupBy(rows.filter((row) => bySlug.has(row.dataset.base)), (row) => row.dataset.base);
      for (const [slug, tuned] of under) {
        const links = tuned.map((row) => {
          const link = linkOf(row).cloneNode(true);
          return made("li", {}, link, ` ${row.cells[at("mean_task")].textContent}`);
        });
        const head = made("summary", {}, `+${tuned.length}`);
        head.setAttribute("aria-label", `${tuned.length} ${tools.dataset.folded}`);
        head.title = tools.dataset.folded;
        bySlug.get(slug).querySelector(".m").append(made("details", {className: "et-folds"}, head, made("ul", {}, ...links)));
      }
    }
    remember("fold", isOn ? "1" : "");
    choose();
  };

  tools.append(columns());
  const [shaded, shadeLabel] = option(tools.dataset.shade, shade);
  tools.append(shadeLabel, slider());
  if (tools.dataset.fold) {
    const [folds, foldLabel] = option(tools.dataset.fold, fold);
    tools.append(foldLabel);
    folds.checked = address.searchParams.get("fold") === "1";
    if (folds.checked) fold(true);
  }
  tools.append(more);
  shaded.checked = address.searchParams.get("shade") === "1";
  if (shaded.checked) shade(true);
  if (largest < Infinity) choose();
  tools.hidden = false;
  hint();
})();
