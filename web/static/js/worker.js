// The worker that shows what is pushed, and a page of the site's own where there is no net.
if ('serviceWorker' in navigator) {
  addEventListener('load', () => {
    navigator.serviceWorker.register(`/sw.js?lang=${document.documentElement.lang}`).catch(() => {});
  });
}
