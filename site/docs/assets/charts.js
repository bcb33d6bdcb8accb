/* A drawing becomes interactive where a reader asks for it; the program is loaded then, and once. */
(() => {
  "use strict";

  const program = new URL(document.currentScript.dataset.program, location.href);

  /* Words stand in the page, so that one specification serves both languages. */
  const specification = async (figure) => {
    const words = JSON.parse(figure.dataset.words);
    const worded = (_, value) => words[/^\(et-(\w+)\)$/.exec(value)?.[1]] ?? value;
    const answer = await fetch(figure.dataset.spec);
    if (!answer.ok) throw new Error(figure.dataset.spec);
    return JSON.parse(await answer.text(), worded);
  };

  /* The page's rule forbids evaluated scripts: Vega's expressions are interpreted (ast). Drawn as
     SVG with the drawing's own class, the chart has its size and its colours in either theme. */
  const made = async (figure, drawing) => {
    const [{vegaEmbed}, spec] = await Promise.all([import(program), specification(figure)]);
    const place = document.createElement("div");
    await vegaEmbed(place, spec, {
      actions: false,
      ast: true,
      defaultStyle: false,
      renderer: "svg",
      tooltip: {disableDefaultStyle: true},
    });
    const svg = place.querySelector("svg");
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    for (const name of ["class", "role", "aria-label"]) {
      svg.setAttribute(name, drawing.getAttribute(name));
    }
    // One picture with one description: Vega would call each line a symbol, without a name.
    for (const part of svg.querySelectorAll("[aria-roledescription]")) {
      part.removeAttribute("role");
      part.removeAttribute("aria-roledescription");
    }
    return place;
  };

  for (const figure of document.querySelectorAll(".et-drawing[data-spec]")) {
    const line = figure.querySelector(".et-live");
    const button = line.querySelector("button");
    const status = line.querySelector("[role=status]");
    const drawing = figure.querySelector("svg");
    let chart = null;
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-busy")) return;
      const wanted = button.getAttribute("aria-pressed") !== "true";
      if (wanted && !chart) {
        button.setAttribute("aria-busy", "true");
        status.textContent = "";
        try {
          chart = await made(figure, drawing);
        } catch {
          status.textContent = status.dataset.failed;
          return;
        } finally {
          button.removeAttribute("aria-busy");
        }
      }
      (wanted ? drawing : chart).replaceWith(wanted ? chart : drawing);
      button.setAttribute("aria-pressed", String(wanted));
    });
    line.hidden = false;
  }
})();
