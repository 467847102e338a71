// What the page does when the browser runs scripts: it checks the QR code before any answer of the network, reads the
// signed status list, compares a stone, and checks dropped files, all on this device. Without it the page stands as served.
import { Refusal, base64, checkFiles, checkPaper, codeOfFragment, hex, numberFits, provenKeys, readCode, readStatusList, sha256, statement } from '/check.js';

const byId = (id) => document.getElementById(id);
const main = byId('result');
const { dataset } = main;
const language = document.documentElement.lang;
const words = language === 'ur' ? await import('/ur.js').then((file) => file.default, () => ({})) : {};

/** A sentence in the page's language; values stand apart from the text's direction. */
const say = (english, ...values) => (words[english] ?? english).replace(/\{(\d)\}/g, (_, i) => `\u2068${values[i]}\u2069`);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (english) => capital(say(english)) + say('.');
const node = (name, content = '', more = {}) => Object.assign(document.createElement(name), { textContent: content }, more);
const day = (seconds) => new Intl.DateTimeFormat(language === 'ur' ? 'ur-PK-u-nu-latn' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(seconds * 1000);
const now = () => Date.now() / 1000;

const headlines = {
  declaration: ['Authentic dealer declaration', 'No laboratory examined this stone'],
  examination: ['Genuine laboratory report', ''],
  check: ['Genuine check', 'This stone was compared with an earlier record'],
  external: ['Authentic copy of another laboratory’s report', 'Only that laboratory vouches for it'],
};
/** Of a check the result is what must be heard first, and a code alone does not carry it. */
const headlineOf = (said) => (said.class === 'check' && said.result === 'mismatch' ? ['Genuine check', 'This stone does not match the earlier record'] : headlines[said.class]);
const headlineOfCode = (said) => (said.class === 'check' ? ['Genuine council check', 'Whether the stone matched stands in the whole certificate only'] : headlines[said.class]);
const titles = { cancelled: 'Cancelled', notGenuine: 'Not genuine', cannotTell: 'Cannot tell' };
const fates = {
  1: 'It was withdrawn', 2: 'It is suspended', 3: 'A newer certificate has taken its place',
  12: 'The piece was reported lost', 13: 'The piece was reported stolen', 14: 'The piece described no longer exists',
};

/** The card at the head of the page. Without a title it keeps that of the outcome. */
function showVerdict(outcome, lines, title = titles[outcome]) {
  const card = byId('verdict');
  card.className = 'verdict ' + outcome;
  card.querySelector('h1').textContent = say(title);
  for (const old of card.querySelectorAll('p')) old.remove();
  card.append(...lines.filter(Boolean).map((line) => node('p', line)));
}

const addLine = (line) => byId('verdict').append(node('p', line));

/** A line of what was checked, at the head of the list; `step` names the server's line that it takes the place of. */
function addCheck(result, text, reason, step) {
  if (step) byId('checks').querySelector(`[data-step="${step}"]`)?.remove();
  const item = node('li', '', { className: result });
  item.append(node('b', { met: '✓', failed: '✗', notChecked: '–' }[result], { ariaHidden: 'true' }), node('span', text));
  if (reason) item.append(node('small', reason));
  byId('checks').prepend(item);
  byId('checked').hidden = false;
}

// MARK: What this page trusts

const canVerify = Boolean(globalThis.crypto?.subtle);
const root = base64(dataset.root) ?? new Uint8Array();
/** The revocation list of the day this page was served. */
const lists = [base64(dataset.revoked)].filter((list) => list?.length);
let keySet = null;
let keys = new Map();
if (canVerify) {
  keySet = JSON.parse(dataset.keys);
  keys = await provenKeys(keySet, root, lists);
}

/** The root seen at the first visit; a later page with another one is not believed. */
async function isRootOfFirstVisit() {
  if (!globalThis.caches) return true;
  const cache = await caches.open('gemd-root');
  const name = '/root-of-first-visit';
  const seen = await cache.match(name);
  const mine = hex(await sha256(root));
  if (seen) return (await seen.text()) === mine;
  await cache.put(name, new Response(mine));
  return true;
}

// MARK: The QR code

const carats = (weight) => (weight / 1e5).toFixed(5).replace(/(\.\d\d)(\d*?)0*$/, '$1$2') + ' ct';
const millimetres = (sides) => sides.map((side) => (side / 1000).toFixed(3).replace(/(\.\d\d)0$/, '$1')).join(' × ') + ' mm';

/** The number this address is about; on the page for any number it stands in the address alone. */
const numberHere = dataset.number || (/^\/c\/([^/.]+)$/.exec(location.pathname)?.[1] ?? '');
const plain = (number) => number.toUpperCase().replace(/[^0-9A-Z]/g, '');

async function checkCode() {
  let said;
  try {
    const code = codeOfFragment(location.hash);
    if (!code) return null;
    said = await readCode(code, keys);
    if (plain(said.number) !== plain(numberHere)) throw new Refusal('the code belongs to another certificate');
    if (dataset.sha256 && said.sha256 !== dataset.sha256) throw new Refusal('the code was made for another text than the one shown here');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    showVerdict(error.outcome, [sentence(error.message), say('Scan the printed code again. If this stays, do not trust the certificate.')]);
    addCheck('failed', say('The QR code'), say(error.message));
    return { refused: true };
  }
  if (said.isInOtherHands) {
    // The page of the number stands as served: the whole certificate was judged there.
    if (!dataset.sha256) showVerdict('cannotTell', [sentence('the code’s key was taken back since: only the whole certificate counts')]);
    addCheck('notChecked', say('The QR code'), say('the code’s key was taken back since: only the whole certificate counts'));
    return null;
  }
  const rows = [
    ['Certificate number', said.number], ['Kind', say(headlineOfCode(said)[0])], ['Issued', day(said.issuedAt)],
    ['Species', said.species && say(said.species)], ['Variety', said.variety && say(said.variety)],
    ['Weight', said.weight !== undefined && carats(said.weight)], ['Measurements', said.sides.length > 0 && millimetres(said.sides)],
  ];
  const list = byId('code').querySelector('dl');
  list.replaceChildren(...rows.filter(([, value]) => value).flatMap(([name, value]) => {
    const cell = node('dd');
    cell.append(node('bdi', value));
    return [node('dt', say(name)), cell];
  }));
  byId('code').hidden = false;
  if (dataset.sha256) {
    addCheck('met', say('The QR code is signed by the issuer and says the same as this page'), say('Checked on this device.'));
  } else {
    // No page of this number is at hand: what the issuer signed is all there is to show.
    const [title, line] = headlineOfCode(said);
    showVerdict('genuine', [line && sentence(line), say('Authentic as issued on {0}. What became of it since was not checked.', day(said.issuedAt))], title);
    document.title = said.number;
    byId('number').textContent = said.number;
    byId('code-first').hidden = false;
    addCheck('met', say('The QR code is signed by the issuer'), say('Checked on this device.'));
  }
  return said;
}

// MARK: The status list

/** How long ago, in words. */
function age(seconds) {
  const minutes = Math.max(0, Math.round((now() - seconds) / 60));
  if (minutes < 2) return say('just now');
  if (minutes < 120) return say('{0} minutes ago', minutes);
  if (minutes < 48 * 60) return say('{0} hours ago', Math.round(minutes / 60));
  return say('{0} days ago', Math.round(minutes / 1440));
}

async function statusOf(list, index) {
  const response = await fetch(list);
  if (!response.ok) return null;
  return readStatusList(new Uint8Array(await response.arrayBuffer()), list, index, keySet, root, lists);
}

async function checkStatus() {
  if (!dataset.statusList) return;
  let status = null;
  try { status = await statusOf(dataset.statusList, Number(dataset.statusIndex)); } catch (error) {
    if (error instanceof Refusal) return addCheck('failed', say('The signed status list'), say(error.message));
  }
  const served = Number(dataset.served);
  if (!status) {
    addCheck('notChecked', say('The signed status list'), say('It could not be had now.'));
    if (now() - served > 600) addLine(say('This page was kept {0}; what became of the certificate since is not known.', age(served)));
    return;
  }
  const fate = fates[status.value];
  const when = say('Signed list, made {0}.', age(status.issuedAt));
  if (now() > status.expiresAt) {
    addCheck('notChecked', say('The signed status list'), say('It is out of date: {0}', when));
    return addLine(say('This page was kept {0}; what became of the certificate since is not known.', age(served)));
  }
  if (status.value === 0) return addCheck('met', say('Not cancelled or replaced'), when, 'status');
  addCheck('failed', say('Not cancelled or replaced'), when, 'status');
  if (byId('verdict').classList.contains('genuine')) showVerdict('cancelled', [sentence(fate ?? 'It is no longer valid'), when]);
}

// MARK: Is this the stone?

/** A decimal as a whole number of its smallest unit; null for nothing, NaN for what is no such number. */
function units(text, decimals) {
  if (text === '') return null;
  if (!/^(0|[1-9]\d{0,5})(\.\d+)?$/.test(text)) return NaN;
  const [whole, rest = ''] = text.split('.');
  return rest.length > decimals ? NaN : Number(whole + rest.padEnd(decimals, '0'));
}

/** The trade's scale: how far a scale and a gauge may differ. Nil when neither side says anything. */
function compare(name, typed, signed, close, near) {
  if (typed === null || signed === undefined) return null;
  const apart = Math.abs(typed - signed);
  return { name, result: apart <= close ? 'match' : apart <= near ? 'possible' : 'mismatch' };
}

/** Which of two sides is the length is a matter of a hair in a round stone, so the nearer order counts. */
function inNearerOrder(typed, signed) {
  const [length, width] = typed;
  if (length === null || width === null || signed.length < 2) return typed;
  const far = (a, b) => Math.max(Math.abs(a - signed[0]), Math.abs(b - signed[1]));
  return far(width, length) < far(length, width) ? [width, length, typed[2]] : typed;
}

function checkStone(event) {
  event.preventDefault();
  const answer = byId('match-answer');
  const typed = (name, decimals) => units(event.target.elements.namedItem(name)?.value.replaceAll(' ', '').replace(',', '.') ?? '', decimals);
  const weight = typed('weight', 5);
  const measured = ['length', 'width', 'depth'].map((name) => typed(name, 3));
  if ([weight, ...measured].some(Number.isNaN)) {
    answer.className = 'answer cannotTell';
    return answer.replaceChildren(node('span', say('Write numbers such as 1.58.')));
  }
  const all = (dataset.sides ?? '').split(' ').filter(Boolean);
  const sides = all.length === 3 ? all.map((side) => units(side, 3)) : [];
  const found = [
    compare('Weight', weight, dataset.weight ? units(dataset.weight, 5) : undefined, 1000, 3000),
    ...inNearerOrder(measured, sides).map((side, i) => compare(['Length', 'Width', 'Depth'][i], side, sides[i], 30, 100)),
  ].filter(Boolean);
  const worst = ['mismatch', 'possible', 'match'].find((result) => found.some((one) => one.result === result));
  answer.className = 'answer ' + ({ match: 'genuine', possible: 'cancelled', mismatch: 'notGenuine' }[worst] ?? 'cannotTell');
  const answerOf = { match: 'It fits this certificate.', possible: 'It may be this stone: measure again.', mismatch: 'This is not the stone of this certificate.' }[worst];
  const list = node('ul');
  list.append(...found.map(({ name, result }) => node('li', `${say(name)}: ${say({ match: 'fits', possible: 'close', mismatch: 'does not fit' }[result])}`)));
  answer.replaceChildren(node('span', say(answerOf ?? 'Fill in at least one value that the certificate has.')), ...(found.length ? [list] : []));
}

// MARK: Files

const proofBegins = new TextEncoder().encode('c2sp.org/tlog-proof@');

async function checkDropped(files) {
  const answer = byId('file-answer');
  answer.className = 'answer cannotTell';
  answer.replaceChildren(node('span', say('Checking…')));
  const show = (outcome, title, ...lines) => {
    answer.className = 'answer ' + outcome;
    const list = node('ul', '', { className: 'plain' });
    list.append(...lines.filter(Boolean).map((line) => (line instanceof Node ? line : node('li', line))));
    answer.replaceChildren(node('span', title), list);
  };
  const parts = {};
  for (const file of files) {
    if (file.size > 16 << 20) return show('cannotTell', say('Cannot tell'), say('The file is too large to be a certificate of gemd.'));
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (proofBegins.every((byte, i) => bytes[i] === byte)) parts.proof = bytes;
    else if (bytes[0] === 0x25) parts.pdf = bytes; else if (bytes[0] === 0x7b) parts.json = bytes; else if (bytes[0] === 0x30) parts.p7s = bytes;
    else if (file.type.startsWith('image/')) return readPhotograph(file, show);
  }
  if (!parts.pdf && !parts.json) return show('cannotTell', say('Cannot tell'), say('This is no file of a certificate. Choose the PDF, or the .json and .p7s files together.'));
  let said;
  let isPrintUnproven = false;
  try {
    const more = { usesOutside: 'outside' in dataset, lists, logs: keySet.logs };
    if (parts.pdf) ({ said, isPrintUnproven } = await checkPaper(parts.pdf, root, more));
    else said = await checkFiles(parts.json, parts.p7s, root, { ...more, proof: parts.proof });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const issuer = otherIssuer(parts.json);
    if (issuer) return show('cannotTell', say('Cannot tell'), say('It was issued by {0}, whose root key this page does not know. Ask there.', issuer));
    return show(error.outcome, say(titles[error.outcome]), sentence(error.message));
  }
  const [title, line] = headlineOf(said);
  const link = node('a', said.number, { href: '/c/' + said.number + location.search, dir: 'ltr' });
  const item = node('li');
  item.append(link);
  const lines = [line && sentence(line), isPrintUnproven && sentence('The key that signed this paper was taken back since: what it certifies is proven, the print around it is not'), item, said.piece?.title, say('Issued by {0} on {1}.', said.issuer.name, day(Date.parse(said.issuedAt) / 1000))];
  const unknown = say('What became of it since was not checked.');
  show('genuine', say(title), ...lines, unknown);
  let status = null;
  // Any number of reasons keep a list away; then what the file itself proves is all that is said.
  try { status = await statusOf(new URL(said.status.list).pathname, said.status.index); } catch { /* said above */ }
  if (!status || now() > status.expiresAt) return;
  const when = say('Signed list, made {0}.', age(status.issuedAt));
  if (status.value === 0) show('genuine', say(title), ...lines, sentence('Not cancelled or replaced'), when);
  else show('cancelled', say('Cancelled'), sentence(fates[status.value] ?? 'It is no longer valid'), item, when);
}

/** The issuer a file names when it is not this page's: nothing can be said of its signature. */
function otherIssuer(json) {
  try {
    const { issuer } = statement(json);
    return issuer.code === dataset.issuer ? null : `${issuer.name} (${issuer.code})`;
  } catch { return null; }
}

/** A photograph of a printed code, where the browser can read one. */
async function readPhotograph(file, show) {
  if (!('BarcodeDetector' in window)) {
    return show('cannotTell', say('Cannot tell'), say('This browser cannot read codes from photographs. Point the telephone’s camera at the code and open the link.'));
  }
  const codes = await new BarcodeDetector({ formats: ['qr_code'] }).detect(await createImageBitmap(file)).catch(() => []);
  const link = codes.map((code) => /\/c\/([^/?#]+)#(\d+)$/.exec(code.rawValue)).find(Boolean);
  if (!link) return show('cannotTell', say('Cannot tell'), say('There is no readable code of a certificate in this photograph.'));
  location.href = `/c/${link[1]}${location.search}#${link[2]}`;
  if (location.pathname === `/c/${link[1]}`) location.reload();
}

// MARK: Begin

for (const link of document.querySelectorAll('a.lang')) if (/^#\d/.test(location.hash)) link.hash = location.hash;
addEventListener('hashchange', () => { if (/^#\d/.test(location.hash)) location.reload(); });
byId('match-form')?.addEventListener('submit', checkStone);
byId('number-form')?.addEventListener('submit', (event) => {
  if (numberFits(event.target.elements.number.value) === true) return;
  event.preventDefault();
  const answer = byId('number-answer');
  answer.className = 'answer cannotTell';
  answer.textContent = say('This is no certificate number: probably a typing error. Compare it with the paper.');
});

if (canVerify) {
  const drop = byId('drop');
  drop.hidden = false;
  drop.querySelector('input').addEventListener('change', (event) => checkDropped([...event.target.files]));
  for (const kind of ['dragover', 'dragleave', 'drop']) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', kind === 'dragover');
      if (kind === 'drop') checkDropped([...event.dataTransfer.files]);
    });
  }
}

let said = null;
if (canVerify) {
  said = await checkCode();
  if (!(await isRootOfFirstVisit())) showVerdict('cannotTell', [say('The issuer’s root key is not the one seen on your first visit.')]);
  if (said?.refused !== true) await checkStatus();
} else if (/^#\d/.test(location.hash)) {
  addCheck('notChecked', say('The QR code'), say('This browser cannot check it; the server’s answer is shown.'));
}
main.dataset.ready = said?.refused ? 'refused' : said ? 'code' : 'page';

if ('serviceWorker' in navigator) {
  const url = '/sw.js';
  const policy = globalThis.trustedTypes?.createPolicy('gemd', {
    createScriptURL: (asked) => { if (asked !== url) throw new TypeError('only the page’s own service worker'); return asked; },
  });
  navigator.serviceWorker.register(policy ? policy.createScriptURL(url) : url).catch(() => {});
}
