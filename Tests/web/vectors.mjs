// Codes, status lists and papers made by node with a test state's own keys, good and bad: an implementation that shares
// nothing with gemd's or the page's. As a program: `node vectors.mjs STATE NUMBER.json` prints fragments and tokens as JSON.
import { createHash, createPrivateKey, createPublicKey, sign as signWith, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { deflateSync } from 'node:zlib';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
export const raw = (key, bytes) => signWith('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });

const head = (major, n) => Buffer.from(n < 24 ? [major << 5 | n] : n < 256 ? [major << 5 | 24, n] : n < 65536 ? [major << 5 | 25, n >> 8, n & 255]
  : [major << 5 | 26, n >>> 24, n >> 16 & 255, n >> 8 & 255, n & 255]);

/** CBOR of numbers, text, bytes, arrays and Maps. */
export function cbor(value) {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, inner]) => [cbor(key), cbor(inner)])]);
}

export class State {
  constructor(path) {
    this.path = path;
    const der = (name) => Buffer.from(new X509Certificate(readFileSync(`${path}/pki/${name}.pem`)).raw);
    this.root = der('root');
    this.keySet = JSON.parse(readFileSync(`${path}/pki/keys.json`, 'utf8'));
    this.coseKey = createPrivateKey(readFileSync(`${path}/keys/cose.key`));
    this.kid = sha256(createPublicKey(this.coseKey).export({ type: 'spki', format: 'der' })).subarray(0, 8);
  }

  /** The payload of a certificate's code. */
  claims(json, change = {}) {
    const said = JSON.parse(json);
    const stone = said.piece.stone;
    const classes = { declaration: 1, examination: 2, check: 3, external: 4 };
    const gem = new Map([[1, change.number ?? said.number], [2, classes[change.class ?? said.class]], [3, stone.species], [4, stone.variety],
      [5, Math.round(Number(stone.weightCt.value ?? stone.weightCt) * 1e5)],
      [6, ['length', 'width', 'depth'].map((side) => Math.round(Number(stone.measurementsMm[side]) * 1000))], [7, change.sha256 ?? sha256(json)]]);
    return new Map([[1, said.issuer.code], [6, Math.floor(Date.parse(said.issuedAt) / 1000)], [-65537, gem]]);
  }

  code(payload, { protectedMap = new Map([[1, -7], [4, this.kid]]), key = this.coseKey, tag = [0xd2], context = 'Signature1', cut = 64 } = {}) {
    const [protectedBytes, body] = [cbor(protectedMap), Buffer.isBuffer(payload) ? payload : cbor(payload)];
    const signature = raw(key, cbor([context, protectedBytes, Buffer.alloc(0), body])).subarray(0, cut);
    return Buffer.concat([Buffer.from(tag), cbor([protectedBytes, new Map(), body, signature])]);
  }

  /** A Token Status List in which `values` (index → value) stand out. */
  token(values, { iat = Math.floor(Date.now() / 1000), exp = iat + 7 * 86400, key = this.coseKey, size = 1 << 23, typ = 'statuslist+jwt', sub = 'https://gems.example/status/1', bits = 4 } = {}) {
    const list = Buffer.alloc(size);
    for (const [index, value] of values) list[index >> 1] |= value << (index & 1) * 4;
    const part = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
    const text = part({ alg: 'ES256', typ, kid: this.kid.toString('base64url') }) + '.'
      + part({ sub, iat, exp, ttl: 3600, status_list: { bits, lst: deflateSync(list).toString('base64url') } });
    return text + '.' + raw(key, Buffer.from(text)).toString('base64url');
  }

  /** A paper as gemd signs one (certificates.md §4), small enough to be made by hand. */
  paper(json, p7s, { more = '' } = {}) {
    const files = [['certificate.json', json], ['certificate.json.p7s', p7s]];
    const parts = [Buffer.from('%PDF-1.7\n')];
    for (const [i, [name, bytes]] of files.entries()) {
      parts.push(Buffer.from(`${10 + i} 0 obj\n<< /Type /EmbeddedFile /Length ${bytes.length} >>\nstream\n`), bytes, Buffer.from('\nendstream\nendobj\n'),
        Buffer.from(`${20 + i} 0 obj\n<< /Type /Filespec /F (${name}) /UF (${name}) /EF << /F ${10 + i} 0 R >> >>\nendobj\n`));
    }
    const hole = 8192;
    const range = '0000000000';
    const before = Buffer.concat([...parts, Buffer.from(`30 0 obj\n<< /Type /Sig /SubFilter /ETSI.CAdES.detached /M (D:${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}Z) /ByteRange [0 ${range} ${range} ${range}] /Contents `)]);
    const after = Buffer.from(` >>\nendobj\n${more}%%EOF\n`);
    const values = [before.length, before.length + hole + 2, after.length].map((value) => String(value).padStart(10));
    const filled = Buffer.from(before.toString('latin1').replace(`0 ${range} ${range} ${range}`, `0 ${values.join(' ')}`), 'latin1');
    const cms = this.cms(Buffer.concat([filled, after]));
    return Buffer.concat([filled, Buffer.from(`<${cms.toString('hex').padEnd(hole, '0')}>`), after]);
  }

  /** Detached CAdES by stock OpenSSL with the state's signing key. */
  cms(bytes) {
    const folder = mkdtempSync(join(tmpdir(), 'gemd-vectors-'));
    try {
      writeFileSync(`${folder}/data`, bytes);
      const { pki, keys } = { pki: this.path + '/pki', keys: this.path + '/keys' };
      execFileSync('openssl', ['cms', '-sign', '-binary', '-cades', '-nosmimecap', '-md', 'sha256', '-outform', 'DER', '-in', `${folder}/data`,
        '-signer', `${pki}/signer.pem`, '-inkey', `${keys}/signer.key`, '-certfile', `${pki}/issuing.pem`, '-out', `${folder}/cms`]);
      return readFileSync(`${folder}/cms`);
    } finally { rmSync(folder, { recursive: true }); }
  }
}

/** The decimal digits of a link. */
export const fragment = (code) => BigInt('0x01' + code.toString('hex')).toString();

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const state = new State(process.argv[2]);
  const json = readFileSync(process.argv[3]);
  const p7s = readFileSync(process.argv[3] + '.p7s');
  const said = JSON.parse(json);
  const good = state.code(state.claims(json));
  const changed = Buffer.from(good);
  changed[changed.indexOf(said.piece.stone.species)] ^= 1;
  const { index } = said.status;
  // Of a council's check, under a number that the test made.
  const check = state.code(state.claims(json, { number: process.argv[5], class: 'check' }));
  // Made when the certificate was, and out of date a second later: waited for, since none is out of date before it is made.
  const made = Math.floor(Date.parse(said.issuedAt) / 1000);
  const old = state.token([], { iat: made, exp: made + 1 });
  while (Date.now() <= (made + 2) * 1000) await setTimeout(20);
  writeFileSync(process.argv[4] + '/good.pdf', state.paper(json, p7s));
  writeFileSync(process.argv[4] + '/added.pdf', Buffer.concat([state.paper(json, p7s), Buffer.from('\n31 0 obj\n<< >>\nendobj\n%%EOF\n')]));
  writeFileSync(process.argv[4] + '/changed.json', json.toString().replace(/"weightCt":"\d/, '"weightCt":"9'));
  console.log(JSON.stringify({
    good: fragment(good), check: fragment(check), changed: fragment(changed), otherText: fragment(state.code(state.claims(json, { sha256: Buffer.alloc(32, 7) }))),
    valid: state.token([]), stolen: state.token([[index, 13]]), old,
  }));
}
