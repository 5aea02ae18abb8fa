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

if (document.querySelector('[data-opening]')) import('./opening.js');
