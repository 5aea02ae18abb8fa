// Everything a page does beyond what the server has drawn. Nothing here is needed to use the site.
import './countdown.js';
import './live.js';
import './forms.js';
import './pass.js';
import './passkey.js';
import './focus.js';
