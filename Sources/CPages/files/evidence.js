// What may stand behind a signed paper: one update that adds nothing but evidence for later (PAdES B-LT: certificates,
// revocation lists and answers about them). Takes and refuses what the server's verifier (LateEvidence) does; a test holds the two together.
// Nothing in it is believed; it must only be unable to change what a reader sees.

/** Why an update cannot stand; reasons are words for people. */
class Foreign extends Error {}
const other = 'something was added to this paper after it was signed: it is not the evidence that may be added';
const foreign = (words = other) => { throw new Foreign(words); };
const changedCatalogue = 'something was added to this paper after it was signed: it changes the paper’s catalogue';
const pointsInside = 'something was added to this paper after it was signed: its evidence points into the paper';
const holdsMore = 'something was added to this paper after it was signed: it holds more than evidence';
const mostObjects = 2000;
const deepest = 12;
/** Each takes many times the memory of its bytes; evidence has some thousands. */
const mostValues = 50000;

const space = /[\0\t\n\f\r ]/y;
const spaces = /[\0\t\n\f\r ]*/y;
const regular = /[^\0\t\n\f\r ()<>[\]{}/%]*/y;
const hexDigits = /^[0-9A-Fa-f]$/;

/**
 * Reads a PDF's tokens forwards, strictly: no comments, no generation but 0, nothing deep. `string` holds a byte in each
 * character. A value is a string of its own: equal values are equal strings; references and containers are objects.
 */
class Scanner {
  constructor(string, at) { this.string = string; this.at = at; this.left = mostValues; }
  get done() { return this.at >= this.string.length; }
  match(pattern) { pattern.lastIndex = this.at; const found = pattern.exec(this.string)?.[0] ?? ''; this.at += found.length; return found; }
  skip() { this.match(spaces); }
  take(text) { const here = this.string.startsWith(text, this.at); if (here) this.at += text.length; return here; }
  /** A word of the language, and not the beginning of a longer one. */
  word(text) { this.skip(); if (this.match(regular) !== text) foreign(); }
  /** Up to ten digits, and nothing else. */
  whole() {
    this.skip();
    const digits = this.match(regular);
    if (!/^[0-9]{1,10}$/.test(digits)) foreign();
    return Number(digits);
  }
  value(depth = 0) {
    this.skip();
    if (depth >= deepest || --this.left <= 0 || this.done) foreign();
    switch (this.string[this.at]) {
      case '/': return { name: this.name() };
      case '(': return { string: this.literal() };
      case '[': {
        this.at++;
        const array = [];
        for (;;) {
          this.skip();
          if (this.take(']')) return { array };
          array.push(this.value(depth + 1));
        }
      }
      case '<': return this.take('<<') ? this.entries(depth) : { string: this.hex() };
      default: return this.atom();
    }
  }
  entries(depth) {
    const entries = new Map();
    for (;;) {
      this.skip();
      if (this.take('>>')) return { entries };
      const key = this.name();
      const value = this.value(depth + 1);
      // A second entry of one name is read differently by different programs.
      if (entries.has(key)) foreign();
      entries.set(key, value);
    }
  }
  /** `#2F` is undone, so that names that are the same compare so. All that may be here are short and of ASCII. */
  name() {
    if (!this.take('/')) foreign();
    let name = '';
    const rest = this.match(regular);
    for (let i = 0; i < rest.length; i++) {
      if (rest[i] !== '#') { name += rest[i]; continue; }
      if (!/^[0-9A-Fa-f]{2}$/.test(rest.slice(i + 1, i + 3))) foreign();
      name += String.fromCharCode(parseInt(rest.slice(i + 1, i + 3), 16));
      i += 2;
    }
    return /^[!-~]{1,127}$/.test(name) ? name : foreign();
  }
  /** A number, a reference `12 0 R`, true, false or null. */
  atom() {
    const word = this.match(regular);
    if (['true', 'false', 'null'].includes(word)) return { word };
    if (!/^[-+.0-9]{1,19}$/.test(word)) foreign();
    const after = this.at;
    if (/^(\+?[0-9]+|-0+)$/.test(word)) {
      try {
        if (this.whole() === 0) { this.word('R'); return { reference: Number(word) }; }
      } catch (error) { if (!(error instanceof Foreign)) throw error; }
      this.at = after;
    }
    return { number: word };
  }
  literal() {
    this.at++;
    let out = '';
    for (let open = 1; !this.done;) {
      const letter = this.string[this.at++];
      if (letter === '\\') {
        const octal = /[0-7]{1,3}/y;
        octal.lastIndex = this.at;
        const digits = octal.exec(this.string)?.[0];
        if (digits) { out += String.fromCharCode(parseInt(digits, 8) & 255); this.at += digits.length; continue; }
        if (this.done) foreign();
        const escaped = this.string[this.at++];
        out += { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '' }[escaped] ?? escaped;
        continue;
      }
      if (letter === '(') open++;
      if (letter === ')' && --open === 0) return out;
      out += letter;
    }
    return foreign();
  }
  hex() {
    this.at++;
    let digits = '';
    while (!this.done) {
      const letter = this.string[this.at++];
      if (letter === '>') return (digits.length % 2 ? digits + '0' : digits).replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
      space.lastIndex = this.at - 1;
      if (space.test(this.string)) continue;
      if (!hexDigits.test(letter)) foreign();
      digits += letter;
    }
    return foreign();
  }
}

/** The value as a text that is the same for the same value. */
const spelt = (value) => {
  if (value === undefined) return '';
  if (value.array) return '[' + value.array.map(spelt).join() + ']';
  if (value.entries) return '{' + [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => JSON.stringify(key) + ':' + spelt(one)).join() + '}';
  return JSON.stringify(value);
};
const same = (a, b) => spelt(a) === spelt(b);
const integer = (value) => (/^[-+]?[0-9]+$/.test(value?.number ?? '') ? Number(value.number) : null);
const isString = (value) => value?.string !== undefined;
const onlyKeys = (entries, keys) => [...entries.keys()].every((key) => keys.includes(key));
const reference = (number) => ({ reference: number });

// MARK: What the update may lean on, all of it signed by the issuer, in the one form gemd writes

function signedLayout(string, end) {
  const tail = /trailer\n<< \/Size (\d{1,10}) \/Root (\d{1,10}) 0 R \/Info (\d{1,10}) 0 R \/Prev (\d{1,10}) \/ID \[<([0-9a-f]{32})><\5>\] >>\nstartxref\n(\d{1,10})\n%%EOF\n$/.exec(string.slice(Math.max(0, end - 400), end));
  if (!tail) foreign();
  const [size, root, info, previous, table] = [1, 2, 3, 4, 6].map((i) => Number(tail[i]));
  const id = tail[5].replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
  return { size, root, info, table, id, catalog: objectAt(string, table, root), information: objectAt(string, previous, info) };
}

/** The dictionary of an object that a table of the signed part names. */
function objectAt(string, table, number) {
  const lines = /xref\n|(\d+) (\d+)\n/y;
  lines.lastIndex = table;
  if (lines.exec(string)?.[0] !== 'xref\n') foreign();
  for (let run; (run = lines.exec(string));) {
    const [first, count] = [Number(run[1]), Number(run[2])];
    if (number >= first && number < first + count) {
      const scanner = new Scanner(string, Number(string.substr(lines.lastIndex + 20 * (number - first), 10)));
      if (scanner.whole() !== number || scanner.whole() !== 0) foreign();
      scanner.word('obj');
      return scanner.value().entries ?? foreign();
    }
    lines.lastIndex += 20 * count;
  }
  return foreign();
}

// MARK: What the update is made of

/** The objects of the update, which its table must name one by one. */
function readObjects(string, end, signed) {
  const objects = new Map();
  const scanner = new Scanner(string, end);
  scanner.skip();
  while (!scanner.take('xref')) {
    const offset = scanner.at;
    const number = scanner.whole();
    if (scanner.whole() !== 0 || number === 0 || objects.size >= mostObjects) foreign();
    scanner.word('obj');
    const value = scanner.value();
    const stream = readStream(scanner, value);
    scanner.word('endobj');
    scanner.skip();
    if (objects.has(number)) foreign();
    objects.set(number, { offset, value, stream });
  }
  const table = scanner.at - 4;
  readTable(scanner, objects);
  readTrailer(scanner, signed, Math.max(0, ...objects.keys()));
  scanner.word('startxref');
  if (scanner.whole() !== table) foreign();
  scanner.skip();
  // No more: programs look for the table's place in the last 1,024 bytes, and guess where it is not there.
  if (!scanner.take('%%EOF')) foreign();
  if (!scanner.take('\r\n')) scanner.take('\n');
  if (!scanner.done) foreign();
  return objects;
}

function readStream(scanner, value) {
  scanner.skip();
  if (!scanner.take('stream')) return null;
  const length = integer(value.entries?.get('Length'));
  if (length === null || length < 0 || !(scanner.take('\r\n') || scanner.take('\n')) || length > scanner.string.length - scanner.at) foreign();
  const start = scanner.at;
  scanner.at += length;
  scanner.word('endstream');
  return [start, start + length];
}

/** Lines of 20 bytes (§7.5.4); each names an object of this update, and each object is named. */
function readTable(scanner, objects) {
  const named = new Set();
  scanner.skip();
  while (!scanner.take('trailer')) {
    const [first, count] = [scanner.whole(), scanner.whole()];
    if (count > mostObjects || first > 0x7fffffff) foreign();
    scanner.skip();
    for (let number = first; number < first + count; number++) {
      const start = scanner.at;
      const [offset, generation] = [scanner.whole(), scanner.whole()];
      // The head of the list of free objects may be said again.
      if (number === 0) {
        if (offset !== 0 || generation !== 65535) foreign();
        scanner.word('f');
      } else {
        if (generation !== 0 || objects.get(number)?.offset !== offset || named.has(number)) foreign();
        named.add(number);
        scanner.word('n');
      }
      if (!(scanner.take(' \n') || scanner.take('\r\n') || scanner.take(' \r')) || scanner.at - start !== 20) foreign();
    }
    scanner.skip();
  }
  if (named.size !== objects.size) foreign();
}

function readTrailer(scanner, signed, highest) {
  const trailer = scanner.value().entries ?? foreign();
  if (integer(trailer.get('Size')) !== Math.max(highest + 1, signed.size) || !same(trailer.get('Root'), reference(signed.root))
    || integer(trailer.get('Prev')) !== signed.table || (trailer.has('Info') && !same(trailer.get('Info'), reference(signed.info)))
    || !onlyKeys(trailer, ['Size', 'Root', 'Prev', 'Info', 'ID'])) foreign();
  const id = trailer.get('ID');
  if (id && !(id.array?.length === 2 && id.array[0].string === signed.id && isString(id.array[1]))) foreign();
}

// MARK: What it may say

/** The catalogue as it was signed, and the store; other programs also note which PDF, and which extension of it, that is. */
function compareCatalogue(catalogue, signed) {
  const [now, before] = [new Map(catalogue), new Map(signed)];
  now.delete('DSS');
  if (now.has('Version') && !['1.6', '1.7', '2.0'].includes(now.get('Version').name)) foreign(changedCatalogue);
  now.delete('Version');
  const [extensions, signedExtensions] = [now, before].map((all) => { const found = all.get('Extensions')?.entries ?? new Map(); all.delete('Extensions'); return found; });
  if (!same({ entries: now }, { entries: before })) foreign(changedCatalogue);
  for (const [name, value] of signedExtensions) if (!same(extensions.get(name), value)) foreign(changedCatalogue);
  for (const [name, value] of extensions) {
    if (signedExtensions.has(name)) continue;
    const entries = value.entries ?? new Map();
    if (!['ADBE', 'ESIC', 'ISO_'].includes(name) || integer(entries.get('ExtensionLevel')) === null
      || !onlyKeys(entries, ['Type', 'BaseVersion', 'ExtensionLevel'])) foreign(changedCatalogue);
  }
}

/** Programs write their name and the day into a PDF's information, which no reader shows on the paper. */
function compareInformation(object, signed) {
  if (object.stream || !object.value.entries) foreign();
  const [now, before] = [new Map(object.value.entries), new Map(signed)];
  for (const free of ['ModDate', 'Producer']) {
    if (now.has(free) && !isString(now.get(free))) foreign();
    now.delete(free);
    before.delete(free);
  }
  if (!same({ entries: now }, { entries: before })) foreign('something was added to this paper after it was signed: it changes the paper’s title or author');
}

/**
 * `DSS`: arrays of streams, and for single signatures dictionaries of such. Returns what it leads to. Each object is walked once in
 * each role, however often it is named: else a file of a megabyte asks for billions of steps.
 */
function walkStore(store, objects) {
  const reached = new Set();
  const [lists, signatures] = [new Set(), new Set()];
  const isFirst = (value, walked) => {
    if (value.reference === undefined) return true;
    const first = !walked.has(value.reference);
    walked.add(value.reference);
    return first;
  };
  const resolve = (value) => {
    if (value.reference === undefined) return value;
    const object = objects.get(value.reference);
    if (!object || object.stream) foreign(pointsInside);
    reached.add(value.reference);
    return object.value;
  };
  const stream = (value) => {
    if (value.reference === undefined || !objects.get(value.reference)?.stream) foreign(pointsInside);
    reached.add(value.reference);
  };
  const streams = (value) => { if (isFirst(value, lists)) (resolve(value).array ?? foreign()).forEach(stream); };
  const isType = (value, name) => { if (!same(value, { name })) foreign(); };
  for (const [key, value] of resolve(store).entries ?? foreign()) {
    if (key === 'Type') isType(value, 'DSS');
    else if (['Certs', 'CRLs', 'OCSPs'].includes(key)) streams(value);
    else if (key === 'VRI') {
      for (const one of (resolve(value).entries ?? new Map()).values()) {
        if (!isFirst(one, signatures)) continue;
        for (const [name, inner] of resolve(one).entries ?? new Map()) {
          if (name === 'Type') isType(inner, 'VRI');
          else if (name === 'TU') { if (!isString(inner)) foreign(); } else if (['Cert', 'CRL', 'OCSP'].includes(name)) streams(inner);
          else if (name === 'TS') stream(inner);
          else foreign();
        }
      }
    } else foreign();
  }
  return reached;
}

/** DER and nothing behind it, or what zlib makes of such. */
function checkStream(object, string) {
  const entries = object.value.entries ?? new Map();
  if (!onlyKeys(entries, ['Length', 'Filter'])) foreign();
  const body = string.slice(...object.stream);
  // A program that thinks the file damaged looks for objects in everything, also in here.
  if (body.includes(' obj')) foreign(holdsMore);
  const filter = entries.get('Filter');
  if (filter === undefined) { if (!isOneSequence(body)) foreign(); } else if (!same(filter, { name: 'FlateDecode' }) && !same(filter, { array: [{ name: 'FlateDecode' }] })) foreign();
}

/** One SEQUENCE of DER, from the first byte to the last. */
function isOneSequence(body) {
  if (body.length < 2 || body.charCodeAt(0) !== 0x30) return false;
  let length = body.charCodeAt(1);
  let at = 2;
  if (length > 127) {
    const width = length & 127;
    if (width < 1 || width > 3 || body.length < 2 + width || body.charCodeAt(2) === 0) return false;
    length = 0;
    for (; at < 2 + width; at++) length = length * 256 + body.charCodeAt(at);
    if (length < 128) return false;
  }
  return at + length === body.length;
}

/** What is wrong with the bytes behind `end`, where a paper's signed part ends; null where they are evidence and nothing else. */
export function problemBehind(string, end) {
  try {
    const signed = signedLayout(string, end);
    const objects = readObjects(string, end, signed);
    const root = objects.get(signed.root);
    if (!root?.value.entries || root.stream) foreign();
    compareCatalogue(root.value.entries, signed.catalog);
    const information = objects.get(signed.info);
    if (information) compareInformation(information, signed.information);
    const fresh = new Map([...objects].filter(([number]) => number >= signed.size));
    if (fresh.size + (information ? 2 : 1) !== objects.size) foreign('something was added to this paper after it was signed: it replaces a part of what was signed');
    const store = root.value.entries.get('DSS') ?? foreign();
    if (walkStore(store, fresh).size !== fresh.size) foreign(holdsMore);
    for (const object of fresh.values()) if (object.stream) checkStream(object, string);
    return null;
  } catch (error) {
    if (error instanceof Foreign) return error.message;
    // So deep or so long that this browser gives up: nothing that gemd's verifier would take.
    if (error instanceof RangeError) return other;
    throw error;
  }
}
