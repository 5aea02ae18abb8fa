// What is typed into a form stays with this tab until it was sent and taken, a day at most: through a reload, the way back, a server that was
// away. Passwords, cards and codes are never among it. It belongs to whoever the page was drawn for; what a guest typed, to
// whoever signs in here next. Signing out removes it.
import { rows } from './tiers.js';

// The words lie in localStorage, under the name of this tab: what Chromium keeps by tab itself comes back as an older state
// once a page was followed by one of its own, as when the server did not answer.
function nameOfTab() {
  try {
    const there = sessionStorage.getItem('tab');
    const name = there || Math.random().toString(36).slice(2);
    if (!there) sessionStorage.setItem('tab', name);
    return name;
  } catch { return ''; }
}

const shelf = 'typed ';
const prefix = `${shelf}${nameOfTab()} `;
const mark = `sent ${prefix}`;
const life = 24 * 60 * 60 * 1000; // ms
const secret = new Set(['csrf', 'key', 'step', 'at', 'draft', 'password', 'oldPassword', 'confirm', 'code', 'card', 'token', 'credential']);
const unsafe = /password|one-time-code|cc-/;

// who is the account that this page was drawn for: the token of its forms names it. Empty: a guest.
const who = document.querySelector('input[name=csrf]')?.value.split('.')[1] || '';

const keeps = (form) => form.getAttribute('method') === 'post' && form.closest('#main');

function keyOf(form) {
  const action = new URL(form.getAttribute('action'), location.href).pathname;
  const draft = form.querySelector('input[name=draft]')?.value || '';
  return `${prefix}${action} ${draft}`;
}

// fieldsOf are the fields whose values may be kept. A form in steps carries what other steps asked in hidden ones.
function fieldsOf(form) {
  const carried = form.dataset.opening !== undefined;
  return [...form.elements].filter((e) => e.name && !secret.has(e.name) && !unsafe.test(e.autocomplete || '')
    && !['password', 'file', 'submit', 'button', 'image', 'reset'].includes(e.type) && (e.type !== 'hidden' || carried) && e.tagName !== 'FIELDSET');
}

const chosen = (e) => !['checkbox', 'radio'].includes(e.type) || e.checked;

// valuesOf are pairs of name and value, in the order of the form.
const valuesOf = (form) => fieldsOf(form).filter(chosen).map((e) => [e.name, e.value]);

function write(key, value) {
  try { localStorage.setItem(key, value); } catch { /* full, or not allowed: the page itself still has it */ }
}

export function remember(form) {
  if (keeps(form)) write(keyOf(form), JSON.stringify({ who, at: Date.now(), values: valuesOf(form) }));
}

function drop(key) {
  try { localStorage.removeItem(key); } catch { /* not allowed: nothing is there */ }
}

function keys() {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(shelf)); } catch { return []; }
}

export function forget(form) { drop(keyOf(form)); }

// forgetSoon forgets what is kept under the form's present address, unless the page is left before: a reload that is under way
// shows that address, not the new one.
export function forgetSoon(form) {
  const key = keyOf(form);
  const now = () => drop(key);
  setTimeout(now, 3000);
  form.addEventListener('submit', now);
}

function known(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

// fill puts values into a form; false where they were there already.
function fill(form, values) {
  const before = JSON.stringify(valuesOf(form));
  const rest = new Map();
  for (const [name, value] of values) rest.set(name, [...(rest.get(name) || []), value]);
  for (const e of fieldsOf(form)) {
    const list = rest.get(e.name) || [];
    if (e.type === 'hidden') continue;
    if (['checkbox', 'radio'].includes(e.type)) e.checked = list.includes(e.value);
    else if (list.length && !e.readOnly) e.value = list.shift();
  }
  if (form.dataset.opening !== undefined) carry(form, rest);
  return JSON.stringify(valuesOf(form)) !== before;
}

// carry takes along what this step does not ask.
function carry(form, rest) {
  const asked = new Set(fieldsOf(form).filter((e) => e.type !== 'hidden').map((e) => e.name));
  for (const [name, list] of rest) {
    if (asked.has(name) || name === 'photo') continue;
    for (const e of form.querySelectorAll(`input[type=hidden][name="${CSS.escape(name)}"]`)) e.remove();
    for (const value of list) {
      const e = Object.assign(document.createElement('input'), { type: 'hidden', name, value });
      form.prepend(e);
    }
  }
}

// restore puts back what was typed here before, and says so.
function restore(form) {
  if (!keeps(form)) return;
  const kept = known(keyOf(form));
  if (!kept || (kept.who !== '' && kept.who !== who)) return;
  rows(form, kept.values.filter(([name]) => name === 'from').length);
  if (!fill(form, kept.values)) return;
  const line = Object.assign(document.createElement('p'), { className: 'notice kept-typed' });
  line.setAttribute('role', 'status');
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'as-link', textContent: document.body.dataset.drop });
  button.addEventListener('click', () => {
    forget(form);
    form.reset();
    line.remove();
  });
  line.append(`${document.body.dataset.typed} `, button);
  form.prepend(line);
}

// taken says whether the form that this page answers was taken: the page says so, or shows the form anew without complaint.
function taken(key) {
  if (document.querySelector('#main > .notice-good')) return true;
  const [nav] = performance.getEntriesByType('navigation');
  if (nav.type !== 'navigate' || nav.responseStatus !== 200 || !document.referrer.startsWith(location.origin) || location.pathname.startsWith('/sign-in')) return false;
  const action = (k) => k.split(' ')[2]; // a form that was kept as a draft meanwhile has another key
  const form = [...document.forms].find((f) => keeps(f) && action(keyOf(f)) === action(key));
  return Boolean(form) && !document.querySelector('#main [aria-invalid], #main [role=alert]:not(:empty), #main .notice-wrong');
}

function begin() {
  const sent = known(mark);
  drop(mark);
  for (const key of keys()) { // of other tabs, too: they may be gone
    const kept = known(key);
    const others = kept && who !== '' && kept.who !== '' && kept.who !== who;
    if (!kept || others || Date.now() - kept.at > life) drop(key);
  }
  if (sent && taken(sent)) drop(sent);
  for (const form of document.querySelectorAll('#main form[method=post]')) restore(form);
}

function note(event) {
  const { form } = event.target;
  if (form) remember(form);
}

document.addEventListener('input', note);
document.addEventListener('change', note);
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.getAttribute('action') === '/sign-out') {
    keys().forEach(drop);
  } else if (!event.defaultPrevented && keeps(form)) write(mark, JSON.stringify(keyOf(form)));
});

begin();
