// What the browser checks by itself: the QR code, certificate files, papers and the status list.
// Pure: bytes in, findings out. It asks no network and touches no page; node's tests read the same file.
// Each format has one spelling here; whatever else is refused, never repaired.

import { problemBehind } from './evidence.js';
import { isLogged } from './log.js';

/** What is wrong, in words for people; `outcome` is the verdict that follows from it. */
export class Refusal extends Error {
  constructor(words, outcome = 'notGenuine') { super(words); this.outcome = outcome; }
}
const refuse = (words) => { throw new Refusal(words); };
const cannotTell = (words) => { throw new Refusal(words, 'cannotTell'); };

const subtle = globalThis.crypto.subtle;
const utf8 = new TextEncoder();
const text = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
export const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (string) => Uint8Array.from(string.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const sha256 = async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes));
const join = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};

/** Base64 with either alphabet; null when it is none. */
export function base64(string) {
  if (typeof string !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(string)) return null;
  try { return Uint8Array.from(atob(string.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)); } catch { return null; }
}

// MARK: ECDSA P-256

/** `signature` is 64 bytes r‖s, `point` the key's 65 bytes. */
async function p256Verifies(point, signature, message) {
  let key;
  try { key = await subtle.importKey('raw', point, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']); } catch { return false; }
  return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, message);
}

// MARK: CBOR (RFC 8949), its core deterministic form

class Tagged { constructor(tag, value) { this.tag = tag; this.value = value; } }

/** Reads one item and nothing after it. Definite shortest lengths, no duplicate keys, no floats, depth ≤ 8. */
export function cbor(bytes) {
  let at = 0;
  const bad = () => refuse('the code is damaged');
  const take = (count) => {
    if (count > bytes.length - at) bad();
    at += count;
    return bytes.subarray(at - count, at);
  };
  const argument = (info) => {
    if (info < 24) return info;
    if (info > 27) bad();
    const width = 1 << (info - 24);
    const value = take(width).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value > Number.MAX_SAFE_INTEGER) bad();
    // A number that would have fitted a shorter head is another spelling.
    if (value < (width === 1 ? 24 : 2 ** (4 * width))) bad();
    return value;
  };
  const item = (depth) => {
    if (depth > 8) bad();
    const head = take(1)[0];
    const major = head >> 5;
    if (major === 7) {
      if (head === 0xf4) return false;
      if (head === 0xf5) return true;
      if (head === 0xf6) return null;
      bad();
    }
    const value = argument(head & 31);
    switch (major) {
      case 0: return value;
      case 1: return -1 - value;
      case 2: return take(value);
      case 3: try { return text(take(value)); } catch { return bad(); }
      case 4: {
        if (value > bytes.length) bad();
        const list = [];
        for (let i = 0; i < value; i++) list.push(item(depth + 1));
        return list;
      }
      case 5: {
        if (value > bytes.length) bad();
        const map = new Map();
        for (let i = 0; i < value; i++) {
          const key = item(depth + 1);
          if ((typeof key !== 'number' && typeof key !== 'string') || map.has(key)) bad();
          map.set(key, item(depth + 1));
        }
        return map;
      }
      default: return new Tagged(value, item(depth + 1));
    }
  };
  const value = item(0);
  if (at !== bytes.length) bad();
  return value;
}

const cborBytes = (bytes) => {
  const n = bytes.length;
  return join(Uint8Array.from(n < 24 ? [0x40 | n] : n < 256 ? [0x58, n] : [0x59, n >> 8, n & 255]), bytes);
};

// MARK: The QR code (certificate.md, "QR")

/** The bytes of a link's fragment, `0x01 ‖ COSE` as decimal digits; null when the fragment is no code at all. */
export function codeOfFragment(fragment) {
  let digits = fragment.replace(/^#/, '');
  // Messengers may encode or lengthen a link; the digits themselves need no encoding.
  try { digits = decodeURIComponent(digits); } catch { refuse('the code is damaged'); }
  digits = digits.trim();
  if (!/^[0-9]/.test(digits)) return null;
  if (!/^[1-9][0-9]{1,2999}$/.test(digits)) refuse('the code is damaged');
  const bytes = [];
  const whole = BigInt(digits).toString(16);
  for (const pair of (whole.length % 2 ? '0' + whole : whole).match(/../g)) bytes.push(parseInt(pair, 16));
  if (bytes[0] !== 1) refuse('the code is damaged');
  return Uint8Array.from(bytes.slice(1));
}

export const classes = [null, 'declaration', 'examination', 'check', 'external'];

/**
 * Verifies a COSE_Sign1 under one of the issuer's keys; says what it signs. Where it says `isInOtherHands` a thief may have signed that.
 * `keys` maps a key id in hexadecimal to `{point, notBefore, notAfter}`, all of them proven to belong to the root.
 */
export async function readCode(bytes, keys) {
  const outer = cbor(bytes);
  if (!(outer instanceof Tagged) || outer.tag !== 18 || !Array.isArray(outer.value) || outer.value.length !== 4) refuse('the code is damaged');
  const [head, unprotected, payload, signature] = outer.value;
  if (!(head instanceof Uint8Array) || !(unprotected instanceof Map) || !(payload instanceof Uint8Array) || !(signature instanceof Uint8Array)) refuse('the code is damaged');
  const header = cbor(head);
  if (!(header instanceof Map) || header.size !== 2 || unprotected.size !== 0 || header.get(1) !== -7 || signature.length !== 64) {
    refuse('the code is not signed in the way gemd signs');
  }
  const kid = header.get(4);
  if (!(kid instanceof Uint8Array) || kid.length !== 8) refuse('the code is not signed in the way gemd signs');
  const key = keys.get(hex(kid));
  if (!key) refuse('the code is signed with a key that is not the issuer’s');
  const signed = join(Uint8Array.from([0x84, 0x6a]), utf8.encode('Signature1'), cborBytes(head), Uint8Array.from([0x40]), cborBytes(payload));
  if (!(await p256Verifies(key.point, signature, signed))) refuse('the code was changed, or the issuer did not sign it');

  const claims = cbor(payload);
  const gem = claims instanceof Map ? claims.get(-65537) : null;
  if (!(gem instanceof Map)) refuse('the code says nothing about a certificate');
  const [issuer, issuedAt] = [claims.get(1), claims.get(6)];
  const [number, kind, species, variety, weight, sides, hash] = [1, 2, 3, 4, 5, 6, 7].map((name) => gem.get(name));
  const isText = (value) => value === undefined || typeof value === 'string';
  const isCount = (value) => value === undefined || (Number.isSafeInteger(value) && value >= 0);
  if (typeof number !== 'string' || !isCount(issuedAt) || !isText(issuer) || !classes[kind] || !isText(species) || !isText(variety) || !isCount(weight)
    || !(sides === undefined || (Array.isArray(sides) && sides.length <= 3 && sides.every((side) => side !== undefined && isCount(side))))
    || !(hash instanceof Uint8Array) || hash.length !== 32) refuse('the code says nothing about a certificate');
  if (issuedAt < key.usedFrom || issuedAt > key.usedUntil) refuse('the code was signed outside the time its key is good for');
  if (issuedAt > Date.now() / 1000 + 300) cannotTell('by this device’s clock the code was signed in the future');
  // A code has no time but the one it tells: a key that was taken back, whenever, has made nothing that counts.
  if (key.takenBack && key.takenBack.at <= issuedAt) refuse('the code’s key was taken back before the code was signed');
  return { issuer, issuedAt, number, class: classes[kind], species, variety, weight, sides: sides ?? [], sha256: hex(hash), isInOtherHands: Boolean(key.takenBack) };
}

// MARK: DER

const tag = { integer: 2, bits: 3, octets: 4, oid: 6, utcTime: 0x17, time: 0x18, sequence: 0x30, set: 0x31 };

class DER {
  constructor(bytes, at = 0, end = bytes.length) { this.bytes = bytes; this.at = at; this.end = end; }
  get done() { return this.at >= this.end; }
  get peek() { return this.done ? -1 : this.bytes[this.at]; }

  /** The next element: `{tag, whole, body, inside()}`. `wanted` may be left out. */
  next(wanted) {
    const bad = () => refuse('the signature file is damaged');
    const { bytes } = this;
    const start = this.at;
    if (this.end - start < 2) bad();
    const found = bytes[start];
    if ((found & 31) === 31 || (wanted !== undefined && found !== wanted)) bad();
    let length = bytes[start + 1];
    let at = start + 2;
    if (length > 127) {
      const width = length & 127;
      if (width < 1 || width > 3 || this.end - at < width || bytes[at] === 0) bad();
      length = 0;
      for (let i = 0; i < width; i++) length = length * 256 + bytes[at++];
      if (length < 128) bad();
    }
    if (length > this.end - at) bad();
    this.at = at + length;
    return { tag: found, whole: bytes.subarray(start, this.at), body: bytes.subarray(at, this.at), inside: () => new DER(bytes, at, at + length) };
  }
  inside(wanted) { return this.next(wanted).inside(); }
  close() { if (!this.done) refuse('the signature file is damaged'); }
  list(wanted) { const all = []; while (!this.done) all.push(this.next(wanted)); return all; }
}

/** The inside of the one SEQUENCE that the bytes are. */
function sequence(der) {
  const file = new DER(der);
  const inside = file.inside(tag.sequence);
  file.close();
  return inside;
}

const oids = {
  data: '2a864886f70d010701', signedData: '2a864886f70d010702', contentType: '2a864886f70d010903', messageDigest: '2a864886f70d010904',
  signingTime: '2a864886f70d010905', signingCertificateV2: '2a864886f70d010910022f', timeStampToken: '2a864886f70d010910020e',
  tstInfo: '2a864886f70d0109100104', ecdsaSHA256: '2a8648ce3d040302', sha256: '608648016503040201',
  basicConstraints: '551d13', keyUsage: '551d0f', extendedKeyUsage: '551d25', keyPeriod: '551d10', reason: '551d15',
  emailProtection: '2b06010505070304', documentSigning: '2b06010505070324', timeStamping: '2b06010505070308',
};
const p256Head = unhex('3059301306072a8648ce3d020106082a8648ce3d030107034200');

/** An algorithm's object identifier; its parameters must be absent or NULL. */
function algorithm(reader) {
  const inside = reader.inside(tag.sequence);
  const oid = hex(inside.next(tag.oid).body);
  if (!inside.done) { if (inside.next(5).body.length) refuse('the signature file is damaged'); inside.close(); }
  return oid;
}

/** The 64 bytes r‖s of an ECDSA signature in DER. */
export function rawSignature(der) {
  const inside = sequence(der);
  const raw = new Uint8Array(64);
  for (const end of [32, 64]) {
    let { body } = inside.next(tag.integer);
    if (!body.length || body[0] > 127 || (body[0] === 0 && (body.length === 1 || body[1] < 128))) refuse('the signature is false');
    if (body[0] === 0) body = body.subarray(1);
    if (body.length > 32) refuse('the signature is false');
    raw.set(body, end - body.length);
  }
  inside.close();
  return raw;
}

/** Seconds since 1970. */
function seconds(node) {
  const digits = latin(node.body);
  const match = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(digits);
  if (!match || (match[1] === undefined) !== (node.tag === tag.utcTime) || (node.tag !== tag.utcTime && node.tag !== tag.time && (node.tag & 0xc0) !== 0x80)) {
    refuse('the signature file is damaged');
  }
  const year = match[1] === undefined ? (Number(match[2]) < 50 ? 2000 : 1900) + Number(match[2]) : Number(match[1] + match[2]);
  return Date.UTC(year, match[3] - 1, match[4], match[5], match[6], match[7]) / 1000;
}

/** What an authority signs and its signature, by P-256 and SHA-256 (RFC 5280 §4.1 and §5.1): `{inside, signed, signature}`. */
function underSignature(der) {
  const outer = sequence(der);
  const body = outer.next(tag.sequence);
  if (algorithm(outer) !== oids.ecdsaSHA256) refuse('a certificate in the file is of a kind gemd never uses');
  const bits = outer.next(tag.bits).body;
  outer.close();
  if (bits[0] !== 0) refuse('the signature file is damaged');
  return { inside: body.inside(), signed: body.whole, signature: bits.subarray(1) };
}

/** One X.509 certificate of P-256 and SHA-256, the only kind gemd's keys have. */
export function certificate(der) {
  const { inside, signed, signature } = underSignature(der);
  if (hex(inside.next(0xa0).body) !== '020102') refuse('the signature file is damaged');
  const serial = inside.next(tag.integer).whole;
  if (algorithm(inside) !== oids.ecdsaSHA256) refuse('the signature file is damaged');
  const issuer = inside.next(tag.sequence).whole;
  const validity = inside.inside(tag.sequence);
  const [notBefore, notAfter] = [seconds(validity.next()), seconds(validity.next())];
  validity.close();
  const subject = inside.next(tag.sequence).whole;
  const key = inside.next(tag.sequence).whole;
  if (key.length !== 91 || !equal(key.subarray(0, p256Head.length), p256Head)) refuse('a certificate in the file is of a kind gemd never uses');
  const outerExtensions = inside.inside(0xa3);
  inside.close();
  const extensions = new Map();
  for (const one of outerExtensions.inside(tag.sequence).list(tag.sequence)) {
    const parts = one.inside();
    const oid = hex(parts.next(tag.oid).body);
    const isCritical = parts.peek === 1 ? parts.next(1).body[0] === 0xff : false;
    const value = parts.next(tag.octets).body;
    parts.close();
    if (extensions.has(oid)) refuse('the signature file is damaged');
    if (isCritical && ![oids.basicConstraints, oids.keyUsage, oids.extendedKeyUsage].includes(oid)) refuse('a certificate in the file is of a kind gemd never uses');
    extensions.set(oid, { isCritical, value });
  }
  outerExtensions.close();
  const value = (oid) => extensions.get(oid)?.value;
  let isAuthority = false;
  if (value(oids.basicConstraints)) {
    const parts = new DER(value(oids.basicConstraints)).inside(tag.sequence);
    isAuthority = parts.peek === 1 && parts.next(1).body[0] === 0xff;
  }
  const usage = value(oids.keyUsage) ? new DER(value(oids.keyUsage)).next(tag.bits).body[1] ?? 0 : 0;
  const purposes = value(oids.extendedKeyUsage) ? new DER(value(oids.extendedKeyUsage)).inside(tag.sequence).list(tag.oid).map((oid) => hex(oid.body)).sort() : [];
  let [usedFrom, usedUntil] = [notBefore, notAfter];
  if (value(oids.keyPeriod)) {
    for (const end of new DER(value(oids.keyPeriod)).inside(tag.sequence).list()) {
      if (end.tag === 0x80) usedFrom = seconds(end); else if (end.tag === 0x81) usedUntil = seconds(end); else refuse('the signature file is damaged');
    }
  }
  return {
    der, serial, issuer, subject, key, point: key.subarray(p256Head.length), notBefore, notAfter, usedFrom, usedUntil, isAuthority, usage, purposes,
    purposesCritical: extensions.get(oids.extendedKeyUsage)?.isCritical ?? false, signed, signature,
  };
}

/** A revocation list: whose it is, and which serial numbers it takes back, when and why. Its signature is for who uses it. */
function revocationList(der) {
  const { inside, signed, signature } = underSignature(der);
  if (inside.peek === tag.integer) inside.next();
  algorithm(inside);
  const issuer = inside.next(tag.sequence).whole;
  while ([tag.utcTime, tag.time].includes(inside.peek)) inside.next();
  const entries = new Map();
  if (inside.peek === tag.sequence) {
    for (const one of inside.inside(tag.sequence).list(tag.sequence)) {
      const parts = one.inside();
      const serial = hex(parts.next(tag.integer).whole);
      const at = seconds(parts.next());
      let why = 0;
      if (!parts.done) {
        for (const extension of parts.inside(tag.sequence).list(tag.sequence)) {
          const fields = extension.inside();
          const oid = hex(fields.next(tag.oid).body);
          if (fields.peek === 1) fields.next();
          if (oid === oids.reason) why = new DER(fields.next(tag.octets).body).next(10).body.at(-1) ?? 0;
        }
      }
      // affiliationChanged, superseded, cessationOfOperation: the key was never in other hands.
      entries.set(serial, { at, inOtherHands: !(why >= 3 && why <= 5) });
    }
  }
  return { issuer, entries, signed, signature };
}

/** When a certificate was taken back by the authority above it, by lists (DER) of that authority; null when it was not. */
async function takenBack(leaf, issuing, lists) {
  for (const der of lists) {
    const list = revocationList(der);
    const found = list.entries.get(hex(leaf.serial));
    if (found && equal(list.issuer, issuing.subject) && await p256Verifies(issuing.point, rawSignature(list.signature), list.signed)) return found;
  }
  return null;
}

const isSignedBy = (child, parent) => equal(child.issuer, parent.subject) && parent.isAuthority && (parent.usage & 4) !== 0
  && p256Verifies(parent.point, rawSignature(child.signature), child.signed);

/** Proves leaf → issuing authority → `root` (DER) and that all three were valid at `time`; says which authority it was. */
export async function proveChain(leaf, others, rootDER, time) {
  const root = certificate(rootDER);
  for (const issuing of others) {
    if (!(await isSignedBy(leaf, issuing)) || !(await isSignedBy(issuing, root))) continue;
    for (const one of [leaf, issuing, root]) {
      if (time < one.notBefore || time > one.notAfter) refuse('it says a time at which its signing certificate was not valid');
    }
    return issuing;
  }
  refuse('it was not signed under the issuer’s root key');
}

/** The keys of a key set (RFC 7517) that belong to the root; the map that `readCode` takes. `lists` are revocation lists (DER). */
export async function provenKeys(keySet, rootDER, lists = []) {
  const keys = new Map();
  for (const one of keySet?.keys ?? []) {
    const [der, issuing] = (one.x5c ?? []).map(base64);
    if (!der || !issuing) continue;
    try {
      const leaf = certificate(der);
      leaf.takenBack = await takenBack(leaf, await proveChain(leaf, [certificate(issuing)], rootDER, leaf.notBefore), lists);
      const kid = hex((await sha256(leaf.key)).subarray(0, 8));
      if (!leaf.isAuthority && base64(one.kid) && hex(base64(one.kid)) === kid) keys.set(kid, leaf);
    } catch (error) { if (!(error instanceof Refusal)) throw error; }
  }
  return keys;
}

// MARK: CMS (RFC 5652) and time stamps (RFC 3161)

/** A SignedData with one signer. `content` is null when it is detached. */
function signedData(der) {
  const info = sequence(der);
  if (hex(info.next(tag.oid).body) !== oids.signedData) refuse('this is no signature file of a certificate');
  const wrapper = info.inside(0xa0);
  info.close();
  const data = wrapper.inside(tag.sequence);
  wrapper.close();
  data.next(tag.integer);
  data.next(tag.set);
  const encapsulated = data.inside(tag.sequence);
  const type = hex(encapsulated.next(tag.oid).body);
  let content = null;
  if (!encapsulated.done) content = encapsulated.inside(0xa0).next(tag.octets).body;
  encapsulated.close();
  const certificates = data.peek === 0xa0 ? data.inside(0xa0).list(tag.sequence).map((one) => certificate(one.whole)) : [];
  const signers = data.inside(tag.set).list(tag.sequence);
  data.close();
  if (signers.length !== 1) refuse('the signature file has more than one signature');

  const signer = signers[0].inside();
  signer.next(tag.integer);
  const name = signer.inside(tag.sequence);
  const [issuer, serial] = [name.next(tag.sequence).whole, name.next(tag.integer).whole];
  name.close();
  if (algorithm(signer) !== oids.sha256) refuse('it is not signed in the way gemd signs');
  const attributes = signer.next(0xa0);
  if (algorithm(signer) !== oids.ecdsaSHA256) refuse('it is not signed in the way gemd signs');
  const signature = signer.next(tag.octets).body;
  const unsigned = signer.done ? new Map() : attributeMap(signer.inside(0xa1));
  signer.close();
  const leaf = certificates.find((one) => equal(one.issuer, issuer) && equal(one.serial, serial));
  if (!leaf) refuse('the signer’s certificate is not in the signature file');
  const signed = Uint8Array.from(attributes.whole);
  signed[0] = tag.set;
  return { type, content, certificates, leaf, signed, signature, attributes: attributeMap(attributes.inside()), unsigned };
}

function attributeMap(reader) {
  const map = new Map();
  for (const one of reader.list(tag.sequence)) {
    const parts = one.inside();
    const oid = hex(parts.next(tag.oid).body);
    const values = parts.inside(tag.set).list();
    parts.close();
    if (values.length !== 1 || map.has(oid)) refuse('the signature file is damaged');
    map.set(oid, values[0]);
  }
  return map;
}

/** That a SignedData signs bytes of this SHA-256, by the certificate it names. */
async function checkSigned(data, type, digest) {
  const attributes = data.attributes;
  const required = [oids.contentType, oids.messageDigest, oids.signingCertificateV2];
  const known = [...required, oids.signingTime];
  if (!required.every((oid) => attributes.has(oid)) || ![...attributes.keys()].every((oid) => known.includes(oid))) refuse('it is not signed in the way gemd signs');
  if (data.type !== type || hex(attributes.get(oids.contentType).body) !== type) refuse('it is not signed in the way gemd signs');
  if (!equal(attributes.get(oids.messageDigest).body, digest)) refuse('this file was changed after signing: its contents are not those that were signed');
  if (!(await p256Verifies(data.leaf.point, rawSignature(data.signature), data.signed))) refuse('the signature is false: the key it names did not make it');
  const named = attributes.get(oids.signingCertificateV2).inside().inside(tag.sequence).inside(tag.sequence);
  if (named.peek === tag.sequence && algorithm(named) !== oids.sha256) refuse('it is not signed in the way gemd signs');
  if (!equal(named.next(tag.octets).body, await sha256(data.leaf.der))) refuse('the signer’s certificate was exchanged after signing');
}

/** The time a token gives to a signature, in seconds, proven up to the root; and who made the token, under which authority. */
async function tokenTime(der, signature, rootDER) {
  const token = signedData(der);
  if (!token.content) refuse('its time stamp is damaged');
  await checkSigned(token, oids.tstInfo, await sha256(token.content));
  const info = new DER(token.content).inside(tag.sequence);
  info.next(tag.integer);
  info.next(tag.oid);
  const imprint = info.inside(tag.sequence);
  if (algorithm(imprint) !== oids.sha256 || !equal(imprint.next(tag.octets).body, await sha256(signature))) refuse('its time stamp is of another signature');
  info.next(tag.integer);
  const time = seconds(info.next(tag.time));
  const { leaf } = token;
  if (time < leaf.usedFrom || time > leaf.usedUntil) refuse('its time stamp says a time at which its key was not in use');
  if (leaf.isAuthority || !leaf.purposesCritical || leaf.purposes.join() !== oids.timeStamping) refuse('its time stamp was not made by a time-stamping key');
  const issuing = await proveChain(leaf, token.certificates.filter((one) => one !== leaf), rootDER, time);
  return { time, leaf, issuing };
}

// MARK: Certificates' files

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Whether a number's check character fits (ISO 7064 MOD 37,36); any spelling. Null when it is no number at all. */
export function numberFits(typed) {
  const number = typed.toUpperCase().replace(/[\s\u00a0\u2010-\u2015-]/g, '');
  if (!/^[0-9A-Z]{2,12}\d\d[DECX]\d{6,12}[0-9A-HJKMNP-TV-Z]{5}$/.test(number)) return null;
  let product = 36;
  for (const character of number.slice(0, -1)) {
    const sum = (product + alphabet.indexOf(character)) % 36;
    product = ((sum === 0 ? 36 : sum) * 2) % 37;
  }
  return alphabet[(37 - product) % 36] === number.at(-1);
}

/** Canonical JSON (RFC 8785); ECMAScript's own writing of numbers and strings is the one it asks for. */
function canonical(value) {
  if (Array.isArray(value)) return '[' + value.map(canonical).join() + ']';
  if (value && typeof value === 'object') return '{' + Object.keys(value).sort().map((key) => JSON.stringify(key) + ':' + canonical(value[key])).join() + '}';
  return JSON.stringify(value);
}

const depth = (value) => (value && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0);

/** The statement in the bytes of `NUMBER.json`, in the one spelling it may have. */
export function statement(bytes) {
  if (bytes.length > 65536) refuse('this is no certificate of gemd');
  let string; let value;
  try { string = text(bytes); value = JSON.parse(string); } catch { refuse('this is no certificate of gemd'); }
  if (!value || value['@type'] !== 'gemd/certificate/1') refuse('this is no certificate of gemd');
  let again = null;
  try { if (depth(value) <= 16) again = canonical(value); } catch { /* too deep to write again */ }
  if (again !== string || string.normalize('NFC') !== string) refuse('the certificate was not written by gemd: it is not in its one spelling');
  const letter = { declaration: 'D', examination: 'E', check: 'C', external: 'X' }[value.class];
  if (typeof value.number !== 'string' || !letter || numberFits(value.number) !== true || !value.number.includes(letter + '-')) refuse('the certificate’s number does not fit');
  if (value.timestamp !== (['examination', 'check'].includes(value.class) ? 'required' : 'none')) refuse('the certificate says a wrong kind of time stamp');
  return value;
}

/**
 * Checks `NUMBER.json` with its signature file under the pinned root.
 * A check of these files alone: what became of the certificate since is the status list's matter.
 * `more` is what is known besides: `usesOutside` (an outside authority stamps), `lists` (revocation lists, DER), `proof` (of the log, the
 * file's bytes) and `logs` (`{origin, vkey}`, of keys.json).
 */
export async function checkFiles(json, p7s, rootDER, more = {}) {
  const said = statement(json);
  if (!p7s) cannotTell('the signature file (.p7s) is missing: choose it together with the .json file');
  const data = signedData(p7s);
  if (data.content) refuse('the signature file holds other contents');
  await checkSigned(data, oids.data, await sha256(json));
  const time = Date.parse(said.issuedAt) / 1000;
  if (!Number.isFinite(time)) refuse('the certificate’s time of issue cannot be read');
  const issuing = await checkSigner(data, time, rootDER);
  if (!data.attributes.has(oids.signingTime)) refuse('it is not signed in the way gemd signs');
  if (seconds(data.attributes.get(oids.signingTime)) !== Math.floor(time)) refuse('the certificate and its signature give different times of issue');
  const stamp = await checkToken(data, said, rootDER, more.usesOutside);
  if (stamp && stamp.time < time - 60) refuse('its time stamp is of another time than the certificate');
  // The authority that stamps may be in use long after the key that it stamped.
  if (stamp) await checkSigner(data, stamp.time, rootDER);
  if (Math.max(time, stamp?.time ?? time) > Date.now() / 1000 + 300) cannotTell('by this device’s clock the certificate was issued in the future');
  if (await isInOtherHands(data.leaf, issuing, time, stamp, more.lists ?? [])) {
    if (!more.proof) cannotTell('its signing key was taken back since: choose the proof of the public log (.tlog-proof) too, which shows that it was signed before');
    if (!(await isLogged(said, json, more.proof, more.logs))) cannotTell('its signing key was taken back since, and this page cannot follow the proof of the public log: use gemctl verify');
  }
  return said;
}

/** Whether a thief could have signed this: its key was taken back since, and no stamp of a key that nobody stole shows that it is older. */
async function isInOtherHands(leaf, issuing, time, stamp, lists) {
  const [ofSigner, ofStamp] = [await takenBack(leaf, issuing, lists), stamp ? await takenBack(stamp.leaf, stamp.issuing, lists) : null];
  if (ofSigner && ofSigner.at <= (stamp?.time ?? time)) refuse('its signing key was taken back before it was signed');
  if (ofStamp && ofStamp.at <= stamp.time) refuse('its time stamp was made with a key that was taken back');
  return stamp ? ofStamp?.inOtherHands ?? false : Boolean(ofSigner);
}

/** That a signer may sign certificates, and could at `time`; says under which authority. */
async function checkSigner(data, time, rootDER) {
  const { leaf } = data;
  if (leaf.isAuthority || leaf.usage !== 0xc0 || leaf.purposes.join() !== [oids.emailProtection, oids.documentSigning].sort().join()) {
    refuse('the signing key was not made for signing certificates');
  }
  const issuing = await proveChain(leaf, data.certificates.filter((one) => one !== leaf), rootDER, time);
  if (time < leaf.usedFrom || time > leaf.usedUntil) refuse('it says a time at which its signing key was not in use');
  return issuing;
}

/** The time stamp, which the class of the certificate needs or must not have; null where there is none. */
async function checkToken(data, said, rootDER, usesOutside) {
  const token = data.unsigned.get(oids.timeStampToken);
  if (data.unsigned.size !== (token ? 1 : 0)) refuse('the signature file carries something gemd never puts there');
  if (said.timestamp === 'required') {
    if (!token) refuse('its time stamp was taken away');
    return tokenTime(token.whole, data.signature, rootDER).catch((error) => {
      // Such an authority's keys are of other kinds, which a browser has no part in.
      if (error instanceof Refusal && usesOutside) cannotTell('its time stamp is of an outside authority, which this page cannot check: use gemctl verify --tsa-root');
      throw error;
    });
  }
  if (token) refuse('it has a time stamp, which certificates of its class never have');
  return null;
}

// MARK: Papers (PDF)

const latin = (bytes) => { let out = ''; for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192)); return out; };

async function inflate(bytes, limit) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return join(...parts);
    size += value.length;
    if (size > limit) { await reader.cancel(); refuse('the paper’s attachments are too large'); }
    parts.push(value);
  }
}

/** The files attached to a PDF, by name, as gemd attaches them. */
async function attachments(bytes, string) {
  const files = new Map();
  for (const match of string.matchAll(/\/Type\s*\/Filespec\b([^]{0,600}?)\/EF\s*<<\s*\/F\s+(\d+)\s+0\s+R/g)) {
    const name = /\/F\s*\(([^()\\]{1,80})\)/.exec(match[1])?.[1];
    const objects = [...string.matchAll(new RegExp(`(?:^|[\\r\\n])${match[2]} 0 obj\\s*<<([^]{0,600}?)>>\\s*stream\\r?\\n`, 'g'))];
    // An attachment that was written twice was replaced.
    if (!name || objects.length !== 1 || files.has(name)) refuse('the paper’s attachments were exchanged');
    const length = Number(/\/Length\s+(\d+)\b(?!\s+\d+\s+R)/.exec(objects[0][1])?.[1]);
    const start = objects[0].index + objects[0][0].length;
    if (!(length <= bytes.length - start) || length > 1 << 20) refuse('the paper’s attachments are damaged');
    const body = bytes.subarray(start, start + length);
    files.set(name, /\/FlateDecode\b/.test(objects[0][1]) ? await inflate(body, 1 << 20).catch(() => refuse('the paper’s attachments are damaged')) : body);
  }
  return files;
}

/** When a paper says that it was made, in seconds; `place` is where its signature says what it covers. */
function dayOfPaper(string, place) {
  const found = /\/M \(D:(\d{14}Z)\)/.exec(string.slice(Math.max(0, place - 600), place));
  if (!found) refuse('the paper’s signature is damaged');
  return seconds({ tag: tag.time, body: utf8.encode(found[1]) });
}

/** Checks a signed paper: one signature over the whole of it, evidence for later behind it or nothing, and the certificate attached to it. */
export async function checkPaper(bytes, rootDER, more = {}) {
  if (bytes.length > 16 << 20) refuse('the file is too large to be a paper of gemd');
  const string = latin(bytes);
  if (!string.startsWith('%PDF-')) refuse('this is no PDF');
  const ranges = [...string.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)];
  if (ranges.length === 0) refuse('this paper is not signed');
  if (ranges.length > 1) refuse('this paper was signed again or changed after it was issued');
  const [from, hole, after, rest] = ranges[0].slice(1).map(Number);
  const contents = string.slice(hole, Math.min(after, hole + 2 * 8192 + 2));
  // The hole is never larger; thousands of millions of digits are not looked at.
  if (from !== 0 || after <= hole || after - hole > 2 * 8192 + 2 || after + rest > bytes.length || !/^<[0-9A-Fa-f]+>$/.test(contents)
    || !/\/Contents\s*$/.test(string.slice(Math.max(0, hole - 40), hole))) refuse('the paper’s signature does not cover the whole of it');
  const end = after + rest;
  if (string.includes('/ByteRange', end)) refuse('this paper was signed again or changed after it was issued');
  if (end !== bytes.length) {
    const problem = problemBehind(string, end);
    if (problem) throw new Refusal(problem);
  }
  const padded = unhex(contents.slice(1, -1));
  const reader = new DER(padded);
  const der = reader.next(tag.sequence).whole;
  if (padded.subarray(der.length).some((byte) => byte !== 0)) refuse('the paper’s signature is damaged');
  const data = signedData(der);
  if (data.content) refuse('the paper’s signature is damaged');
  await checkSigned(data, oids.data, await sha256(join(bytes.subarray(0, hole), bytes.subarray(after, end))));

  const files = await attachments(bytes.subarray(0, end), string.slice(0, end));
  const json = files.get('certificate.json');
  if (!json) refuse('no certificate is attached to this paper');
  const said = await checkFiles(json, files.get('certificate.json.p7s'), rootDER, { ...more, proof: files.get('certificate.tlog-proof') });
  // A paper may be made long after the certificate, never before it.
  const stamp = await checkToken(data, said, rootDER, false);
  const made = stamp?.time ?? dayOfPaper(string, ranges[0].index);
  const issuing = await checkSigner(data, made, rootDER);
  if (made < Date.parse(said.issuedAt) / 1000 - 60) refuse('the paper says that it was signed on a day that cannot be');
  // What is certified is proven by itself; what is drawn around it may then be a thief's.
  const lists = more.lists ?? [];
  const isPrintUnproven = await isInOtherHands(data.leaf, issuing, made, stamp, lists) && (await takenBack(data.leaf, issuing, lists))?.inOtherHands === true;
  if (made > Date.now() / 1000 + 300) cannotTell('by this device’s clock the paper was signed in the future');
  return { said, json, files, isPrintUnproven };
}

// MARK: The status list

/** Of an address, also of a path alone; null when it is none. */
const path = (address) => { try { return new URL(address, 'https://here.invalid').pathname; } catch { return null; } };
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * What the signed Token Status List of an address says of one place in it: `{value, issuedAt, expiresAt}`. Of the address only the path
 * counts: a proxy may serve the page under another name.
 */
export async function readStatusList(token, address, index, keySet, rootDER, lists = []) {
  let head; let claims;
  const parts = text(token).trim().split('.');
  try { [head, claims] = parts.slice(0, 2).map((part) => JSON.parse(text(base64(part)))); } catch { refuse('the status list is damaged'); }
  if (parts.length !== 3 || !isObject(head) || !isObject(claims) || head.alg !== 'ES256' || head.typ !== 'statuslist+jwt') refuse('the status list is not signed in the way gemd signs');
  const keys = await provenKeys(keySet, rootDER, lists);
  const kid = base64(head.kid);
  const key = kid && keys.get(hex(kid));
  const signature = base64(parts[2]);
  if (!key || signature?.length !== 64 || !(await p256Verifies(key.point, signature, utf8.encode(parts[0] + '.' + parts[1])))) {
    refuse('the status list is not signed by the issuer');
  }
  // A stolen key could call everything valid again.
  if (key.takenBack) refuse('the key of the status list was taken back');
  const { bits, lst } = claims.status_list ?? {};
  const { iat, exp, sub } = claims;
  if (bits !== 4 || !Number.isSafeInteger(iat) || !Number.isSafeInteger(exp) || iat < 0 || exp <= iat || exp >= 2 ** 40 || !Number.isSafeInteger(index) || index < 0) refuse('the status list is damaged');
  if (path(sub) === null || path(sub) !== path(address)) refuse('the status list is another one than the certificate names');
  if (iat < key.usedFrom || iat > key.usedUntil) refuse('the status list was signed when its key was not in use');
  if (iat > Date.now() / 1000 + 300) refuse('by this device’s clock the status list is from the future');
  const list = await inflate(base64(lst) ?? new Uint8Array(), 16 << 20).catch(() => refuse('the status list is damaged'));
  if (index >= list.length * 2) refuse('the status list ends before this certificate');
  return { value: (list[index >> 1] >> ((index & 1) * 4)) & 15, issuedAt: iat, expiresAt: exp };
}
