// A table of which only the rows in sight are in the page.
//
// On a screen each row stands at its own place, whatever is above it: one that comes or goes moves no other, and
// the browser lays out that row alone. On paper the same elements are an ordinary table, whose head is repeated.

const ROW = 2.25 * parseFloat(getComputedStyle(document.documentElement).fontSize); // --row of report.css, in pixels
const SPARE = 8; // rows kept above and below those in sight
let drawn = null;

const windowed = (caption, columns, rows, wanted, sortBy) => {
  const head = make("tr", { role: "row" }, ...columns.map((column) => headerOf(column, wanted, sortBy)));
  const body = make("tbody", { role: "rowgroup" });
  const table = make("table", { class: "listed", role: "table", "aria-rowcount": rows.length + 1 },
    make("caption", { class: "skip" }, caption), make("thead", { role: "rowgroup" }, head), body);
  table.style.setProperty("--columns", columns.map((column) => `minmax(0, ${column.share ?? 2}fr)`).join(" "));
  table.style.setProperty("--rows", rows.length);
  const shares = columns.reduce((sum, column) => sum + (column.share ?? 2), 0);
  columns.forEach((column, number) => head.children[number].style.setProperty("--share", `${(100 * (column.share ?? 2)) / shares}%`));
  const place = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table);
  drawn = { place, body, made: new Map(), count: rows.length, row: (number) => rowOf(columns, rows[number], number) };
  whenScrolled(place);
  place.addEventListener("mouseover", showWhole);
  return place;
};
const whenScrolled = (place) => {
  let asked = false;
  place.addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  }, { passive: true });
};
const headerOf = (column, wanted, sortBy) => {
  const [name, direction] = (wanted ?? "").split(".");
  const sorted = name === column.id ? (direction === "down" ? "descending" : "ascending") : null;
  const arrow = sorted ? (sorted === "ascending" ? " ▲" : " ▼") : "";
  const button = make("button", { type: "button", title: `Sort by ${column.title}` }, column.title, make("span", { "aria-hidden": "true" }, arrow));
  button.addEventListener("click", () => sortBy(`${column.id}.${sorted === "ascending" ? "down" : "up"}`));
  return make("th", { scope: "col", role: "columnheader", class: column.number ? "number" : null, "aria-sort": sorted, "data-column": column.id }, button);
};
// What is cut is shown whole under the pointer; what is not cut needs no second text in the page.
const showWhole = (event) => {
  const cell = event.target.closest?.("tbody td, tbody th");
  if (cell && !cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
};

const draw = (all = false) => {
  if (!drawn) return;
  const { place, body, count } = drawn;
  const seen = Math.ceil(place.clientHeight / ROW) + 1;
  const above = Math.max(0, place.scrollTop - body.previousElementSibling.offsetHeight);
  const first = all ? 0 : Math.max(0, Math.min(Math.floor(above / ROW), count - seen) - SPARE);
  const last = all ? count : Math.min(count, first + seen + 2 * SPARE);
  const shape = `${first} ${last} ${drawn.across?.() ?? ""}`;
  if (shape !== drawn.shape) fill(first, last);
  drawn.shape = shape;
};
// Rows that stay in sight stay in the page: only those that come are made, and they come in one piece.
const fill = (first, last) => {
  const { place, body, made, row } = drawn;
  for (const [number, old] of made) {
    if (number >= first && number < last) continue;
    if (old.contains(document.activeElement)) place.focus({ preventScroll: true });
    old.remove();
    made.delete(number);
  }
  let come = [];
  for (let number = first; number < last; number += 1) {
    if (!made.has(number)) {
      made.set(number, row(number));
      come.push(made.get(number));
    } else if (come.length) {
      made.get(number).before(...come);
      come = [];
    }
  }
  body.append(...come);
};
const rowOf = (columns, row, number) => {
  const made = make("tr", { role: "row", "aria-rowindex": number + 2 });
  made.style.setProperty("--at", number); // twice as fast as `top` itself in Chromium
  columns.forEach((column, place) => {
    const cell = document.createElement(place ? "td" : "th");
    cell.setAttribute("role", place ? "cell" : "rowheader");
    if (column.number) cell.className = "number";
    cell.append(column.show(row));
    if (FOREIGN.test(cell.textContent)) cell.dir = "auto"; // so that the beginning of such a name is in sight, and its end is cut
    made.append(cell);
  });
  return made;
};

const textShown = (column, row) => {
  const shown = column.show(row);
  return typeof shown === "string" ? shown : shown.textContent;
};
const sorted = (rows, columns, wanted) => {
  const [name, direction] = (wanted ?? "").split(".");
  const column = columns.find((each) => each.id === name);
  if (!column) return rows;
  const keyed = rows.map((row, number) => [column.sort ? column.sort(row) : textShown(column, row), number, row]);
  const sign = direction === "down" ? -1 : 1;
  keyed.sort(([a, i], [b, j]) => sign * (typeof a === "number" ? a - b : collator.compare(a, b)) || i - j);
  return keyed.map((each) => each[2]);
};
