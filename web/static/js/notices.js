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
  const link = document.createElement('a');
  Object.assign(link, { href, className: 'toast', textContent: text });
  box.append(link);
  const leave = () => {
    if (link.matches(':hover, :focus')) setTimeout(leave, 2000);
    else link.remove();
  };
  setTimeout(leave, 8000);
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
  document.addEventListener('visibilitychange', listen);
  addEventListener('pagehide', close);
  addEventListener('pageshow', listen);
}
