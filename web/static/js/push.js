// A device is turned on by its own browser: it asks its owner, subscribes with the site's key, and sends where it is reached.
const form = document.querySelector('form[data-push]');

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

async function turnOn(says) {
  if (await Notification.requestPermission() !== 'granted') return says(form.dataset.denied);
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) };
  const made = await worker.pushManager.subscribe(options).catch(async () => {
    const old = await worker.pushManager.getSubscription(); // with a key that the site had before
    if (old) await old.unsubscribe();
    return worker.pushManager.subscribe(options);
  });
  const { endpoint, keys } = made.toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
  return form.submit();
}

if (form) {
  const sign = form.querySelector('[data-push-says]');
  const says = (text) => { sign.textContent = text; sign.hidden = false; };
  form.querySelector('[data-push-off]').hidden = true;
  if (!('PushManager' in window && 'serviceWorker' in navigator && 'Notification' in window)) {
    says(form.dataset.cannot);
  } else {
    form.querySelector('button').hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      event.stopPropagation(); // it is sent once the browser has subscribed
      turnOn(says).catch(() => says(form.dataset.failed));
    });
  }
}
