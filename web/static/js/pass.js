// A deal's address is handed to the device's own way of sending things on, or copied where it has none.
const button = document.querySelector('[data-pass]');
const field = document.getElementById('f-pass');

async function pass() {
  const url = field.value;
  if (navigator.share) {
    await navigator.share({ title: button.dataset.title, url }).catch(() => {});
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
  } catch {
    field.select(); // a browser that keeps its clipboard to itself: the reader copies
    return;
  }
  button.querySelector('span').textContent = button.dataset.done;
}

if (button) {
  button.hidden = false;
  button.addEventListener('click', pass);
}
