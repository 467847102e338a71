// The proof that a certificate is in the public log (C2SP tlog-proof; certificate.md, "The log"), folded in the browser.
import { base64, equal, hex, sha256 } from './check.js';

const longest = 65536;
const bytes = (text) => new TextEncoder().encode(text);
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const half = (number) => Math.floor(number / 2);
const whole = (text) => (/^(0|[1-9]\d{0,14})$/.test(text ?? '') ? Number(text) : NaN);
const hash32 = (text) => { const found = base64(text); return found?.length === 32 ? found : null; };

/** RFC 9162 §2.1.3.2: whether the hashes lead from the leaf to the root. */
async function leadsTo(root, leaf, index, size, hashes) {
  if (!(index < size)) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const next of hashes) {
    if (last === 0) return false;
    const isRight = place % 2 === 1 || place === last;
    hash = await sha256(isRight ? join([1], next, hash) : join([1], hash, next));
    if (isRight) while (place % 2 === 0 && place !== 0) { place = half(place); last = half(last); }
    place = half(place);
    last = half(last);
  }
  return last === 0 && equal(hash, root);
}

/** Ed25519 of a log's verifier key, `NAME+ID+BASE64`; null when it is none, or when this browser knows no Ed25519. */
async function readKey(text) {
  const [, name, id, typed] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text ?? '') ?? [];
  const key = typed && base64(typed);
  if (!key || key.length !== 33 || key[0] !== 1 || hex((await sha256(join(bytes(name), [10], key))).subarray(0, 4)) !== id) return null;
  try { return { name, id, key: await crypto.subtle.importKey('raw', key.subarray(1), 'Ed25519', false, ['verify']) }; } catch { return null; }
}

/** `{size, root}` of a checkpoint that the log of that name signed; null otherwise. */
async function readCheckpoint(note, log) {
  const gap = note.lastIndexOf('\n\n');
  const key = await readKey(log.vkey);
  if (gap < 0 || !note.endsWith('\n') || !key || key.name !== log.origin) return null;
  const [origin, size, root, ...more] = note.slice(0, gap).split('\n');
  const signatures = note.slice(gap + 2, -1).split('\n').map((line) => /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line));
  if (origin !== log.origin || more.includes('') || signatures.includes(null)) return null;
  const known = signatures.map(([, name, text]) => ({ name, value: base64(text) })).filter(({ name, value }) => name === key.name && value && hex(value.subarray(0, 4)) === key.id);
  if (known.length === 0) return null;
  for (const { value } of known) {
    if (!(await crypto.subtle.verify('Ed25519', key.key, value.subarray(4), bytes(note.slice(0, gap + 1))))) return null;
  }
  return Number.isNaN(whole(size)) || !hash32(root) ? null : { size: whole(size), root: hash32(root) };
}

/** Whether a proof leads from a certificate to a checkpoint of its log; `logs` are `{origin, vkey}`, as keys.json has them. */
export async function isLogged(said, json, proof, logs) {
  let text;
  if (!proof || proof.length > longest) return false;
  try { text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(proof); } catch { return false; }
  const gap = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(0, gap)).split('\n');
  if (gap < 0 || lines.shift() !== 'c2sp.org/tlog-proof@v1') return false;
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = whole(/^index (.*)$/.exec(lines.shift())?.[1]);
  const hashes = lines.map(hash32);
  const log = (Array.isArray(logs) ? logs : []).find((one) => one?.origin === said.log?.origin);
  if (Number.isNaN(index) || hashes.length > 63 || hashes.includes(null) || !log) return false;
  const checkpoint = await readCheckpoint(text.slice(gap + 2), log);
  if (!checkpoint) return false;
  // The entry as the log has it: canonical JSON, nothing of it but what the certificate says.
  const serial = said.number.split('-').slice(0, 3).join('-');
  const entry = JSON.stringify({ at: said.issuedAt, kind: 'issue', serial, sha256: hex(await sha256(json)), v: 1 });
  return leadsTo(checkpoint.root, await sha256(join([0], bytes(entry))), index, checkpoint.size, hashes);
}
