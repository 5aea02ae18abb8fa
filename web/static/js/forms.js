// A form is sent once: a second press while the first is under way does nothing. The server would know it anyway. What is
// typed is kept until it was taken.
import './typed.js';

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.getAttribute('method') !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  if (event.submitter) event.submitter.setAttribute('aria-busy', 'true');
});

addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  for (const button of document.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
});

// What several pieces cost together; without a script the next page says it.
for (const sum of document.querySelectorAll('[data-each]')) {
  const field = sum.closest('form').elements.quantity;
  const show = () => {
    const n = Number(field.value);
    const all = sum.dataset.each * n;
    sum.hidden = !(n > 0 && Number.isInteger(n) && Number.isSafeInteger(all));
    const digits = Number(sum.dataset.decimals);
    sum.querySelector('b').textContent = (all / 10 ** sum.dataset.exponent).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  };
  field.addEventListener('input', show);
  show();
}

if (document.querySelector('[data-opening]')) import('./opening.js');
