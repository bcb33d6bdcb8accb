/* Search by name around the search of the theme: a page whose name is typed comes before pages
   that mention it, and one wrong letter of a name is forgiven. The rules are those of
   tracker/insights/search.py; the theme's worker does everything else. */
"use strict";

const SHORTEST = 5;
const SHORTEST_CHINESE = 3;
const FEW = 5;
const SETUP = 0;
const QUERY = 2;
const RESULT = 3;

const bare = (name) => name.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
const digits = (name) => name.replace(/\D+/g, "");

/* A wrong, missing or additional letter, or two swapped; another number is another version. */
const oneLetterApart = (a, b) => {
  if (Math.abs(a.length - b.length) > 1 || a === b || digits(a) !== digits(b)) return false;
  let same = 0;
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same += 1;
  const [rest, other] = [a.slice(same), b.slice(same)];
  return rest.slice(1) === other || rest.slice(1) === other.slice(1) || rest === other.slice(1)
    || (rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2));
};

/* The arXiv id that a text is, without version, or the text. */
const asked = (text) => /^\s*(?:\S*arxiv\S*?)?(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?\s*$/i.exec(text)?.[1] ?? text;

let named = [];

const read = (docs) => {
  named = docs.filter((doc) => doc.names)
    .map((doc) => ({doc, ...doc.names}))
    .sort((a, b) => a.order - b.order);
};

const matching = (isMeant) => [
  ...named.filter((thing) => thing.own.some(isMeant)),
  ...named.filter((thing) => !thing.own.some(isMeant) && thing.other.some(isMeant)),
];

const found = (text) => {
  const name = bare(asked(text));
  if (!name) return [];
  const exact = matching((known) => known === name);
  const shortest = /^[\x00-\x7f]*$/.test(name) ? SHORTEST : SHORTEST_CHINESE;
  if (exact.length || name.length < shortest) return exact;
  const begun = matching((known) => known.startsWith(name));
  if (begun.length) return begun.length <= FEW ? begun : [];
  return matching((known) => known.length >= shortest && oneLetterApart(name, known));
};

const namedFirst = (text, items) => {
  const first = found(text).map(({doc}) => {
    const known = items.find(([page]) => page.location === doc.location);
    return known ?? [{...doc, score: 1, terms: {}}];
  });
  return [...first, ...items.filter((item) => !first.includes(item))];
};

let question = "";
const answer = self.postMessage.bind(self);

self.postMessage = (message) => {
  if (message.type === RESULT) message.data.items = namedFirst(question, message.data.items);
  answer(message);
};

self.addEventListener("message", ({data}) => {
  if (data.type === SETUP) read(data.data.docs);
  if (data.type === QUERY) question = data.data;
});

/* The page names the worker of its theme; only a file beside this one is loaded. */
const theme = new URLSearchParams(self.location.search).get("theme");
if (/^search\.\w+\.min\.js$/.test(theme)) importScripts(theme);
