// A deal's page follows the deal: numbers change at once, the drawing and the reader's own place follow from the server.
import { setNow } from './countdown.js';

const page = document.querySelector('[data-deal][data-open]');
const numbers = ['standing', 'minimum', 'unitPrice', 'price', 'best'];
let seen = page ? Number(page.dataset.seq) : 0;
let source = null;
let waiting = null;
let lost = null;
let asked = 0; // questions to the server
let placed = 0; // the newest question whose answer is shown

// major writes minor units as the server does: thousands apart, decimals where the currency shows them.
function major(minor) {
  const exponent = Number(page.dataset.exponent);
  const size = 10 ** exponent;
  const decimals = minor % size === 0 ? Number(page.dataset.decimals) : exponent;
  const [whole, rest] = (minor / size).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest ? `${grouped}.${rest}` : grouped;
}

function show(state) {
  for (const name of numbers) {
    if (typeof state[name] !== 'number') continue;
    for (const el of page.querySelectorAll(`[data-live="${name}"]`)) {
      const text = major(state[name]);
      if (el.textContent === text) continue;
      el.textContent = text;
      mark(el);
    }
  }
  if (state.closesAt) {
    for (const el of page.querySelectorAll('[data-countdown]')) el.dateTime = state.closesAt;
  }
}

function mark(el) {
  el.classList.remove('changed');
  requestAnimationFrame(() => el.classList.add('changed'));
}

// leading says that the reader would lose something by somebody else's entry: he is told at once.
const leading = () => Boolean(page.querySelector('[data-live-part="state"] [data-own].notice-good'));

// refresh asks the server to draw again what depends on the reader; many changes in a row are one question.
function refresh(delay = leading() ? 0 : 300 + Math.random() * 700) {
  if (waiting) return;
  waiting = setTimeout(async () => {
    waiting = null;
    const live = page.querySelector('[data-fragment]');
    const turn = ++asked;
    const answer = await fetch(live.dataset.fragment, { headers: { Accept: 'text/html' } }).catch(() => null);
    const html = answer && answer.ok ? await answer.text().catch(() => '') : '';
    if (!html || turn < placed) return; // overtaken by a newer answer
    placed = turn;
    place(html);
  }, delay);
}

const stops = 'a[href], button, input, select, textarea, summary, [tabindex]';

// swap draws a part anew and leaves the focus where it was.
function swap(part, fresh) {
  if (part.innerHTML === fresh.innerHTML) return;
  const at = [...part.querySelectorAll(stops)].indexOf(document.activeElement);
  part.replaceChildren(...fresh.childNodes);
  if (at < 0) return;
  const now = part.querySelectorAll(stops);
  (now[Math.min(at, now.length - 1)] || part).focus({ preventScroll: true });
}

function place(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  if (!fresh.querySelector('[data-part="state"]')) return;
  const before = mood();
  for (const part of page.querySelectorAll('[data-live-part]')) {
    const mine = fresh.querySelector(`[data-part="${part.dataset.livePart}"]`);
    if (mine) swap(part, mine);
  }
  const hint = fresh.querySelector('[data-part="hint"]').textContent;
  for (const el of page.querySelectorAll('[data-hint]')) el.textContent = hint;
  const ladder = page.querySelector('[data-live-part="state"] .ladder');
  if (ladder) mark(ladder);
  const news = own() || ladder?.getAttribute('aria-label');
  if (news) say(news, own() !== '' && mood() !== before);
}

// own is what the page says of the reader's own place.
const own = () => page.querySelector('[data-own]')?.textContent || '';

// mood is how good that is: it changes when the reader is outbid or undercut, not with each bid that leaves him where he was.
const mood = () => page.querySelector('[data-own]')?.className || '';

const calm = 5000; // ms between two announcements of what goes on
let spoke = 0;
let later = null;

// say tells those who listen: another place of the reader's at once, how things go on now and then.
function say(text, urgent) {
  const sign = page.querySelector('[data-say]');
  clearTimeout(later);
  const rest = urgent ? 0 : spoke + calm - Date.now();
  if (rest > 0) {
    later = setTimeout(() => say(text, false), rest);
    return;
  }
  if (sign.textContent === text) return;
  spoke = Date.now();
  sign.textContent = text;
}

function onEvent(event) {
  let state;
  try { state = JSON.parse(event.data); } catch { return; }
  setNow(state.now);
  if (event.type !== 'closed' && Number(state.seq) <= seen) return;
  seen = Math.max(seen, Number(state.seq) || 0);
  show(state);
  if (event.type === 'closed') {
    setTimeout(renew, Math.random() * 1500);
    return;
  }
  refresh();
}

const grace = 10000; // ms that a page asked for may take to come
let left = -grace; // when the reader last set out for another page

// renew loads the page of a closed deal again, but never in place of a page that the reader has asked for meanwhile.
function renew() {
  const rest = left + grace - performance.now();
  if (rest > 0) setTimeout(renew, rest);
  else location.replace(page.dataset.page);
}

function offline(is) {
  clearTimeout(lost);
  const sign = page.querySelector('[data-offline]');
  if (!is) { sign.hidden = true; return; }
  lost = setTimeout(() => { sign.hidden = false; }, 4000);
}

function open() {
  source = new EventSource(page.dataset.events);
  for (const name of ['state', 'entry', 'closed']) source.addEventListener(name, onEvent);
  source.onopen = () => offline(false);
  source.onerror = () => offline(true);
}

if (page) {
  open();
  addEventListener('beforeunload', () => { left = performance.now(); });
  addEventListener('pagehide', () => { source.close(); source = null; });
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    open();
    refresh(0);
  });
}
