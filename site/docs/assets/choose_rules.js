/* Which model to take: the rules of tracker/ranking/choosing.py, and how conditions are written. */
(() => {
  "use strict";

  const meets = (operator, value, wanted) => {
    if (value === null || (Array.isArray(value) && !value.length)) return null;
    if (operator === "at_most") return value <= wanted;
    if (operator === "at_least") return value >= wanted;
    if (operator === "is") return value === wanted;
    const values = Array.isArray(value) ? value : [value];
    if (operator === "one_of") return values.some((one) => wanted.includes(one));
    return values.some((one) => one.includes(wanted));
  };
  const weightedMean = (values, weights) => {
    let total = 0;
    let sum = 0;
    for (const [name, weight] of weights) {
      const value = values.get(name);
      if (value === undefined) return null;
      total += weight * value;
      sum += weight;
    }
    return sum ? total / sum : null;
  };
  const paretoFront = (entries) => {
    const known = entries.filter(([, its]) => its !== null);
    known.sort(([a, x], [b, y]) => x - y || b - a);
    const front = new Set();
    let best = null;
    let cheapest = null;
    for (const entry of known) {
      const [score, its] = entry;
      if (best === null || score > best || (score === best && its === cheapest)) {
        front.add(entry);
        [best, cheapest] = entry;
      }
    }
    return front;
  };
  const UNITS = {
    "max-parameters": {"": 1, k: 1e3, m: 1e6, b: 1e9, t: 1e12},
    "max-memory": {"": 2 ** -20, k: 2 ** -10, m: 1, g: 2 ** 10, t: 2 ** 20},
  };
  const amount = (text, units) => {
    const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgbt]?)b?$/i.exec(text.trim()) ?? [];
    const scale = units[(unit ?? "-").toLowerCase()];
    return scale === undefined ? null : Number(number) * scale;
  };
  const listed = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);
  const readers = {
    "max-parameters": (text) => amount(text, UNITS["max-parameters"]),
    "max-memory": (text) => amount(text, UNITS["max-memory"]),
    "min-context": (text) => (/^[1-9]\d*$/.test(text.trim()) ? Number(text) : null),
    "released-since": (text) =>
      /^\d{4}(-\d\d(-\d\d)?)?$/.test(text.trim()) ? `${text.trim()}-01-01`.slice(0, 10) : null,
    licence: (text) => listed(text.toLowerCase()),
    org: (text) => [text.trim().toLowerCase()],
    base: (text) => text.trim().toLowerCase(),
    pooling: (text) => [text],
    "open-weights": () => 1,
    commercial: () => 1,
    "no-instructions": () => 0,
    "untrained-only": () => 100,
  };
  const EXAMPLES = {"max-parameters": "600M", "max-memory": "4GB", "min-context": "8192", "released-since": "2025-06"};
  const FIELDS = {org: "organisation"};
  const fieldOf = (name) => FIELDS[name] ?? name.replaceAll("-", "_");

  window.etRules = {meets, weightedMean, paretoFront, readers, listed, EXAMPLES, fieldOf};
})();
