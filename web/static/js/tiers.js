// The rows of a group's price steps: one more, or one less, without asking the server.

const all = (form) => [...form.querySelectorAll('[data-tier]')];

function number(form) {
  const add = form.querySelector('[data-tier-add]');
  const list = all(form);
  list.forEach((row, i) => {
    for (const [name, words] of [['from', add.dataset.from], ['unitPrice', add.dataset.price]]) {
      const input = row.querySelector(`input[name=${name}]`);
      const label = row.querySelector(`label[for="${input.id}"]`);
      input.id = `f-${name}${i}`;
      label.htmlFor = input.id;
      label.firstChild.textContent = words.replace('#', i + 1);
    }
    const drop = row.querySelector('[data-tier-drop]');
    drop.value = `untier-${i}`;
    drop.title = add.dataset.drop.replace('#', i + 1);
    drop.setAttribute('aria-label', drop.title);
  });
  add.disabled = list.length >= Number(form.querySelector('[data-tiers]').dataset.most);
}

function addRow(form) {
  const last = all(form).at(-1);
  const row = last.cloneNode(true);
  for (const input of row.querySelectorAll('input')) {
    input.value = '';
    input.defaultValue = '';
  }
  last.after(row);
  number(form);
  return row;
}

// rows gives the form so many rows at least, and lets its buttons work at once.
export function rows(form, least, changed) {
  if (!form.querySelector('[data-tiers]')) return;
  while (all(form).length < least) addRow(form);
  if (!changed) return;
  form.querySelector('[data-draw]').hidden = true; // it is drawn as one types
  form.addEventListener('click', (event) => {
    const add = event.target.closest('[data-tier-add]');
    const drop = event.target.closest('[data-tier-drop]');
    if (!add && !drop) return;
    event.preventDefault();
    if (add) addRow(form).querySelector('input').focus();
    else if (all(form).length > 1) {
      const list = all(form);
      const i = list.indexOf(drop.closest('[data-tier]'));
      list[i].remove();
      number(form);
      all(form)[Math.min(i, list.length - 2)].querySelector('input').focus();
    }
    changed();
  });
}
