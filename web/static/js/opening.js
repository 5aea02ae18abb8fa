// The form that opens a deal keeps its draft as it is filled in, and draws what follows from the numbers.
import { forget, forgetSoon, remember } from './typed.js';
import { arrange } from './photos.js';
import { rows } from './tiers.js';

const form = document.querySelector('[data-opening]');
const sign = form.querySelector('[data-keeping]');
const pause = 900; // ms without typing
const guest = form.dataset.guest !== undefined;
let timer = null;
let running = null; // the answer that is waited for
let changed = false;
let gone = false; // the draft was published or deleted elsewhere

const draft = () => form.elements.draft;

function body() {
  const data = new FormData(form);
  data.delete('photos');
  data.set('step', 'keep');
  return data;
}

function place(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-drawn]');
  const drawn = form.querySelector('[data-drawn]');
  if (!fresh) return;
  if (drawn && drawn.innerHTML !== fresh.innerHTML) drawn.replaceChildren(...fresh.childNodes);
  const id = fresh.dataset.draft;
  if (!id || changed) return;
  if (draft().value === id) forget(form); // the server has it
  else {
    forgetSoon(form);
    draft().value = id;
    history.replaceState(null, '', `${location.pathname}?draft=${id}&at=${form.dataset.opening}`);
  }
  sign.textContent = form.dataset.saved;
}

async function keep() {
  if (running || gone) return;
  changed = false;
  running = fetch(form.getAttribute('action'), { method: 'POST', body: body(), headers: { Accept: 'text/html' } }).then(async (answer) => {
    if (answer.status === 410) gone = true;
    else if (answer.ok) place(await answer.text());
    else throw new Error(answer.status);
  }).catch(() => { sign.textContent = form.dataset.unsaved; });
  await running;
  running = null;
  if (changed) later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

function touched() {
  changed = true;
  remember(form);
  later();
}

// A draft that is just being made gets its id first: else the form would make a second one.
form.addEventListener('submit', async (event) => {
  clearTimeout(timer);
  if (!running || draft().value) return;
  event.preventDefault();
  event.stopPropagation();
  await running;
  form.requestSubmit(event.submitter);
}, true);

if (guest) remember(form); // there is no draft: the tab is all there is
arrange(form, touched);
rows(form, 0, touched);
if (form.querySelector('.kept-typed')) touched(); // what this tab has is newer than the draft
form.addEventListener('input', (event) => { if (event.target.type !== 'file') touched(); });
form.addEventListener('change', (event) => { if (event.target.type !== 'file') touched(); });
