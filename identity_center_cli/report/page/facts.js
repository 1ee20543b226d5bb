// What the page knows: the document in it, who reaches what, and the address that keeps what is shown.

const data = JSON.parse(document.getElementById("data").textContent);
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
const bdi = (text) => (FOREIGN.test(text) ? make("bdi", {}, text) : text);
// A name that runs from right to left, or turns the direction round, must not turn what stands beside it.
const FOREIGN = /[^\u0000-\u024f]/; // beyond the Latin letters
const isolated = (text) => (FOREIGN.test(text) ? `\u2068${text}\u2069` : text);
const many = (number, one, more) => `${number.toLocaleString("en")} ${number === 1 ? one : more}`;
const lazily = (compute) => {
  let found;
  return () => (found ??= compute());
};

// ---- strengths and states ------------------------------------------------------------------------------

const strengthName = (number) => data.strengths[number];
const mark = (number) => make("span", { class: `mark s${number}` }, strengthName(number));
// Undecided counts as strong as what can give itself more, since it may be, and stands after it.
const rank = (strength) => (strength === data.undecided ? 2.5 : strength);
const strongestFirst = data.strengths.map((_, number) => number).sort((a, b) => rank(a) - rank(b));
const strongest = (some) => some.reduce((found, grant) => (rank(grant.strength) < rank(found) ? grant.strength : found), data.strengths.length);
const strongestMark = (some) => (some.length ? mark(strongest(some)) : "none");

// Where both sides are known, what stands on one of them alone is what a reader looks for.
const stateMark = (number) => {
  const alone = { "in the code": ["missing", "not in AWS"], "in AWS": ["extra", "not in the code"] }[data.states[number]];
  return alone && data.states.length > 1 ? make("span", { class: `mark ${alone[0]}` }, alone[1]) : data.states[number];
};

// ---- grants --------------------------------------------------------------------------------------------

const accountName = (account) => (account.name ? `${isolated(account.name)} ${account.id}` : account.id);
const fold = (...texts) => texts.filter(Boolean).join("\n").toLowerCase();

// Each grant once, with little beside it: what only a search or a row in sight asks for is made then.
const grants = data.grants.map(([isGroup, principal, set, account, state, terms]) => ({
  isGroup, principal, set, account, state,
  terms: data.terms[terms] ?? {},
  people: isGroup ? data.groups[principal].members : [principal],
  strength: data.sets[set].strength,
}));
const whoOf = (grant) => (grant.isGroup ? data.groups[grant.principal].name : data.people[grant.principal].name);
const textOfGrant = (grant) => {
  const members = grant.isGroup ? grant.people.map((each) => data.people[each].name) : [];
  const account = data.accounts[grant.account];
  return fold(whoOf(grant), data.sets[grant.set].name, account.name, account.id, account.unit, grant.terms.owner, grant.terms.ticket, ...members);
};
const grantsBy = (keysOf) => lazily(() => {
  const found = new Map();
  for (const grant of grants) {
    for (const key of keysOf(grant)) {
      const some = found.get(key);
      if (some) some.push(grant);
      else found.set(key, [grant]);
    }
  }
  return found;
});
const ofPerson = grantsBy((grant) => grant.people);
const ofGroup = grantsBy((grant) => (grant.isGroup ? [grant.principal] : []));
const ofSet = grantsBy((grant) => [grant.set]);
const ofAccount = grantsBy((grant) => [grant.account]);
const peopleOf = (some) => {
  const found = new Set();
  for (const grant of some) for (const person of grant.people) found.add(person);
  return found;
};
const distinct = (some, field) => new Set(some.map((grant) => grant[field]));

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

// A filter stands in the address by the key of what it names, so that a link leads to the same person in the
// report of the next day. It is shown, and typed, by its name; two of one name are told apart by their keys.
const filterBy = (id, title, keys, names, fits) => {
  const labels = lazily(() => {
    const seen = new Map();
    for (const name of names()) seen.set(name, (seen.get(name) ?? 0) + 1);
    return names().map((name, number) => (seen.get(name) > 1 ? `${name} (${keys()[number]})` : name));
  });
  const places = (values) => lazily(() => new Map(values().map((value, number) => [value, number])));
  const [byKey, byLabel] = [places(keys), places(labels)];
  return {
    id, title, keys, labels, fits,
    find: (value) => byKey().get(value) ?? byLabel().get(value),
    keyOf: (label) => (byLabel().has(label) ? keys()[byLabel().get(label)] : label),
  };
};
const named = (list) => [lazily(() => list.map((each) => each.key)), lazily(() => list.map((each) => each.name))];
const asThemselves = (list) => [() => list, () => list];
const FILTERS = [
  filterBy("person", "Person", ...named(data.people), (grant, number) => grant.people.includes(number)),
  filterBy("group", "Group", ...named(data.groups), (grant, number) => grant.isGroup && grant.principal === number),
  filterBy("set", "Permission set", ...named(data.sets), (grant, number) => grant.set === number),
  filterBy("account", "Account", lazily(() => data.accounts.map((each) => each.id)), lazily(() => data.accounts.map(accountName)), (grant, number) => grant.account === number),
  filterBy("strength", "Strength", ...asThemselves(data.strengths), (grant, number) => grant.strength === number),
  filterBy("state", "Where", ...asThemselves(data.states), (grant, number) => grant.state === number),
];
const filtered = (rows, wanted) => FILTERS.reduce((left, filter) => {
  const value = wanted.get(filter.id);
  if (value === undefined) return left;
  const number = filter.find(value);
  return left.filter((grant) => filter.fits(grant, number));
}, rows);
const matching = (rows, wanted, textOf) => {
  const words = (wanted.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return words.length ? rows.filter((row) => words.every((word) => (row.text ??= textOf(row)).includes(word))) : rows;
};
// Places in the lists in, keys in the address out.
const toAccess = (places) => address({ view: "access", ...Object.fromEntries(Object.entries(places).map(([id, number]) => [id, FILTERS.find((each) => each.id === id).keys()[number]])) });
