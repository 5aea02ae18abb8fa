// Countdowns run by the server's clock: the page says what time it was there when it was made.
const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const words = document.body.dataset;
let offset = Date.parse(words.now) - Date.now();

// setNow takes the server's time from a newer answer.
export function setNow(iso) {
  const t = Date.parse(iso);
  if (!Number.isNaN(t)) offset = t - Date.now();
}

// span writes a length of time in its two largest units, as the server does.
export function span(seconds) {
  let rest = Math.max(0, Math.floor(seconds));
  const counts = units.map(([name, size]) => {
    const n = Math.floor(rest / size);
    rest -= n * size;
    return [name, n];
  });
  let first = counts.findIndex(([, n]) => n > 0);
  if (first < 0) first = counts.length - 1;
  return counts.slice(first, first + 2)
    .filter(([, n], i) => i === 0 || n > 0)
    .map(([name, n]) => words[name].replace('{n}', n))
    .join(' ');
}

function tick() {
  const now = Date.now() + offset;
  for (const el of document.querySelectorAll('[data-countdown]')) {
    const left = (Date.parse(el.dateTime) - now) / 1000;
    const text = span(left);
    if (el.textContent !== text) el.textContent = text;
    el.classList.toggle('soon', left < 3600);
  }
}

tick();
setInterval(tick, 1000);
