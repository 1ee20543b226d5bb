// The views of the page, its filters and its frame.

const link = (text, to) => make("a", { href: to }, text);
// The day is in the file, and how long ago that is depends on who reads it when.
const ago = (day) => {
  if (!/^\d{4}-\d\d-\d\d$/.test(day ?? "")) return day;
  const days = Math.floor((Date.now() - Date.parse(day)) / 86400000);
  return days < 0 ? day : `${day} (${days === 0 ? "today" : `${many(days, "day", "days")} ago`})`;
};
const memberName = (group, each) => {
  const note = group.missing.includes(each) ? " (not in AWS)" : group.extra.includes(each) ? " (not in the code)" : "";
  return `${isolated(data.people[each].name)}${note}`;
};

// ---- lists ---------------------------------------------------------------------------------------------

const counting = (id, title, count) => ({ id, title, share: 1.5, number: true, show: (row) => count(row).toLocaleString("en"), sort: count });
const countOfGrants = counting("grants", "Grants", (row) => row.grants.length);
const strongestOf = { id: "strength", title: "Strongest", share: 3, show: (row) => strongestMark(row.grants), sort: (row) => rank(strongest(row.grants)) };
const keptIn = { id: "from", title: "Kept in", show: (row) => row.it.keptIn ?? "" };
const ACCESS = [
  { id: "who", title: "Who", share: 4.2, show: (grant) => link(whoOf(grant), toAccess(grant.isGroup ? { group: grant.principal } : { person: grant.principal })) },
  { id: "through", title: "Through", share: 2.2, show: (grant) => (grant.isGroup ? `group of ${grant.people.length.toLocaleString("en")}` : "directly") },
  { id: "set", title: "Permission set", share: 3, show: (grant) => link(data.sets[grant.set].name, toAccess({ set: grant.set })) },
  { id: "strength", title: "Strength", share: 3.4, show: (grant) => mark(grant.strength), sort: (grant) => rank(grant.strength) },
  { id: "account", title: "Account", share: 4.4, show: (grant) => link(accountName(data.accounts[grant.account]), toAccess({ account: grant.account })) },
  { id: "owner", title: "Owner", share: 3.4, show: (grant) => [grant.terms.owner, grant.terms.ticket].filter(Boolean).map(isolated).join(", ") },
  { id: "review", title: "Review by", share: 2.2, show: (grant) => grant.terms.reviewBy ?? "" },
  { id: "expires", title: "Ends", share: 2.2, show: (grant) => (grant.terms.breakGlass ? "break-glass" : grant.terms.expires ?? "") },
  { id: "state", title: "Where", share: 2.8, show: (grant) => stateMark(grant.state), sort: (grant) => grant.state },
];
const PEOPLE = [
  { id: "name", title: "Person", share: 3, show: (row) => link(row.it.name, toAccess({ person: row.number })) },
  { id: "user", title: "User name", share: 3.4, show: (row) => row.it.userName ?? "" },
  { id: "groups", title: "Groups", share: 4, show: (row) => row.it.groups.map((each) => isolated(data.groups[each].name)).join(", ") },
  countOfGrants,
  counting("accounts", "Accounts", (row) => distinct(row.grants, "account").size),
  strongestOf,
  { id: "last", title: "Last sign-in", share: 3.6, show: (row) => ago(row.it.lastSignIn) ?? "not known", sort: (row) => row.it.lastSignIn ?? "" },
  { id: "mfa", title: "With MFA", show: (row) => row.it.mfa ?? "not known" },
  keptIn,
];
const GROUPS = [
  { id: "name", title: "Group", share: 3, show: (row) => link(row.it.name, toAccess({ group: row.number })) },
  counting("members", "People", (row) => row.it.members.length),
  { id: "who", title: "Who", share: 7, show: (row) => (row.it.membersKnown === false ? "not known" : row.it.members.map((each) => memberName(row.it, each)).join(", ")) },
  countOfGrants,
  strongestOf,
  keptIn,
];
const SETS = [
  { id: "name", title: "Permission set", share: 3, show: (row) => link(row.it.name, toAccess({ set: row.number })) },
  { id: "strength", title: "Strength", share: 3, show: (row) => mark(row.it.strength), sort: (row) => rank(row.it.strength) },
  { id: "why", title: "Why", share: 5, show: (row) => row.it.why ?? "" },
  { id: "policies", title: "Policies", share: 4, show: (row) => row.it.policies.join(", ") },
  { id: "boundary", title: "Boundary", share: 2.5, show: (row) => row.it.boundary ?? "" },
  { id: "session", title: "Session", show: (row) => row.it.session ?? "" },
  countOfGrants,
];
const ACCOUNTS = [
  { id: "id", title: "Account", share: 4, show: (row) => link(accountName(row.it), toAccess({ account: row.number })) },
  { id: "unit", title: "Unit", share: 4, show: (row) => row.it.unit ?? "" },
  counting("people", "People", (row) => peopleOf(row.grants).size),
  counting("sets", "Permission sets", (row) => distinct(row.grants, "set").size),
  strongestOf,
  { id: "root", title: "Root user", share: 3, show: (row) => row.it.root ?? "not known" },
];
const OTHERS = [
  { id: "who", title: "Who", show: (row) => row.who },
  { id: "kind", title: "Kind", show: (row) => row.kind },
  { id: "what", title: "What", share: 5, show: (row) => row.what },
  { id: "state", title: "Where", show: (row) => row.state },
];
const listed = (items, by) => lazily(() => items.map((it, number) => ({ it, number, grants: by().get(number) ?? [] })));
const LISTS = {
  access: { title: "Access", columns: ACCESS, one: "grant", more: "grants", filters: true, rows: () => grants, text: textOfGrant },
  people: { title: "People", columns: PEOPLE, one: "person", more: "people", rows: listed(data.people, ofPerson),
    text: ({ it }) => fold(it.name, it.userName, ...it.groups.map((each) => data.groups[each].name)) },
  groups: { title: "Groups", columns: GROUPS, one: "group", more: "groups", rows: listed(data.groups, ofGroup),
    text: ({ it }) => fold(it.name, ...it.members.map((each) => data.people[each].name)) },
  sets: { title: "Permission sets", columns: SETS, one: "permission set", more: "permission sets", rows: listed(data.sets, ofSet),
    text: ({ it }) => fold(it.name, it.why, ...it.policies) },
  accounts: { title: "Accounts", columns: ACCOUNTS, one: "account", more: "accounts", rows: listed(data.accounts, ofAccount),
    text: ({ it }) => fold(it.id, it.name, it.unit) },
  others: { title: "Applications and roles", columns: OTHERS, one: "entry", more: "entries", rows: lazily(() => data.others.map((row) => ({ ...row }))),
    text: (row) => fold(row.who, row.kind, row.what) },
};
const TITLES = { overview: "Overview", access: "Access", matrix: "Matrix", people: "People", groups: "Groups", sets: "Permission sets", accounts: "Accounts", others: "Applications and roles", posture: "MFA, root, exceptions" };

const showList = (name, wanted) => {
  const list = LISTS[name];
  const every = list.rows();
  const found = matching(list.filters ? filtered(every, wanted) : every, wanted, list.text);
  const rows = sorted(found, list.columns, wanted.get("sort"));
  $("count").textContent = wordsOfCount(name, rows, every.length, wanted);
  const about = list.filters ? aboutWhatIsChosen(wanted) : [];
  if (!rows.length) return make("div", {}, ...about, make("p", { class: "note" }, every.length ? nothingFits(wanted) : "There is nothing of this kind."));
  return make("div", { class: "filling" }, ...about, windowed(list.title, list.columns, rows, wanted.get("sort"), (sort) => go({ sort }, true)));
};
const wordsOfCount = (name, rows, every, wanted) => {
  const { one, more } = LISTS[name];
  const words = `${many(rows.length, one, more)}${rows.length === every ? "" : ` of ${every.toLocaleString("en")}`}`;
  if (name !== "access") return words;
  const accounts = many(distinct(rows, "account").size, "account", "accounts");
  // Of one person's access it would be a riddle how many people share their groups.
  return wanted.has("person") ? `${words}: ${accounts}` : `${words}: ${many(peopleOf(rows).size, "person", "people")} in ${accounts}`;
};
const nothingFits = (wanted) => {
  const unknown = FILTERS.filter((filter) => wanted.has(filter.id) && filter.find(wanted.get(filter.id)) === undefined);
  return unknown.length ? `This report knows no ${unknown.map((filter) => `${filter.title.toLowerCase()} “${wanted.get(filter.id)}”`).join(" and no ")}.` : "Nothing fits these filters.";
};
// What the lists say about the person, group, set or account whose access is shown.
const ABOUT = { person: "people", group: "groups", set: "sets", account: "accounts" };
const aboutWhatIsChosen = (wanted) => Object.entries(ABOUT).flatMap(([id, name]) => {
  const number = wanted.has(id) ? FILTERS.find((each) => each.id === id).find(wanted.get(id)) : undefined;
  if (number === undefined) return [];
  const [first, ...columns] = LISTS[name].columns;
  const row = LISTS[name].rows()[number];
  const facts = columns.filter((column) => !column.number).map((column) => [column.title, column.show(row)]).filter(([, shown]) => shown !== "");
  const title = make("h2", {}, bdi(first.show(row).textContent));
  return [make("section", { class: "about" }, title, make("dl", {}, ...facts.map(([words, shown]) => make("div", {}, make("dt", {}, words), make("dd", { dir: "auto" }, shown)))))];
});

// ---- overview and posture ------------------------------------------------------------------------------

const plainTable = (caption, head, rows) => make("table", { class: "plain-table" }, make("caption", { class: "skip" }, caption),
  make("thead", {}, make("tr", {}, ...head.map((each) => make("th", { scope: "col", class: NUMBERS.has(each) ? "number" : null }, each)))),
  make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((each, place) => make("td", { class: NUMBERS.has(head[place]) ? "number" : null }, typeof each === "string" ? bdi(each) : each))))));
const NUMBERS = new Set(["Grants", "People", "Accounts"]);
const section = (title, ...parts) => make("section", {}, make("h2", {}, title), ...parts);
const inNumbers = (number) => number.toLocaleString("en");

const showOverview = () => {
  const card = (number, one, more, view) => make("li", {}, make("a", { href: address({ view }) }, make("strong", {}, inNumbers(number)), number === 1 ? one : more));
  const cards = make("ul", { class: "cards" },
    card(data.people.length, "person", "people", "people"),
    card(data.groups.length, "group", "groups", "groups"),
    card(data.sets.length, "permission set", "permission sets", "sets"),
    card(data.accounts.length, "account", "accounts", "accounts"),
    card(grants.length, "grant", "grants", "access"),
    card(data.others.length, "application or role", "applications and roles", "others"));
  $("count").textContent = "";
  return make("div", {}, cards, make("div", { class: "sections" }, section("How strong the access is", ...strengthsOfAll()), ...statesOfAll(),
    ...(data.due.length ? [section("To look at", plainTable("To look at", ["When", "What"], data.due))] : []),
    ...(data.notes.length ? [section("What is not known here", make("ul", {}, ...data.notes.map((each) => make("li", {}, bdi(each)))))] : [])));
};
const strengthsOfAll = () => {
  const by = strongestFirst.map((number) => [number, grants.filter((grant) => grant.strength === number)]).filter(([, some]) => some.length);
  if (!by.length) return [make("p", {}, "Nobody has access to any account.")];
  const bar = make("div", { class: "bar", "aria-hidden": "true" }, ...by.map(([number, some]) => {
    const part = make("span", { class: `s${number}` });
    part.style.flexGrow = some.length;
    return part;
  }));
  const rows = by.map(([strength, some]) => [mark(strength), make("a", { href: toAccess({ strength }) }, inNumbers(some.length)), inNumbers(peopleOf(some).size), inNumbers(distinct(some, "account").size)]);
  return [bar, plainTable("How strong the access is", ["Strength", "Grants", "People", "Accounts"], rows)];
};
const statesOfAll = () => {
  if (data.states.length < 2) return [];
  const rows = data.states.map((_, state) => [stateMark(state), make("a", { href: toAccess({ state }) }, inNumbers(grants.filter((grant) => grant.state === state).length))]);
  return [section("In the code and in AWS", plainTable("In the code and in AWS", ["Where", "Grants"], rows))];
};
const showPosture = () => {
  $("count").textContent = "";
  const none = (words) => make("p", {}, words);
  return make("div", { class: "sections" },
    section("MFA at sign-in", data.mfa.length ? plainTable("MFA at sign-in", ["Setting", "Value"], data.mfa) : none("Nothing is said about MFA.")),
    section("Findings that somebody answers for", data.exceptions.length ? plainTable("Findings that somebody answers for", ["Rule", "About", "Why", "Owner", "Until"], data.exceptions) : none("There are none.")),
    section("Root users", data.root.length ? plainTable("Root users", ["Account", "Root user", "Seen on"], data.root.map(([account, words, day]) => [account, words, ago(day)])) : none("No audit of root users is at hand.")));
};

// ---- the frame -----------------------------------------------------------------------------------------

const FEW = 20; // as many choose from a list; of more one types the beginning
const searchable = (view) => view in LISTS || view === "matrix";
const fillFilters = (view, wanted) => {
  const form = $("filters");
  form.hidden = !searchable(view);
  const shape = `${searchable(view)} ${view === "access" || view === "matrix"}`;
  if (form.dataset.shape !== shape) {
    form.dataset.shape = shape;
    const search = make("input", { type: "search", id: "filter-q", name: "q", placeholder: "words, all of which fit", autocomplete: "off" });
    search.addEventListener("input", () => go({ q: search.value }, true));
    const clear = make("button", { type: "button" }, "Clear");
    clear.addEventListener("click", () => { location.hash = address({ view: read().get("view") }); });
    form.replaceChildren(fieldOf("Search (/)", search), ...(view === "access" || view === "matrix" ? moreFilters() : []), clear);
  }
  for (const field of form.elements) if (field.name) showValue(field, wanted.get(field.name) ?? "");
};
const showValue = (field, value) => {
  const filter = FILTERS.find((each) => each.id === field.name);
  const number = filter?.find(value);
  const shown = number === undefined ? value : filter.labels()[number];
  if (field.value !== shown) field.value = shown;
};
const moreFilters = () => {
  const more = make("div", { class: "more", id: "more" }, ...FILTERS.map((filter) => (filter.keys().length > FEW ? typedOf(filter) : selectOf(filter))));
  const toggle = make("button", { type: "button", class: "toggle", "aria-expanded": "false", "aria-controls": "more" }, "Filters");
  toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(more.classList.toggle("open"))));
  return [toggle, more];
};
const selectOf = (filter) => {
  const labels = [...filter.labels()];
  if (filter.id !== "strength" && filter.id !== "state") labels.sort(collator.compare);
  const select = make("select", { id: `filter-${filter.id}`, name: filter.id }, make("option", { value: "" }, "all"), ...labels.map((label) => make("option", { value: label }, label)));
  return chosen(filter, select);
};
// Thousands of names are in the page only once somebody wants to choose one.
const typedOf = (filter) => {
  const names = make("datalist", { id: `names-${filter.id}` });
  const field = make("input", { id: `filter-${filter.id}`, name: filter.id, list: names.id, placeholder: "all", autocomplete: "off", dir: "auto" });
  field.addEventListener("focus", () => names.append(...filter.labels().map((label) => make("option", { value: label }))), { once: true });
  return chosen(filter, field, names);
};
const chosen = (filter, control, ...more) => {
  control.addEventListener("change", () => go({ [filter.id]: filter.keyOf(control.value) }));
  return fieldOf(filter.title, control, ...more);
};
const fieldOf = (title, control, ...more) => make("div", { class: "field" }, make("label", { for: control.id }, title), control, ...more);

const VIEWS = { overview: showOverview, posture: showPosture, matrix: showMatrix };
function show() {
  const wanted = read();
  const view = wanted.get("view") in TITLES ? wanted.get("view") : "overview";
  drawn = null;
  $("views").replaceChildren(...Object.entries(TITLES).map(([name, title]) => make("li", {}, make("a", { href: address({ view: name }), "aria-current": name === view ? "page" : null }, title))));
  fillFilters(view, wanted);
  document.body.className = searchable(view) ? "tall" : "";
  $("view").replaceChildren((VIEWS[view] ?? ((all) => showList(view, all)))(wanted));
  draw();
}
const onPaper = () => (drawn?.pairs ? drawn.place.replaceChildren(...matrixOnPaper(drawn.pairs)) : draw(true));
$("about").append(bdi(data.about));
addEventListener("hashchange", show);
addEventListener("resize", () => draw());
addEventListener("beforeprint", onPaper);
addEventListener("afterprint", () => (drawn?.pairs ? show() : draw()));
addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "")) return;
  const search = document.querySelector("#filters input[type=search]");
  if (!search || $("filters").hidden) return;
  event.preventDefault();
  search.focus();
});
$("filters").addEventListener("submit", (event) => event.preventDefault());
show();
