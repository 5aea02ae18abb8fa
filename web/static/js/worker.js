// The worker that shows what is pushed, and a page of the site's own where there is no net. It is registered once: a browser
// that is given another one meanwhile, as when its language changes, may leave a page waiting for ever. It is told of the
// language instead.
async function work() {
  const { lang } = document.documentElement;
  const there = await navigator.serviceWorker.getRegistration();
  if (there) there.active?.postMessage({ offline: `/offline?lang=${lang}` });
  else await navigator.serviceWorker.register(`/sw.js?lang=${lang}`);
}

if ('serviceWorker' in navigator) addEventListener('load', () => { work().catch(() => {}); });
