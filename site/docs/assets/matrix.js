/* The scores of single tasks, loaded where a reader asks for them; sorted as every other table. */
(() => {
  "use strict";

  const tools = document.getElementById("matrix-tools");
  const place = document.getElementById("matrix");
  const button = tools.querySelector("button");
  const status = tools.querySelector("[role=status]");
  const ranking = document.querySelector("#ranking table");
  const slugOf = (link) => decodeURIComponent(new URL(link.href).pathname.split("/").at(-2));

  const cell = (tag, kind, ...content) => {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.append(...content);
    return made;
  };
  const number = (value) => (value === null ? "–" : value.toFixed(2).replace("-", "\u2212"));

  const head = (tasks, slugs) => {
    const row = document.createElement("tr");
    row.append(
      cell("th", "r", place.dataset.rank),
      cell("th", "s m", place.dataset.model),
      cell("th", "", place.dataset.mean),
    );
    tasks.forEach((task, number) => {
      let text = cell("bdi", "", task);
      if (slugs[number]) {
        text = cell("a", "", text);
        text.href = `${tools.dataset.tasks}${encodeURIComponent(slugs[number])}/`;
      }
      const its = cell("th", "et-task", text);
      its.title = task;
      row.append(its);
    });
    for (const its of row.cells) its.scope = "col";
    return row;
  };

  const line = ([rank, model, slug, mean, scores], best, suspects, slugs) => {
    const name = cell("bdi", "", model.slice(model.indexOf("/") + 1));
    const link = cell("a", "", name);
    link.href = `${tools.dataset.models}${encodeURIComponent(slug)}/`;
    link.title = model;
    const row = document.createElement("tr");
    row.dataset.model = slug;
    row.append(cell("td", "r", rank ?? "–"), cell("td", "s m", link), cell("td", "b", number(mean)));
    scores.forEach((score, task) => {
      const kind = score !== null && score === best[task] ? "b" : "";
      const its = cell("td", kind, number(score));
      if (suspects.has(task)) {
        its.dataset.v = score;
        const mark = cell("a", "et-mark", "?");
        mark.title = place.dataset.suspect;
        mark.href = slugs[task]
          ? `${tools.dataset.tasks}${encodeURIComponent(slugs[task])}/#suspects`
          : `${tools.dataset.models}../suspects/`;
        its.append(" ", mark);
      }
      row.append(its);
    });
    return row;
  };

  const draw = ({tasks, slugs, rows, suspects}) => {
    const best = tasks.map((_, task) => Math.max(...rows.map((row) => row[4][task] ?? -Infinity)));
    const table = cell("table", "et-table et-board");
    table.append(cell("thead", "", head(tasks, slugs)));
    table.append(cell("tbody", "", ...rows.map((row, at) => (
      line(row, best, new Set(suspects[at]), slugs)
    ))));
    place.replaceChildren(table);
    table.dispatchEvent(new CustomEvent("et:table", {bubbles: true}));
  };

  /* While the board's table is filtered, only what it shows; models without rank are not in it. */
  const follow = () => {
    const lines = [...ranking.tBodies[0].rows];
    const shown = new Set();
    for (const its of lines) if (!its.hidden) shown.add(slugOf(its.querySelector(".m a")));
    const whole = lines.every((its) => !its.hidden);
    for (const row of place.querySelectorAll("tbody tr")) {
      row.hidden = !whole && !shown.has(row.dataset.model);
    }
  };

  const load = async () => {
    button.setAttribute("aria-busy", "true");
    status.textContent = "";
    try {
      const answer = await fetch(tools.dataset.file);
      if (!answer.ok) throw new Error(tools.dataset.file);
      draw(await answer.json());
      follow();
      ranking.addEventListener("et:filtered", follow);
      return true;
    } catch {
      status.textContent = status.dataset.failed;
      return false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy")) return;
    if (place.hidden && !place.firstChild && !(await load())) return;
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  });
  tools.hidden = false;
})();
