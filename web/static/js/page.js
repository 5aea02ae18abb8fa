// Everything a page does beyond what the server has drawn. Nothing here is needed to use the site.
import './countdown.js';
import './live.js';
import './forms.js';
import './pass.js';
import './passkey.js';
import './focus.js';

// Of tabs in one row that is wider than the screen, the one that is open can be seen.
const tab = document.querySelector('.kind-tab[aria-current]');
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 32;
