// Passkeys: the server gives a challenge, the browser answers it, and the answer is sent as the form that asked.
import { forget } from './typed.js';

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

// The options come as JSON, where bytes are base64url.
function options({ publicKey }) {
  const o = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (o.user) o.user = { ...o.user, id: bytes(o.user.id) };
  for (const list of ['excludeCredentials', 'allowCredentials']) {
    if (o[list]) o[list] = o[list].map((c) => ({ ...c, id: bytes(c.id) }));
  }
  return { publicKey: o };
}

function answer(credential) {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function ask(form) {
  const reply = await fetch(form.dataset.challenge, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' } });
  const body = await reply.json();
  if (!reply.ok) throw new Error(body.says);
  return navigator.credentials[form.dataset.passkey](options(body));
}

function prepare(form) {
  const button = form.querySelector('button');
  const says = form.querySelector('[data-passkey-says]');
  const say = (words) => {
    says.textContent = words;
    says.hidden = false;
  };
  form.querySelector('[data-passkey-off]').hidden = true;
  if (!window.PublicKeyCredential) return say(says.dataset.none);
  if (location.hostname !== form.dataset.host) return say(says.dataset.elsewhere);
  button.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    event.stopPropagation(); // the form is sent once there is an answer
    says.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = answer(await ask(form));
      forget(form); // a form that a script sends says nothing of it
      form.submit();
    } catch (error) {
      // What the browser throws is for programmers; what the server says is for the reader.
      say(error instanceof DOMException || error instanceof TypeError || error instanceof SyntaxError ? says.dataset.failed : error.message || says.dataset.failed);
    } finally {
      button.disabled = false;
    }
  });
}

for (const form of document.querySelectorAll('form[data-passkey]')) prepare(form);
