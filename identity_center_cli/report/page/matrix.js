// Accounts by permission sets: a cell for each pair that somebody has, and nothing for the others. Rows and columns
// out of sight are not in the page; the arrow keys walk from one cell to the next by what is known, not by what is
// in the page.

const COLUMN = 2.625 * parseFloat(getComputedStyle(document.documentElement).fontSize); // --column of report.css
const STEP = 8; // columns that come and go together
const PAPER = 24; // columns that fit on paper
const SIDE = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

// Return the accounts and sets that anybody has, each in its order, and the people of each pair.
const pairsOf = (rows) => {
  const cells = new Map();
  for (const grant of rows) {
    const key = grant.account * data.sets.length + grant.set;
    if (!cells.has(key)) cells.set(key, new Set());
    for (const person of grant.people) cells.get(key).add(person);
  }
  const name = lazily(() => new Map(data.accounts.map((account, number) => [number, accountName(account)])));
  const accounts = [...distinct(rows, "account")].sort((a, b) => collator.compare(name().get(a), name().get(b)));
  const sets = [...distinct(rows, "set")].sort((a, b) => rank(data.sets[a].strength) - rank(data.sets[b].strength) || collator.compare(data.sets[a].name, data.sets[b].name));
  return { accounts, sets, people: (row, column) => cells.get(accounts[row] * data.sets.length + sets[column]) };
};
const showMatrix = (wanted) => {
  const rows = matching(filtered(grants, wanted), wanted, textOfGrant);
  const pairs = pairsOf(rows);
  const { accounts, sets } = pairs;
  $("count").textContent = `${many(accounts.length, "account", "accounts")} by ${many(sets.length, "permission set", "permission sets")}; a number is how many people`;
  if (!accounts.length) return make("p", { class: "note" }, grants.length ? nothingFits(wanted) : "Nobody has access to any account.");
  const legend = make("ul", { class: "legend", "aria-label": "Strengths" }, ...strongestFirst.map((number) => make("li", {}, mark(number))));
  return make("div", { class: "filling" }, legend, gridOf(pairs));
};
const gridOf = (pairs) => {
  const { accounts, sets } = pairs;
  const head = make("tr", { role: "row" }, make("th", { scope: "col", role: "columnheader", "aria-colindex": 1 }, "Account"));
  const body = make("tbody", { role: "rowgroup" });
  const table = make("table", { class: "matrix", role: "grid", "aria-readonly": "true", "aria-rowcount": accounts.length + 1, "aria-colcount": sets.length + 1 },
    make("caption", { class: "skip" }, "Accounts by permission sets"), make("thead", { role: "rowgroup" }, head), body);
  table.style.setProperty("--rows", accounts.length);
  table.style.setProperty("--sets", sets.length);
  table.style.setProperty("--names", `${Math.min(13, 1.5 + sets.reduce((most, set) => Math.max(most, data.sets[set].name.length), 0) * 0.5)}rem`);
  const place = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Accounts by permission sets" }, table);
  drawn = { place, body, head, pairs, made: new Map(), count: accounts.length, row: rowOfMatrix, across: columnsInSight, from: 0, to: 0 };
  whenScrolled(place);
  place.addEventListener("keydown", walk);
  place.addEventListener("focusin", pointOut);
  place.addEventListener("mouseover", pointOut);
  return place;
};

// Choose the columns in sight; where they are others than before, every row is made anew.
const columnsInSight = () => {
  const { place, head, made, pairs } = drawn;
  const first = Math.floor(place.scrollLeft / COLUMN / STEP) * STEP;
  const from = Math.max(0, first - STEP);
  const to = Math.min(pairs.sets.length, first + Math.ceil(place.clientWidth / COLUMN / STEP) * STEP + STEP);
  if (from !== drawn.from || to !== drawn.to) {
    Object.assign(drawn, { from, to });
    if (place.contains(document.activeElement)) place.focus({ preventScroll: true });
    for (const row of made.values()) row.remove();
    made.clear();
    head.replaceChildren(head.firstElementChild, ...pairs.sets.slice(from, to).map((set, number) => nameOfColumn(set, from + number)));
  }
  return `${from} ${to}`;
};
const nameOfColumn = (set, column) => {
  const { name } = data.sets[set];
  return atColumn(make("th", { scope: "col", role: "columnheader", "aria-colindex": column + 2, title: name }, make("a", { href: toAccess({ set }), tabindex: -1 }, bdi(name))), column);
};
const atColumn = (cell, column) => {
  cell.style.setProperty("--across", column);
  return cell;
};
const rowOfMatrix = (number) => {
  const { pairs, from, to } = drawn;
  const account = pairs.accounts[number];
  const name = link(accountName(data.accounts[account]), toAccess({ account }));
  const made = make("tr", { role: "row", "aria-rowindex": number + 2 }, make("th", { scope: "row", role: "rowheader", "aria-colindex": 1, dir: "auto" }, name));
  made.style.setProperty("--at", number);
  for (let column = from; column < to; column += 1) {
    const people = pairs.people(number, column);
    if (people) made.append(atColumn(cellOf(account, pairs.sets[column], people, column), column));
  }
  return made;
};
const cellOf = (account, set, people, column) => {
  const { strength, name } = data.sets[set];
  const words = `${many(people.size, "person", "people")}: ${isolated(name)} (${strengthName(strength)}) in ${accountName(data.accounts[account])}`;
  return make("td", { class: `s${strength}`, role: "gridcell", "aria-colindex": column + 2 }, make("a", { href: toAccess({ account, set }), title: words, "aria-label": words, tabindex: -1 }, String(people.size)));
};

// ---- by keyboard and pointer ---------------------------------------------------------------------------

const placeOf = (cell) => [Number(cell.parentElement.getAttribute("aria-rowindex")) - 2, Number(cell.getAttribute("aria-colindex")) - 2];
const walk = (event) => {
  const cell = document.activeElement?.closest("tbody td, tbody th");
  const to = cell && nextOf(event, ...placeOf(cell));
  if (!to) return;
  event.preventDefault();
  focusAt(...to);
};
const nextOf = (event, row, column) => {
  const { pairs, count } = drawn;
  const last = pairs.sets.length - 1;
  const filled = (r, c) => c < 0 || pairs.people(r, c);
  const lastFilled = (r) => {
    let c = last;
    while (!filled(r, c)) c -= 1;
    return c;
  };
  if (event.key === "Home") return event.ctrlKey ? [0, -1] : [row, -1];
  if (event.key === "End") return event.ctrlKey ? [count - 1, lastFilled(count - 1)] : [row, lastFilled(row)];
  const step = SIDE[event.key];
  if (!step) return null;
  do {
    row += step[0];
    column += step[1];
    if (row < 0 || row >= count || column < -1 || column > last) return null;
  } while (!filled(row, column));
  return [row, column];
};
const focusAt = (row, column) => {
  const { place, head, made } = drawn;
  const [above, beside] = [head.offsetHeight, head.firstElementChild.offsetWidth];
  const within = (now, from, size, seen) => Math.min(from, Math.max(now, from + size - seen));
  place.scrollTop = within(place.scrollTop, row * ROW, ROW, place.clientHeight - above);
  if (column >= 0) place.scrollLeft = within(place.scrollLeft, column * COLUMN, COLUMN, place.clientWidth - beside);
  draw();
  made.get(row).querySelector(`[aria-colindex="${column + 2}"] a`).focus({ preventScroll: true });
};
// The row and the column of a cell are lit up: at 500 by 200 an eye alone does not find their names.
const pointOut = (event) => {
  const cell = event.target.closest?.("tbody td, tbody th");
  if (!cell) return;
  for (const old of drawn.place.querySelectorAll(".here")) old.classList.remove("here");
  cell.parentElement.classList.add("here");
  drawn.head.querySelector(`[aria-colindex="${cell.getAttribute("aria-colindex")}"]`)?.classList.add("here");
};

// ---- on paper ------------------------------------------------------------------------------------------

// As many columns beside each other as fit, and in each part the accounts that have one of them.
const matrixOnPaper = ({ accounts, sets, people }) => {
  const parts = [];
  for (let from = 0; from < sets.length; from += PAPER) {
    const columns = sets.slice(from, from + PAPER).map((_, number) => from + number);
    const head = make("tr", {}, make("th", { scope: "col" }, "Account"), ...columns.map((column) => make("th", { scope: "col" }, make("span", {}, data.sets[sets[column]].name))));
    const rows = accounts.map((_, row) => row).filter((row) => columns.some((column) => people(row, column)));
    const body = rows.map((row) => make("tr", { "aria-rowindex": row + 2 }, make("th", { scope: "row" }, bdi(accountName(data.accounts[accounts[row]]))),
      ...columns.map((column) => {
        const some = people(row, column);
        return some ? make("td", { class: `s${data.sets[sets[column]].strength}` }, String(some.size)) : make("td");
      })));
    parts.push(make("table", { class: "paper" }, make("caption", {}, `Permission sets ${from + 1} to ${from + columns.length} of ${sets.length}`), make("thead", {}, head), make("tbody", {}, ...body)));
  }
  return parts;
};
