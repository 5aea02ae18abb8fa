// Photos are sent as soon as they are chosen, one after the other, and put in order by dragging or by buttons.
const types = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
const far = 6; // px that a finger moves before it drags

export function arrange(form, changed) {
  const field = form.querySelector('[data-photos]');
  if (!field) return;
  const list = field.querySelector('[data-photo-list]');
  const refused = field.querySelector('[data-photo-refused]');
  const words = field.dataset;
  const most = Number(words.most);
  const items = () => [...list.querySelectorAll('[data-photo]')];
  let queue = Promise.resolve();

  const say = (text, values) => Object.entries(values).reduce((t, [k, v]) => t.replace(`%${k}%`, v), text);

  function refuse(text) {
    refused.append(Object.assign(document.createElement('li'), { className: 'wrong', textContent: text }));
  }

  function renumber() {
    items().forEach((item, i) => {
      for (const b of item.querySelectorAll('[data-move]')) b.value = `${b.dataset.move}-${i}`;
    });
    changed();
  }

  // wrong says why a file is not sent at all; empty where it may be.
  function wrong(file, waiting) {
    if (!types.includes(file.type)) return say(words.wrongType, { name: file.name });
    if (file.size > Number(words.bytes)) {
      const mb = 1 << 20;
      return say(words.tooLarge, { name: file.name, size: (file.size / mb).toFixed(1), most: Math.floor(Number(words.bytes) / mb) });
    }
    return items().length + waiting >= most ? say(words.tooMany, { name: file.name, most }) : '';
  }

  function send(file) {
    const sending = Object.assign(document.createElement('li'), { className: 'photo-sending' });
    const bar = Object.assign(document.createElement('progress'), { max: 100, value: 0 });
    const text = document.createElement('span');
    const show = (percent) => {
      bar.value = percent;
      text.textContent = say(words.sending, { name: file.name, percent });
    };
    bar.setAttribute('aria-label', file.name);
    sending.append(bar, text);
    list.append(sending);
    show(0);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const data = new FormData();
      for (const name of ['csrf', 'at', 'draft']) data.set(name, form.elements[name].value);
      data.set('step', 'photo');
      data.set('photos', file);
      request.upload.onprogress = (event) => { if (event.lengthComputable) show(Math.round(event.loaded / event.total * 100)); };
      request.onloadend = () => {
        sending.remove();
        const fresh = request.status === 200 ? new DOMParser().parseFromString(`<ol>${request.responseText}</ol>`, 'text/html').querySelectorAll('[data-photo]') : [];
        if (fresh.length) {
          for (const item of fresh) {
            const id = item.querySelector('input').value;
            if (!items().some((have) => have.querySelector('input').value === id)) list.append(item);
          }
          renumber();
        } else refuse(request.status === 422 ? `${file.name}: ${request.responseText}` : say(words.failed, { name: file.name }));
        done();
      };
      request.open('POST', form.getAttribute('action'));
      request.send(data);
    });
  }

  // take sends the files chosen in a field one after the other.
  function take(input) {
    let waiting = list.querySelectorAll('.photo-sending').length;
    for (const file of input.files) {
      const text = wrong(file, waiting);
      if (text) {
        refuse(text);
        continue;
      }
      waiting += 1;
      queue = queue.then(() => send(file));
    }
    input.value = '';
  }

  for (const input of field.querySelectorAll('[data-photo-file]')) {
    input.addEventListener('change', () => {
      refused.replaceChildren();
      take(input);
    });
    if (input.files.length) take(input); // chosen before this script ran
  }
  const plain = field.querySelector('[data-photo-send]');
  if (plain) plain.hidden = true; // files go as they are chosen

  function move(item, how) {
    const next = item.nextElementSibling;
    const before = item.previousElementSibling;
    if (how === 'drop') item.remove();
    else if (how === 'first') list.prepend(item);
    else if (how === 'up' && before) before.before(item);
    else if (how === 'down' && next) next.after(item);
    renumber();
  }

  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-move]');
    if (!button) return;
    event.preventDefault();
    const item = button.closest('[data-photo]');
    const neighbour = item.nextElementSibling || item.previousElementSibling;
    move(item, button.dataset.move);
    const stay = button.dataset.move === 'drop' ? neighbour?.querySelector('[data-move]') : button;
    (stay || field.querySelector('input[type=file]'))?.focus();
  });

  drag(list, items, renumber);
}

// drag lets a photo follow the finger or the mouse to another place.
function drag(list, items, done) {
  list.addEventListener('pointerdown', (down) => {
    const item = down.target.closest('img')?.closest('[data-photo]');
    if (!item || down.button !== 0) return;
    let moving = false;
    const follow = (event) => {
      if (!moving && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < far) return;
      if (!moving) {
        moving = true;
        list.setPointerCapture(down.pointerId);
        item.classList.add('photo-dragged');
      }
      const over = items().find((other) => {
        const r = other.getBoundingClientRect();
        return other !== item && event.clientX >= r.left && event.clientX <= r.right && event.clientY >= r.top && event.clientY <= r.bottom;
      });
      if (!over) return;
      const all = items();
      if (all.indexOf(item) < all.indexOf(over)) over.after(item);
      else over.before(item);
    };
    const end = () => {
      list.removeEventListener('pointermove', follow);
      list.removeEventListener('pointerup', end);
      list.removeEventListener('pointercancel', end);
      item.classList.remove('photo-dragged');
      if (moving) done();
    };
    list.addEventListener('pointermove', follow);
    list.addEventListener('pointerup', end);
    list.addEventListener('pointercancel', end);
  });
}
