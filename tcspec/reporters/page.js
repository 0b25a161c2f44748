
"use strict";
const PAGE = 100;
const CHOICES = ["severity", "code", "event", "dialect"];
const SEARCHED = ["code", "message", "pointer", "place", "hint", "source", "value"];
const rows = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("filters");
const list = document.getElementById("rows");
const told = document.getElementById("shown");
const more = document.getElementById("more");
let limit = PAGE;

function element(name, text, style) {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}

function sentence(text) {
  const made = document.createElement("p");
  // What stands between backticks is spelt as it is in the payload.
  text.split(/`([^`]+)`/).forEach((part, index) => made.append(index % 2 ? element("code", part) : part));
  return made;
}

function offer(name) {
  const counts = new Map();
  for (const row of rows) counts.set(row[name], (counts.get(row[name]) || 0) + 1);
  for (const value of [...counts.keys()].sort()) {
    const option = element("option", `${value} (${counts.get(value)})`);
    option.value = value;
    form.elements[name].append(option);
  }
}

function item(row) {
  const made = element("li", "", row.severity), head = element("p", "", "head"), details = document.createElement("dl");
  head.append(
    element("strong", row.code), element("span", row.severity, `badge ${row.severity}`), element("bdi", row.event),
    element("code", row.place, "place"));
  const known = [
    ["at", row.pointer || "the root", "code"], ["value", row.value, "code"], ["try", row.hint, "span"],
    ["fix", row.fix, "span"], ["asked by", `${row.source} (${row.basis})`, "span"]];
  for (const [name, text, kind] of known) {
    if (!text) continue;
    const definition = document.createElement("dd");
    definition.append(element(kind, text));
    details.append(element("dt", name), definition);
  }
  made.append(head, sentence(row.message), details);
  return made;
}

function fits(row, text) {
  return CHOICES.every((name) => !form.elements[name].value || row[name] === form.elements[name].value) &&
    (!text || SEARCHED.some((name) => row[name].toLowerCase().includes(text)));
}

function show() {
  const text = form.elements.text.value.trim().toLowerCase();
  const fitting = rows.filter((row) => fits(row, text));
  const count = Math.min(limit, fitting.length);
  list.replaceChildren(...fitting.slice(0, limit).map(item));
  more.hidden = fitting.length <= limit;
  told.textContent = !rows.length ? "Nothing was found."
    : !fitting.length ? `None of ${rows.length} fits these filters.`
    : count < fitting.length ? `${count} of ${fitting.length} shown.`
    : fitting.length < rows.length ? `${fitting.length} of ${rows.length} fit.`
    : `${rows.length} listed.`;
}

function restart() {
  limit = PAGE;
  show();
}

CHOICES.forEach(offer);
form.hidden = !rows.length;
form.addEventListener("input", restart);
// The controls are empty only after the event.
form.addEventListener("reset", () => setTimeout(restart));
form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => {
  const next = limit;
  limit += PAGE;
  show();
  list.children[next].tabIndex = -1;
  list.children[next].focus();
});
show();
