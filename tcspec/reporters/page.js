
"use strict";
const PER_PAGE = 100;
const FILTERED = ["severity", "code", "event", "dialect"], DETAILS = ["pointer", "value", "help", "fix", "source"];
const { columns, texts, cells } = JSON.parse(document.getElementById("data").textContent);
const rows = Array.from({ length: cells.length / columns.length }, (_, row) => row);
const [form, status, list, previous, page, next] =
  ["filters", "status", "rows", "previous", "page", "next"].map((id) => document.getElementById(id));
let matching = rows;

const cell = (row, name) => cells[row * columns.length + columns.indexOf(name)];
const format = (number) => number.toLocaleString("en");

function element(name, text, style = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = style;
  return made;
}

function sentence(name, text) {
  const made = document.createElement(name);
  // Text between backticks stands as it is in the payload.
  made.append(...text.split(/`([^`]+)`/).map((part, index) => index % 2 ? element("code", part) : part));
  return made;
}

function item(row) {
  const finding = Object.fromEntries(columns.map((name) => [name, texts[cell(row, name)]]));
  const made = element("li", "", finding.severity), head = element("p", "", "head");
  head.append(
    element("strong", finding.code), element("span", finding.severity, `badge ${finding.severity}`),
    element("bdi", finding.event), element("code", finding.location));
  const details = document.createElement("dl");
  for (const name of DETAILS.filter((each) => finding[each])) {
    const isCode = name === "pointer" || name === "value", definition = element("dd", "");
    definition.append(isCode ? element("code", finding[name]) : sentence("span", finding[name]));
    details.append(element("dt", name), definition);
  }
  made.append(head, sentence("p", finding.message), details);
  return made;
}

function addOptions(name) {
  const counts = new Map();
  for (const row of rows) counts.set(cell(row, name), (counts.get(cell(row, name)) || 0) + 1);
  const options = [...counts].map(([text, count]) => [texts[text], text, count]).sort(([one], [two]) => (one < two ? -1 : 1));
  form.elements[name].append(...options.map(([label, value, count]) => new Option(`${label} (${format(count)})`, value)));
}

function filter() {
  const chosen = FILTERED.filter((name) => form.elements[name].value);
  const search = form.elements.search.value.trim().toLowerCase();
  // A text occurs in many findings, and is searched once.
  const found = texts.map((text) => text.toLowerCase().includes(search));
  matching = rows.filter((row) =>
    chosen.every((name) => cell(row, name) === Number(form.elements[name].value)) &&
    (!search || columns.some((name) => found[cell(row, name)])));
  show(1);
}

function show(number) {
  const pages = Math.max(Math.ceil(matching.length / PER_PAGE), 1), current = Math.min(Math.max(number, 1), pages);
  const start = (current - 1) * PER_PAGE, end = Math.min(start + PER_PAGE, matching.length);
  list.replaceChildren(...matching.slice(start, end).map(item));
  page.value = current;
  page.max = pages;
  previous.disabled = current === 1;
  next.disabled = current === pages;
  page.closest("nav").hidden = pages === 1;
  status.textContent = !rows.length ? "Nothing was found."
    : !matching.length ? `None of ${format(rows.length)} findings matches.`
    : `${format(start + 1)} to ${format(end)} of ${format(matching.length)} findings` +
      (matching.length < rows.length ? ` that match, of ${format(rows.length)}.` : ".");
}

function turn(number) {
  show(number);
  list.firstChild.tabIndex = -1;
  list.firstChild.focus();
}

FILTERED.forEach(addOptions);
form.hidden = !rows.length;
form.addEventListener("input", filter);
// The controls are empty only after the event.
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());
previous.addEventListener("click", () => turn(Number(page.value) - 1));
next.addEventListener("click", () => turn(Number(page.value) + 1));
page.addEventListener("change", () => turn(Math.trunc(Number(page.value)) || 1));
show(1);
