"use strict";
// The report's page. It reads one JSON document out of the page, asks no server for anything, and writes every
// text of people's choosing as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const ROW = 36; // the height of a row, as report.css has it (2.25rem)
  const SPARE = 12; // rows kept above and below those in sight
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const $ = (id) => document.getElementById(id);

  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((each) => each !== null && each !== undefined));
    return made;
  };
  const bdi = (text) => make("bdi", {}, text);
  const many = (number, one, more) => `${number.toLocaleString("en")} ${number === 1 ? one : more}`;
  const strengthName = (number) => data.strengths[number];
  const mark = (number) => make("span", { class: `mark s${number}` }, strengthName(number));

  // Where both sides are known, what stands on one of them alone is what a reader looks for.
  const stateMark = (number) => {
    const alone = { "in the code": ["missing", "not in AWS"], "in AWS": ["extra", "not in the code"] }[data.states[number]];
    return alone && data.states.length > 1 ? make("span", { class: `mark ${alone[0]}` }, alone[1]) : data.states[number];
  };

  // ---- what the page knows -------------------------------------------------------------------------------

  const accountName = (account) => (account.name ? `${account.name} ${account.id}` : account.id);
  const nameOf = (kind, number) => (kind === "group" ? data.groups[number].name : data.people[number].name);
  const peopleOf = (kind, number) => (kind === "group" ? data.groups[number].members : [number]);
  const fold = (...texts) => texts.filter(Boolean).join("\n").toLowerCase();

  const grants = data.grants.map((row) => {
    const [kind, principal, set, account, state, meta] = [row[0] ? "group" : "user", ...row.slice(1)];
    const terms = data.terms[meta] ?? {};
    const grant = {
      kind, principal, set, account, state, terms,
      who: nameOf(kind, principal),
      people: peopleOf(kind, principal),
      setName: data.sets[set].name,
      strength: data.sets[set].strength,
      accountName: accountName(data.accounts[account]),
      stateName: data.states[state],
    };
    const members = kind === "group" ? grant.people.map((each) => data.people[each].name) : [];
    grant.text = fold(grant.who, grant.setName, grant.accountName, data.accounts[account].unit, terms.owner, terms.ticket, ...members);
    return grant;
  });
  const grantsBy = (field) => {
    const found = new Map();
    for (const grant of grants) {
      for (const key of field(grant)) {
        if (!found.has(key)) found.set(key, []);
        found.get(key).push(grant);
      }
    }
    return found;
  };
  const ofPerson = grantsBy((grant) => grant.people);
  const ofGroup = grantsBy((grant) => (grant.kind === "group" ? [grant.principal] : []));
  const ofSet = grantsBy((grant) => [grant.set]);
  const ofAccount = grantsBy((grant) => [grant.account]);
  const strongest = (some) => (some ?? []).reduce((found, grant) => Math.min(found, rank(grant.strength)), 99);
  // Undecided counts as strong as what can give itself more: it may be.
  const rank = (strength) => (strength === data.undecided ? 2 : strength);
  const strongestMark = (some) => {
    if (!some || !some.length) return "none";
    const least = strongest(some);
    return mark(some.find((grant) => rank(grant.strength) === least).strength);
  };

  // ---- the address keeps what is shown -------------------------------------------------------------------

  const read = () => new Map(new URLSearchParams(location.hash.slice(1)));
  const address = (changes) => {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries(changes)) if (value !== "" && value !== null && value !== undefined) next.set(name, value);
    return `#${next}`;
  };
  const go = (changes, replace = false) => {
    const to = address({ ...Object.fromEntries(read()), ...changes });
    if (replace) {
      history.replaceState(null, "", to);
      show();
    } else location.hash = to;
  };
  const toAccess = (changes) => address({ view: "access", ...changes });

  // ---- a table of which only the rows in sight are in the page -------------------------------------------

  let drawn = null;
  const windowed = (caption, columns, rows, wanted, sortBy) => {
    const body = make("tbody");
    const head = make("tr", {}, ...columns.map((column) => headerOf(column, wanted, sortBy)));
    const shares = columns.reduce((sum, column) => sum + (column.share ?? 2), 0);
    const table = make("table", { class: "listed", "aria-rowcount": rows.length + 1 },
      make("caption", { class: "skip" }, caption), make("thead", {}, head), body);
    columns.forEach((column, number) => { head.children[number].style.width = `${(100 * (column.share ?? 2)) / shares}%`; });
    const place = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table);
    drawn = { place, body, columns, rows, first: -1, last: -1 };
    place.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
    return place;
  };
  const headerOf = (column, wanted, sortBy) => {
    const [name, direction] = (wanted ?? "").split(".");
    const sorted = name === column.id ? (direction === "down" ? "descending" : "ascending") : null;
    const arrow = sorted ? (sorted === "ascending" ? " ▲" : " ▼") : "";
    const button = make("button", { type: "button", title: `Sort by ${column.title}` }, column.title, make("span", { "aria-hidden": "true" }, arrow));
    button.addEventListener("click", () => sortBy(`${column.id}.${sorted === "ascending" ? "down" : "up"}`));
    return make("th", { scope: "col", "aria-sort": sorted, "data-column": column.id }, button);
  };
  const draw = (all = false) => {
    if (!drawn) return;
    const { place, columns, rows } = drawn;
    const seen = Math.ceil(place.clientHeight / ROW) + 1;
    const top = Math.max(0, Math.floor(place.scrollTop / ROW) - SPARE);
    const first = all === true ? 0 : Math.min(top, Math.max(0, rows.length - 1));
    const last = all === true ? rows.length : Math.min(rows.length, first + seen + 2 * SPARE);
    if (first === drawn.first && last === drawn.last) return;
    fill(first, last, (number) => rowOf(columns, rows[number], number));
  };
  // Rows that stay in sight stay in the page: only those that come are made, so that scrolling is smooth.
  const fill = (first, last, rowFor) => {
    const { body, columns, rows } = drawn;
    drawn.first = first;
    drawn.last = last;
    if (!drawn.made) {
      drawn.made = new Map();
      drawn.above = spacer(columns.length);
      drawn.below = spacer(columns.length);
      body.replaceChildren(drawn.above, drawn.below);
    }
    for (const [number, row] of drawn.made) {
      if (number < first || number >= last) {
        row.remove();
        drawn.made.delete(number);
      }
    }
    drawn.above.firstChild.style.height = `${first * ROW}px`;
    drawn.below.firstChild.style.height = `${(rows.length - last) * ROW}px`;
    let before = drawn.above;
    for (let number = first; number < last; number += 1) {
      if (!drawn.made.has(number)) {
        drawn.made.set(number, rowFor(number));
        before.after(drawn.made.get(number));
      }
      before = drawn.made.get(number);
    }
  };
  const spacer = (span) => make("tr", { class: "spacer", "aria-hidden": "true" }, make("td", { colspan: span }));
  const rowOf = (columns, row, number) => make("tr", { "aria-rowindex": number + 2 }, ...columns.map((column, place) => {
    const shown = column.show(row);
    const text = typeof shown === "string" ? shown : shown.textContent;
    return make(place ? "td" : "th", { scope: place ? null : "row", title: text }, typeof shown === "string" ? bdi(shown) : shown);
  }));
  const sorted = (rows, columns, wanted) => {
    const [name, direction] = (wanted ?? "").split(".");
    const column = columns.find((each) => each.id === name);
    if (!column) return rows;
    const value = column.sort ?? ((row) => { const shown = column.show(row); return typeof shown === "string" ? shown : shown.textContent; });
    const keyed = rows.map((row, number) => [value(row), number, row]);
    const sign = direction === "down" ? -1 : 1;
    keyed.sort(([a, i], [b, j]) => sign * (typeof a === "number" ? a - b : collator.compare(a, b)) || i - j);
    return keyed.map((each) => each[2]);
  };

  // The day is in the file, and how long ago that is depends on who reads it when.
  const ago = (day) => {
    if (!/^\d{4}-\d\d-\d\d$/.test(day ?? "")) return day;
    const days = Math.floor((Date.now() - Date.parse(day)) / 86400000);
    return days < 0 ? day : `${day} (${days === 0 ? "today" : `${many(days, "day", "days")} ago`})`;
  };
  const memberName = (group, each) => {
    const note = group.missing.includes(each) ? " (not in AWS)" : group.extra.includes(each) ? " (not in the code)" : "";
    return `${data.people[each].name}${note}`;
  };

  // ---- the views -----------------------------------------------------------------------------------------

  const link = (text, to) => make("a", { href: to }, bdi(text));
  const ACCESS = [
    { id: "who", title: "Who", share: 3, show: (grant) => link(grant.who, toAccess(grant.kind === "group" ? { group: grant.principal } : { person: grant.principal })) },
    { id: "through", title: "Through", share: 2.2, show: (grant) => (grant.kind === "group" ? `group, ${many(grant.people.length, "person", "people")}` : "directly") },
    { id: "set", title: "Permission set", share: 3, show: (grant) => link(grant.setName, toAccess({ set: grant.set })) },
    { id: "strength", title: "Strength", share: 3.7, show: (grant) => mark(grant.strength), sort: (grant) => rank(grant.strength) },
    { id: "account", title: "Account", share: 4.6, show: (grant) => link(grant.accountName, toAccess({ account: grant.account })) },
    { id: "owner", title: "Owner", share: 2.6, show: (grant) => [grant.terms.owner, grant.terms.ticket].filter(Boolean).join(", ") },
    { id: "review", title: "Review by", share: 2.4, show: (grant) => grant.terms.reviewBy ?? "" },
    { id: "expires", title: "Ends", show: (grant) => (grant.terms.breakGlass ? "break-glass" : grant.terms.expires ?? "") },
    { id: "state", title: "Where", share: 3, show: (grant) => stateMark(grant.state), sort: (grant) => grant.state },
  ];
  const PEOPLE = [
    { id: "name", title: "Person", share: 3, show: (row) => link(row.it.name, toAccess({ person: row.number })) },
    { id: "user", title: "User name", share: 3, show: (row) => row.it.userName ?? "" },
    { id: "groups", title: "Groups", share: 4, show: (row) => row.it.groups.map((each) => data.groups[each].name).join(", ") },
    { id: "grants", title: "Grants", show: (row) => String(row.grants.length), sort: (row) => row.grants.length },
    { id: "accounts", title: "Accounts", show: (row) => String(new Set(row.grants.map((grant) => grant.account)).size), sort: (row) => new Set(row.grants.map((grant) => grant.account)).size },
    { id: "strength", title: "Strongest", share: 3, show: (row) => strongestMark(row.grants), sort: (row) => strongest(row.grants) },
    { id: "last", title: "Last sign-in", share: 4, show: (row) => ago(row.it.lastSignIn) ?? "not known", sort: (row) => row.it.lastSignIn ?? "" },
    { id: "mfa", title: "With MFA", show: (row) => row.it.mfa ?? "not known" },
    { id: "from", title: "Kept in", show: (row) => row.it.keptIn ?? "" },
  ];
  const GROUPS = [
    { id: "name", title: "Group", show: (row) => link(row.it.name, toAccess({ group: row.number })) },
    { id: "members", title: "People", show: (row) => String(row.it.members.length), sort: (row) => row.it.members.length },
    { id: "who", title: "Who", share: 6, show: (row) => (row.it.membersKnown === false ? "not known" : row.it.members.map((each) => memberName(row.it, each)).join(", ")) },
    { id: "grants", title: "Grants", show: (row) => String(row.grants.length), sort: (row) => row.grants.length },
    { id: "strength", title: "Strongest", share: 3, show: (row) => strongestMark(row.grants), sort: (row) => strongest(row.grants) },
    { id: "from", title: "Kept in", show: (row) => row.it.keptIn ?? "" },
  ];
  const SETS = [
    { id: "name", title: "Permission set", show: (row) => link(row.it.name, toAccess({ set: row.number })) },
    { id: "strength", title: "Strength", share: 3, show: (row) => mark(row.it.strength), sort: (row) => rank(row.it.strength) },
    { id: "why", title: "Why", share: 5, show: (row) => row.it.why ?? "" },
    { id: "policies", title: "Policies", share: 4, show: (row) => row.it.policies.join(", ") },
    { id: "boundary", title: "Boundary", show: (row) => row.it.boundary ?? "" },
    { id: "session", title: "Session", show: (row) => row.it.session ?? "" },
    { id: "grants", title: "Grants", show: (row) => String(row.grants.length), sort: (row) => row.grants.length },
  ];
  const ACCOUNTS = [
    { id: "id", title: "Account", share: 4, show: (row) => link(accountName(row.it), toAccess({ account: row.number })) },
    { id: "unit", title: "Unit", share: 3, show: (row) => row.it.unit ?? "" },
    { id: "people", title: "People", show: (row) => String(new Set(row.grants.flatMap((grant) => grant.people)).size), sort: (row) => new Set(row.grants.flatMap((grant) => grant.people)).size },
    { id: "sets", title: "Permission sets", show: (row) => String(new Set(row.grants.map((grant) => grant.set)).size), sort: (row) => new Set(row.grants.map((grant) => grant.set)).size },
    { id: "strength", title: "Strongest", share: 3, show: (row) => strongestMark(row.grants), sort: (row) => strongest(row.grants) },
    { id: "root", title: "Root user", show: (row) => row.it.root ?? "not known" },
  ];
  const OTHERS = [
    { id: "who", title: "Who", show: (row) => row.who },
    { id: "kind", title: "Kind", show: (row) => row.kind },
    { id: "what", title: "What", share: 5, show: (row) => row.what },
    { id: "state", title: "Where", show: (row) => row.state },
  ];
  const listed = (items, by, text) => items.map((it, number) => ({ it, number, grants: by.get(number) ?? [], text: text(it) }));
  const LISTS = {
    access: { title: "Access", columns: ACCESS, rows: () => grants, one: "grant", more: "grants", filters: true },
    people: { title: "People", columns: PEOPLE, one: "person", more: "people",
      rows: () => listed(data.people, ofPerson, (it) => fold(it.name, it.userName, ...it.groups.map((each) => data.groups[each].name))) },
    groups: { title: "Groups", columns: GROUPS, one: "group", more: "groups",
      rows: () => listed(data.groups, ofGroup, (it) => fold(it.name, ...it.members.map((each) => data.people[each].name))) },
    sets: { title: "Permission sets", columns: SETS, one: "permission set", more: "permission sets",
      rows: () => listed(data.sets, ofSet, (it) => fold(it.name, it.why, ...it.policies)) },
    accounts: { title: "Accounts", columns: ACCOUNTS, one: "account", more: "accounts",
      rows: () => listed(data.accounts, ofAccount, (it) => fold(it.id, it.name, it.unit)) },
    others: { title: "Applications and roles", columns: OTHERS, one: "entry", more: "entries",
      rows: () => data.others.map((row) => ({ ...row, text: fold(row.who, row.kind, row.what) })) },
  };
  const TITLES = { overview: "Overview", access: "Access", matrix: "Matrix", people: "People", groups: "Groups", sets: "Permission sets", accounts: "Accounts", others: "Applications and roles", posture: "MFA, root, exceptions" };

  const matching = (rows, wanted) => {
    const words = (wanted.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    return words.length ? rows.filter((row) => words.every((word) => row.text.includes(word))) : rows;
  };
  const FILTERS = [
    { id: "person", title: "Person", options: () => data.people.map((each) => each.name), fits: (grant, number) => grant.people.includes(number) },
    { id: "group", title: "Group", options: () => data.groups.map((each) => each.name), fits: (grant, number) => grant.kind === "group" && grant.principal === number },
    { id: "set", title: "Permission set", options: () => data.sets.map((each) => each.name), fits: (grant, number) => grant.set === number },
    { id: "account", title: "Account", options: () => data.accounts.map(accountName), fits: (grant, number) => grant.account === number },
    { id: "strength", title: "Strength", options: () => data.strengths, fits: (grant, number) => grant.strength === number },
    { id: "state", title: "Where", options: () => data.states, fits: (grant, number) => grant.state === number },
  ];
  const filtered = (rows, wanted) => FILTERS.reduce((left, filter) => {
    const value = wanted.get(filter.id);
    return value === undefined ? left : left.filter((grant) => filter.fits(grant, Number(value)));
  }, rows);

  const showList = (name, wanted) => {
    const list = LISTS[name];
    const every = list.rows();
    const found = matching(list.filters ? filtered(every, wanted) : every, wanted);
    const rows = sorted(found, list.columns, wanted.get("sort"));
    const of = rows.length === every.length ? "" : ` of ${every.length.toLocaleString("en")}`;
    let words = `${many(rows.length, list.one, list.more)}${of}`;
    if (name === "access") {
      const people = new Set(rows.flatMap((grant) => grant.people)).size;
      const accounts = new Set(rows.map((grant) => grant.account)).size;
      words += `: ${many(people, "person", "people")} in ${many(accounts, "account", "accounts")}`;
    }
    $("count").textContent = words;
    if (!rows.length) return make("p", { class: "note" }, every.length ? "Nothing fits these filters." : "There is nothing of this kind.");
    return windowed(list.title, list.columns, rows, wanted.get("sort"), (sort) => go({ sort }, true));
  };

  const showMatrix = (wanted) => {
    const rows = matching(filtered(grants, wanted), wanted);
    const cells = new Map();
    for (const grant of rows) {
      const key = grant.account * data.sets.length + grant.set;
      if (!cells.has(key)) cells.set(key, new Set());
      for (const person of grant.people) cells.get(key).add(person);
    }
    const used = (field) => [...new Set(rows.map((grant) => grant[field]))];
    const accounts = used("account").sort((a, b) => collator.compare(accountName(data.accounts[a]), accountName(data.accounts[b])));
    const sets = used("set").sort((a, b) => rank(data.sets[a].strength) - rank(data.sets[b].strength) || collator.compare(data.sets[a].name, data.sets[b].name));
    $("count").textContent = `${many(accounts.length, "account", "accounts")} by ${many(sets.length, "permission set", "permission sets")}; a number is how many people`;
    if (!accounts.length) return make("p", { class: "note" }, grants.length ? "Nothing fits these filters." : "Nobody has access to any account.");
    const columns = [
      { show: (account) => link(accountName(data.accounts[account]), toAccess({ account })) },
      ...sets.map((set) => ({ set })),
    ];
    const longest = Math.max(...sets.map((set) => data.sets[set].name.length));
    const head = make("tr", {}, make("th", { scope: "col" }, "Account"), ...sets.map((set) => make("th", { scope: "col", title: data.sets[set].name }, make("span", {}, bdi(data.sets[set].name)))));
    const body = make("tbody");
    const table = make("table", { class: "matrix", "aria-rowcount": accounts.length + 1 }, make("caption", { class: "skip" }, "Accounts by permission sets"), make("thead", {}, head), body);
    table.style.setProperty("--sets", sets.length);
    table.style.setProperty("--names", `${Math.min(12, 2.4 + longest * 0.68)}rem`);
    const place = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Accounts by permission sets" }, table);
    const rowOfMatrix = (account) => make("tr", {}, make("th", { scope: "row" }, columns[0].show(account)), ...sets.map((set) => {
      const people = cells.get(account * data.sets.length + set);
      if (!people) return make("td");
      const strength = data.sets[set].strength;
      const words = `${many(people.size, "person", "people")}: ${data.sets[set].name} (${strengthName(strength)}) in ${accountName(data.accounts[account])}`;
      return make("td", { class: `s${strength}` }, make("a", { href: toAccess({ account, set }), title: words, "aria-label": words }, String(people.size)));
    }));
    drawn = { place, body, columns, rows: accounts, first: -1, last: -1, row: rowOfMatrix };
    place.addEventListener("scroll", () => requestAnimationFrame(drawMatrix), { passive: true });
    place.addEventListener("keydown", moveInMatrix);
    const legend = make("ul", { class: "legend" }, ...data.strengths.map((_, number) => make("li", {}, mark(number))));
    return make("div", {}, legend, place);
  };
  const drawMatrix = (all = false) => {
    if (!drawn?.row) return;
    const { place, body, rows, row } = drawn;
    const seen = Math.ceil(place.clientHeight / ROW) + 1;
    const first = all === true ? 0 : Math.max(0, Math.floor((place.scrollTop - body.parentElement.tHead.offsetHeight) / ROW) - SPARE);
    const last = all === true ? rows.length : Math.min(rows.length, first + seen + 2 * SPARE);
    if (first === drawn.first && last === drawn.last) return;
    fill(first, last, (number) => {
      const made = row(rows[number]);
      made.setAttribute("aria-rowindex", number + 2);
      return made;
    });
  };
  const moveInMatrix = (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const cell = document.activeElement?.closest("td, tbody th");
    if (!step || !cell) return;
    let row = cell.parentElement;
    let place = [...row.children].indexOf(cell);
    for (;;) {
      if (step[0]) row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
      place += step[1];
      const target = row?.children[place];
      if (!target || row.classList.contains("spacer")) return;
      const inside = target.querySelector("a");
      if (inside) {
        event.preventDefault();
        inside.focus();
        return;
      }
    }
  };

  const plainTable = (caption, head, rows) => make("table", { class: "plain-table" }, make("caption", { class: "skip" }, caption),
    make("thead", {}, make("tr", {}, ...head.map((each) => make("th", { scope: "col" }, each)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((each) => make("td", {}, typeof each === "string" ? bdi(each) : each))))));
  const section = (title, ...parts) => make("section", {}, make("h2", {}, title), ...parts);

  const showOverview = () => {
    const card = (number, one, more, to) => make("li", {}, make("a", { href: to }, make("strong", {}, number.toLocaleString("en")), number === 1 ? one : more));
    const cards = make("ul", { class: "cards" },
      card(data.people.length, "person", "people", address({ view: "people" })),
      card(data.groups.length, "group", "groups", address({ view: "groups" })),
      card(data.sets.length, "permission set", "permission sets", address({ view: "sets" })),
      card(data.accounts.length, "account", "accounts", address({ view: "accounts" })),
      card(grants.length, "grant", "grants", address({ view: "access" })),
      card(data.others.length, "application or role", "applications and roles", address({ view: "others" })));
    const strengths = data.strengths.map((name, number) => {
      const some = grants.filter((grant) => grant.strength === number);
      const people = new Set(some.flatMap((grant) => grant.people)).size;
      const accounts = new Set(some.map((grant) => grant.account)).size;
      return some.length ? [mark(number), make("a", { href: toAccess({ strength: number }) }, many(some.length, "grant", "grants")), many(people, "person", "people"), many(accounts, "account", "accounts")] : null;
    }).filter(Boolean);
    const states = data.states.length > 1 ? [section("In the code and in AWS", plainTable("In the code and in AWS", ["Where", "Grants"],
      data.states.map((name, number) => [stateMark(number), make("a", { href: toAccess({ state: number }) }, many(grants.filter((grant) => grant.state === number).length, "grant", "grants"))])))] : [];
    $("count").textContent = "";
    return make("div", {}, cards,
      section("How strong the access is", plainTable("How strong the access is", ["Strength", "Grants", "People", "Accounts"], strengths)), ...states,
      ...(data.due.length ? [section("To look at", plainTable("To look at", ["When", "What"], data.due))] : []),
      ...(data.notes.length ? [section("What is not known here", make("ul", {}, ...data.notes.map((each) => make("li", {}, bdi(each)))))] : []));
  };
  const showPosture = () => {
    $("count").textContent = "";
    const none = (words) => make("p", {}, words);
    return make("div", {},
      section("MFA at sign-in", data.mfa.length ? plainTable("MFA at sign-in", ["Setting", "Value"], data.mfa) : none("Nothing is said about MFA.")),
      section("Root users", data.root.length ? plainTable("Root users", ["Account", "Root user", "Seen on"], data.root.map(([account, words, day]) => [account, words, ago(day)])) : none("No audit of root users is at hand.")),
      section("Findings that somebody answers for", data.exceptions.length ? plainTable("Findings that somebody answers for", ["Rule", "About", "Why", "Owner", "Until"], data.exceptions) : none("There are none.")));
  };

  // ---- the frame -----------------------------------------------------------------------------------------

  const searchable = (view) => view in LISTS || view === "matrix";
  const fillFilters = (view, wanted) => {
    const form = $("filters");
    form.hidden = !searchable(view);
    const shape = `${searchable(view)} ${view === "access" || view === "matrix"}`;
    if (form.dataset.shape !== shape) {
      form.dataset.shape = shape;
      const search = make("input", { type: "search", id: "filter-q", name: "q", placeholder: "words, all of which fit", autocomplete: "off" });
      search.addEventListener("input", () => go({ q: search.value }, true));
      form.replaceChildren(fieldOf("Search (/)", search));
      if (view === "access" || view === "matrix") form.append(...FILTERS.map(selectOf));
      const clear = make("button", { type: "button" }, "Clear");
      clear.addEventListener("click", () => { location.hash = address({ view: read().get("view") }); });
      form.append(clear);
    }
    for (const field of form.elements) if (field.name && field.value !== (wanted.get(field.name) ?? "")) field.value = wanted.get(field.name) ?? "";
  };
  const selectOf = (filter) => {
    const select = make("select", { id: `filter-${filter.id}`, name: filter.id }, make("option", { value: "" }, "all"));
    const options = filter.options().map((name, number) => [name, number]);
    if (filter.id !== "strength" && filter.id !== "state") options.sort(([a], [b]) => collator.compare(a, b));
    select.append(...options.map(([name, number]) => make("option", { value: number }, name)));
    select.addEventListener("change", () => go({ [filter.id]: select.value }));
    return fieldOf(filter.title, select);
  };
  const fieldOf = (title, control) => make("div", { class: "field" }, make("label", { for: control.id }, title), control);
  const fillViews = (view) => {
    $("views").replaceChildren(...Object.entries(TITLES).map(([name, title]) => make("li", {}, make("a", { href: address({ view: name }), "aria-current": name === view ? "page" : null }, title))));
  };
  const show = () => {
    const wanted = read();
    const view = wanted.get("view") in TITLES ? wanted.get("view") : "overview";
    drawn = null;
    fillViews(view);
    fillFilters(view, wanted);
    const content = view === "overview" ? showOverview() : view === "posture" ? showPosture() : view === "matrix" ? showMatrix(wanted) : showList(view, wanted);
    $("view").replaceChildren(content);
    redraw();
  };
  const redraw = (all = false) => (drawn?.row ? drawMatrix(all) : draw(all));
  $("about").append(bdi(data.about));
  addEventListener("hashchange", show);
  addEventListener("resize", () => redraw());
  addEventListener("beforeprint", () => redraw(true));
  addEventListener("afterprint", () => redraw());
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "")) {
      const search = document.querySelector("#filters input[type=search]");
      if (search && !$("filters").hidden) {
        event.preventDefault();
        search.focus();
      }
    }
  });
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  show();
})();
