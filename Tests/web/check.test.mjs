// The page's own readers against node's vectors, good and hostile: `STATE=DIR JSON=FILE node --test check.test.mjs`.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, test } from 'node:test';
import { State, cbor, fragment, raw } from './vectors.mjs';

// node takes a file for a module by what stands beside it.
const folder = mkdtempSync(tmpdir() + '/gemd-check-');
after(() => rmSync(folder, { recursive: true }));
writeFileSync(folder + '/package.json', '{"type":"module"}');
for (const name of ['check.js', 'evidence.js', 'log.js']) copyFileSync(new URL('../../Sources/CPages/files/' + name, import.meta.url), `${folder}/${name}`);
const page = await import(folder + '/check.js');
const state = new State(process.env.STATE);
const json = readFileSync(process.env.JSON);
const p7s = readFileSync(process.env.JSON + '.p7s');
const keys = await page.provenKeys(state.keySet, state.root);
const claims = state.claims(json);
const good = state.code(claims);
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const other = new State(process.env.OTHER);

const refusals = async (cases, run) => {
  for (const [name, ...input] of cases) {
    const answer = await run(...input).then(() => 'accepted', (error) => (error instanceof page.Refusal ? 'refused' : error.stack));
    assert.equal(answer, 'refused', name);
  }
};

test('a code says what was signed', async () => {
  const said = await page.readCode(page.codeOfFragment('#' + fragment(good)), keys);
  const statement = JSON.parse(json);
  assert.equal(said.number, statement.number);
  assert.equal(said.class, 'declaration');
  assert.equal(said.weight, 158000);
  assert.deepEqual(said.sides, [9120, 7050, 4880]);
});

test('a fragment that is no code is left alone, a damaged one is not', () => {
  for (const anchor of ['', '#', '#match', '#verdict']) assert.equal(page.codeOfFragment(anchor), null);
  assert.ok(page.codeOfFragment('#' + fragment(good) + '%20%0A'), 'a messenger’s space after the link');
  for (const damaged of ['#0' + fragment(good), '#' + fragment(good).slice(0, -40) + 'x', '#12', '#' + '9'.repeat(4000), '#%E0%A4%A', '#5' + fragment(good)]) {
    assert.throws(() => page.codeOfFragment(damaged), page.Refusal, damaged.slice(0, 20));
  }
});

test('every changed bit of a code is refused', async () => {
  for (let i = 0; i < good.length * 8; i += 3) {
    const bad = Uint8Array.from(good);
    bad[i >> 3] ^= 1 << (i & 7);
    await assert.rejects(page.readCode(bad, keys), page.Refusal, `bit ${i}`);
  }
});

test('hostile codes are refused', async () => {
  const map = (entries) => new Map(entries);
  const gem = claims.get(-65537);
  const without = (name) => map([...claims].map(([key, value]) => [key, key === -65537 ? map([...gem].filter(([one]) => one !== name)) : value]));
  const nested = (depth) => (depth === 0 ? 1 : [nested(depth - 1)]);
  await refusals([
    ['alg none', state.code(claims, { protectedMap: map([[4, state.kid]]) })],
    ['alg −8', state.code(claims, { protectedMap: map([[1, -8], [4, state.kid]]) })],
    ['unknown kid', state.code(claims, { protectedMap: map([[1, -7], [4, Buffer.alloc(8, 1)]]) })],
    ['a stranger’s key under our kid', state.code(claims, { key: stranger })],
    ['63 bytes', state.code(claims, { cut: 63 })],
    ['no tag', good.subarray(1)],
    ['another tag', state.code(claims, { tag: [0xd1] })],
    ['wrong context', state.code(claims, { context: 'Signature' })],
    ['trailing bytes', Buffer.concat([good, Buffer.from([0])])],
    ['truncated', good.subarray(0, good.length - 10)],
    ['empty', Buffer.alloc(0)],
    ['indefinite length', Buffer.concat([Buffer.from([0xd2, 0x9f]), good.subarray(2), Buffer.from([0xff])])],
    ['duplicate keys', state.code(Buffer.from([0xa2, 1, 1, 1, 1]))],
    ['longer spelling of a length', state.code(Buffer.concat([Buffer.from([0xb8, 3]), cbor(claims).subarray(1)]))],
    ['too deep', state.code(nested(20))],
    ['huge length', Buffer.from([0xd2, 0x84, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['a million items promised', Buffer.from([0xd2, 0x9a, 0x00, 0x0f, 0xff, 0xff])],
    ['no number', state.code(without(1))], ['no class', state.code(without(2))], ['no hash', state.code(without(7))],
    ['signed in the future', state.code(map([...claims].map(([key, value]) => [key, key === 6 ? Math.floor(Date.now() / 1000) + 3600 : value])))],
    ['signed after its key’s 13 months', state.code(map([...claims].map(([key, value]) => [key, key === 6 ? value + 420 * 86400 : value])))],
    ['signed before its key', state.code(map([...claims].map(([key, value]) => [key, key === 6 ? 1000 : value])))],
  ], (code) => page.readCode(Uint8Array.from(code), keys));
});

test('a key that is not under the root is not among the keys', async () => {
  assert.equal(keys.size, 1);
  assert.equal((await page.provenKeys(other.keySet, state.root)).size, 0);
  assert.equal((await page.provenKeys({ keys: [{ kid: 'AAAA' }, { x5c: ['!', '?'] }, {}] }, state.root)).size, 0);
  const swapped = { keys: [{ ...state.keySet.keys[0], kid: other.keySet.keys[0].kid }] };
  assert.equal((await page.provenKeys(swapped, state.root)).size, 0);
});

test('the certificate’s files are genuine, and alone they are not enough', async () => {
  assert.equal((await page.checkFiles(json, p7s, state.root)).number, JSON.parse(json).number);
  await assert.rejects(page.checkFiles(json, null, state.root), (error) => error.outcome === 'cannotTell');
});

test('every changed bit of the signature file is refused, or says the same', async () => {
  let passed = 0;
  for (let i = 0; i < p7s.length * 8; i += 37) {
    const bad = Uint8Array.from(p7s);
    bad[i >> 3] ^= 1 << (i & 7);
    await page.checkFiles(json, bad, state.root).then(() => passed++, (error) => assert.ok(error instanceof page.Refusal, `bit ${i}: ${error.stack}`));
  }
  // Bits that nothing reads: versions, and what stands twice.
  assert.ok(passed < 12, `${passed} passed`);
});

test('changed, re-spelt and foreign files are refused', async () => {
  const text = json.toString();
  const spell = (from, to) => { assert.ok(text.includes(from)); return Buffer.from(text.replace(from, to)); };
  await refusals([
    ['a weight', spell('"weightCt":"1', '"weightCt":"8'), p7s, state.root],
    ['a newline behind it', Buffer.from(text + '\n'), p7s, state.root],
    ['a space', spell('{', '{ '), p7s, state.root],
    ['a member twice', spell('{', '{"@type":"gemd/certificate/1",'), p7s, state.root],
    ['a number beyond 2^53', spell('"height":', '"height":9007199254740993,"h":'), p7s, state.root],
    ['no JSON', Buffer.from('{'), p7s, state.root], ['null', Buffer.from('null'), p7s, state.root],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), p7s, state.root],
    ['deep', Buffer.from('{"a":'.repeat(5000) + '1' + '}'.repeat(5000)), p7s, state.root],
    ['another root', json, p7s, other.root],
    ['no signature', json, Buffer.alloc(0), state.root],
    ['behind the signature', json, Buffer.concat([p7s, Buffer.from([0])]), state.root],
    ['a signature of other bytes', json, state.cms(Buffer.from('x')), state.root],
    ['a stranger’s signature', json, other.cms(json), state.root],
    ['an indefinite length', json, Buffer.concat([Buffer.from([0x30, 0x80]), p7s.subarray(4), Buffer.alloc(2)]), state.root],
  ], page.checkFiles);
});

test('a paper is genuine, and nothing can be put into it or onto it', async () => {
  const paper = state.paper(json, p7s);
  assert.equal((await page.checkPaper(paper, state.root)).said.number, JSON.parse(json).number);
  const changed = (from, to) => Buffer.from(paper.toString('latin1').replace(from, to), 'latin1');
  await refusals([
    ['an update behind it', Buffer.concat([paper, Buffer.from('\n%%EOF\n')])],
    ['a second signature field', state.paper(json, p7s, { more: '40 0 obj\n<< /ByteRange [0 1 2 3] >>\nendobj\n' })],
    ['a changed letter', changed('%PDF-1.7', '%PDF-1.6')],
    ['a replaced attachment', changed('certificate.json)', 'certificate.jsox)')],
    ['ByteRange not from 0', changed('/ByteRange [0', '/ByteRange [1')],
    ['not signed', changed('/ByteRange', '/ByteRangf')],
    ['cut', paper.subarray(0, paper.length - 1)],
    ['no PDF', Buffer.from('%PDX')],
    ['another’s certificate inside', state.paper(json, other.cms(json))],
    ['signed by a stranger', other.paper(json, p7s)],
    ['the attachment twice', state.paper(json, p7s, { more: `50 0 obj\n<< /Type /Filespec /F (certificate.json) /EF << /F 10 0 R >> >>\nendobj\n` })],
    ['a hole of millions of digits', Buffer.from(`%PDF-1.7\n/ByteRange [0 ${String(58).padStart(10)} ${String(15e6).padStart(10)} 10]/Contents <${'0'.repeat(15e6 - 60)}>` + ' '.repeat(10))],
  ], (bytes) => page.checkPaper(bytes, state.root));
});

test('a proof of the log leads to the certificate it is of, and to no other', async () => {
  const { isLogged } = await import(folder + '/log.js');
  const proof = readFileSync(process.env.JSON + '.tlog-proof').toString();
  const said = JSON.parse(json);
  const { logs } = state.keySet;
  const holds = (text, more = {}) => isLogged(more.said ?? said, more.json ?? json, Buffer.from(text), 'logs' in more ? more.logs : logs);
  assert.equal(await holds(proof), true);
  assert.equal(await holds(proof.replace('\nindex', '\nextra AAAA\nindex')), true);
  const [head, note] = [proof.slice(0, proof.indexOf('\n\n') + 2), proof.slice(proof.indexOf('\n\n') + 2)];
  const hash = Buffer.alloc(32, 3).toString('base64');
  const foreign = other.keySet.logs[0].vkey;
  for (const [name, text, more] of [
    ['another certificate', proof, { json: Buffer.from(json.toString().replace(/"nonce":"./, '"nonce":"_')) }],
    ['another time', proof, { said: { ...said, issuedAt: '2020-01-01T00:00:00.000Z' } }],
    ['another serial', proof, { said: { ...said, number: said.number.replace('-000001-', '-000002-') } }],
    ['another index', proof.replace(/index (\d+)/, (_, i) => `index ${Number(i) + 1}`)], ['an index past the end', proof.replace(/index \d+/, 'index 999')],
    ['an index of another spelling', proof.replace('index ', 'index 0')], ['one hash more', head.slice(0, -1) + hash + '\n\n' + note],
    ['a broken hash', head.slice(0, -1) + 'AAAA\n\n' + note], ['no note', head], ['no head', note], ['nothing', ''],
    ['a changed note', head + note.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`)],
    ['a changed signature', proof.slice(0, -8) + 'AAAA' + proof.slice(-4)], ['no signature', head + note.slice(0, note.indexOf('\n\n') + 2)],
    ['too long', proof + 'x'.repeat(70000)], ['not text', '\u0000' + proof],
    ['no logs', proof, { logs: undefined }], ['no such log', proof, { logs: [] }], ['null for a log', proof, { logs: [null, 7] }],
    ['another’s key under our name', proof, { logs: [{ ...logs[0], vkey: foreign }] }],
    ['another’s key renamed', proof, { logs: [{ ...logs[0], vkey: logs[0].origin + foreign.slice(foreign.indexOf('+')) }] }],
    ['no key', proof, { logs: [{ ...logs[0], vkey: 'x' }] }],
  ]) assert.equal(await holds(text, more), false, name);
});

test('the status list says what became of a place in it', async () => {
  const read = (token, index = 77, address = 'https://gems.example/status/1') => page.readStatusList(new TextEncoder().encode(token), address, index, state.keySet, state.root);
  assert.equal((await read(state.token([]))).value, 0);
  assert.equal((await read(state.token([[77, 13]]))).value, 13);
  assert.equal((await read(state.token([[76, 13]]))).value, 0);
  const token = state.token([]);
  await refusals([
    ['a stranger’s', state.token([], { key: stranger })], ['another type', state.token([], { typ: 'JWT' })], ['two bits', state.token([], { bits: 2 })],
    ['changed', token.replace('.', '.A')], ['cut', token.slice(0, -3)], ['no token', 'x.y.z'], ['empty', ''], ['past its end', state.token([], { size: 4 })],
    ['the list of another address', state.token([], { sub: 'https://gems.example/status/2' })], ['of no address', state.token([], { sub: 7 })],
    ['from the future', state.token([], { iat: Math.floor(Date.now() / 1000) + 3600 })], ['signed before its key was made', state.token([], { iat: 1000 })],
    ['null for its parts', 'bnVsbA.bnVsbA.bnVsbA'], ['arrays for its parts', 'W10.W10.W10'], ['a number for its parts', 'Nw.Nw.Nw'],
  ], (one) => read(one));
  // The page asks by the path alone, whatever the proxy's name.
  assert.equal((await read(state.token([]), 77, '/status/1')).value, 0);
});

test('an ECDSA signature has one spelling', () => {
  const der = (r, s) => Buffer.from([0x30, 4 + r.length + s.length, 2, r.length, ...r, 2, s.length, ...s]);
  assert.equal(page.rawSignature(der([1], [2]))[63], 2);
  for (const bad of [der([0, 1], [2]), der([0x81], [2]), der([], [2]), der([0], [2]), Buffer.concat([der([1], [2]), Buffer.from([0])])]) assert.throws(() => page.rawSignature(bad), page.Refusal);
});

test('typed numbers: fitting, mistyped, none', () => {
  const { number } = JSON.parse(json);
  assert.equal(page.numberFits(number.toLowerCase().replaceAll('-', ' ')), true);
  assert.equal(page.numberFits(number.slice(0, -1) + (number.endsWith('A') ? 'B' : 'A')), false);
  for (const text of ['', 'x', '-'.repeat(90), 'GGAPCP-26D-000001']) assert.equal(page.numberFits(text), null);
});

test('random bytes never do more than be refused', async () => {
  let seed = 7;
  const random = (n) => Uint8Array.from({ length: n }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16 & 255);
  for (let round = 0; round < 3000; round++) {
    const bytes = random(1 + (round % 300));
    for (const read of [() => page.cbor(bytes), () => page.certificate(bytes), () => page.statement(bytes)]) {
      try { read(); } catch (error) { assert.ok(error instanceof page.Refusal, error.stack); }
    }
  }
});
