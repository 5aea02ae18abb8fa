// The number beside the bell follows what happens, and what has just happened is said in a corner of the page. Only the
// page that is looked at listens: a browser opens few connections to one site.
const bell = document.querySelector('[data-bell]');
const box = document.querySelector('[data-toasts]');
const said = []; // when; at most three in ten seconds
let source;

function count(text) {
  bell.querySelector('[data-unread]').dataset.unread = text;
  bell.querySelector('[data-bell-count]').textContent = text;
}

function toast({ text, href, page }) {
  if (page === location.pathname) { again(); return; } // the page says it itself
  const now = Date.now();
  while (now - said[0] > 10000) said.shift();
  if (said.length >= 3) return;
  said.push(now);
  const note = document.querySelector('[data-toast]').content.firstElementChild.cloneNode(true);
  Object.assign(note.querySelector('a'), { href, textContent: text });
  note.querySelector('button').addEventListener('click', () => note.remove());
  box.append(note);
  stepAside();
  const leave = () => {
    if (note.matches(':hover, :focus-within')) setTimeout(leave, 2000);
    else note.remove();
  };
  setTimeout(leave, 8000);
}

const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function covered(e) {
  const at = e.getBoundingClientRect();
  return [...box.children].filter((note) => over(note.getBoundingClientRect(), at));
}

// stepAside moves what is said to the other side of the screen when it lies over what the keyboard has reached, and where that
// does not help it goes: the list behind the bell has it.
function stepAside() {
  const e = document.activeElement;
  if (!e || e === document.body || box.contains(e)) return;
  box.classList.remove('toasts-aside');
  box.classList.toggle('toasts-aside', covered(e).length > 0);
  covered(e).forEach((note) => note.remove());
}

// again brings the thread that is looked at up to date.
async function again() {
  const list = document.querySelector('[data-thread]');
  const answer = list && await fetch(location.pathname).catch(() => null);
  const fresh = answer && new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-thread]');
  if (fresh) list.replaceChildren(...fresh.childNodes);
}

function close() {
  if (source) source.close();
  source = null;
}

function listen() {
  if (document.visibilityState !== 'visible') { close(); return; }
  if (source) return;
  source = new EventSource('/notifications/live');
  source.addEventListener('notices', (event) => {
    const news = JSON.parse(event.data);
    count(news.unread);
    news.items.forEach(toast);
  });
}

if (bell) {
  listen();
  document.addEventListener('focusin', stepAside);
  document.addEventListener('visibilitychange', listen);
  addEventListener('pagehide', close);
  addEventListener('pageshow', listen);
}
