// What a user of Cloudflare's official TypeScript client does with zones and records, against a running node.
// usage: node official-client.mjs SERVER TOKEN (with the package "cloudflare" in a node_modules beside this file or above it)
import assert from 'node:assert/strict';
import Cloudflare, { toFile } from 'cloudflare';

const [server, token] = process.argv.slice(2);
const client = (apiToken) => new Cloudflare({ baseURL: `${server}/client/v4`, apiToken, maxRetries: 0 });
const edge = client(token);
const ZONE = 'sdk.example';

const all = async (pages) => {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
};
const refused = async (call, type, status, code) => {
  const error = await call.then(() => assert.fail('it was not refused'), (e) => e);
  assert.ok(error instanceof type, `${error}`);
  assert.equal(error.status, status);
  assert.ok(error.errors.some((e) => e.code === code), JSON.stringify(error.errors));
};

assert.equal((await edge.user.tokens.verify()).status, 'active');
await refused(client('x'.repeat(40)).zones.get({ zone_id: '0'.repeat(32) }), Cloudflare.PermissionDeniedError, 403, 9109);

// zones
const account = { id: '0'.repeat(32) };
const zone = await edge.zones.create({ account, name: ZONE, type: 'full' });
assert.equal(zone.status, 'active');
const zone_id = zone.id;
await refused(edge.zones.create({ account, name: ZONE, type: 'full' }), Cloudflare.BadRequestError, 400, 1061);
assert.deepEqual((await all(edge.zones.list({ name: ZONE }))).map((z) => z.id), [zone_id]);
assert.deepEqual(await all(edge.zones.list({ name: 'none.example' })), []);
assert.equal((await edge.zones.edit({ zone_id, paused: true })).paused, true);
assert.equal((await edge.zones.edit({ zone_id, paused: false })).paused, false);
assert.equal((await edge.zones.get({ zone_id })).name, ZONE);

// records, one by one
const records = edge.dns.records;
const blog = await records.create({ zone_id, type: 'A', name: 'blog', content: '192.0.2.1', ttl: 1, proxied: true, comment: 'the site' });
assert.deepEqual(
  [blog.name, blog.content, blog.proxied, blog.ttl, blog.comment, blog.tags],
  [`blog.${ZONE}`, '192.0.2.1', true, 1, 'the site', []]);
const mail = await records.create({ zone_id, type: 'MX', name: '@', content: 'mail.example.net.', priority: 10, ttl: 3600 });
assert.deepEqual([mail.name, mail.content, mail.priority], [ZONE, 'mail.example.net', 10]);
const caa = await records.create({ zone_id, type: 'CAA', name: '@', ttl: 1, data: { flags: 0, tag: 'issue', value: 'ca.example.net' } });
assert.equal(caa.content, '0 issue "ca.example.net"');
await refused(
  records.create({ zone_id, type: 'A', name: 'blog', content: '192.0.2.1', ttl: 1 }), Cloudflare.BadRequestError, 400, 81058);
await refused(
  records.create({ zone_id, type: 'CNAME', name: 'blog', content: 'x.example.net', ttl: 1 }), Cloudflare.BadRequestError, 400, 81053);
await refused(records.create({ zone_id, type: 'A', name: 'bad', content: '1.2.3', ttl: 1 }), Cloudflare.BadRequestError, 400, 1004);
await refused(records.get('0'.repeat(32), { zone_id }), Cloudflare.NotFoundError, 404, 81044);
const patched = await records.edit(blog.id, { zone_id, type: 'A', name: 'blog', content: '192.0.2.9', ttl: 1 });
assert.deepEqual([patched.content, patched.proxied, patched.comment], ['192.0.2.9', true, 'the site']);
const put = await records.update(blog.id, { zone_id, type: 'A', name: `blog.${ZONE}`, content: '192.0.2.10', ttl: 300 });
assert.deepEqual([put.content, put.proxied, put.ttl, put.comment], ['192.0.2.10', false, 300, null]);
assert.deepEqual((await records.get(blog.id, { zone_id })).content, '192.0.2.10');

// records by the batch, in pages and by filters
const posts = Array.from({ length: 120 }, (_, i) => ({ type: 'A', name: `n${i}`, content: `192.0.2.${i}`, ttl: 1 }));
const done = await records.batch({ zone_id, deletes: [{ id: mail.id }], patches: [{ id: blog.id, proxied: true }], posts });
assert.deepEqual([done.deletes.length, done.patches[0].proxied, done.posts.length], [1, true, 120]);
await refused(
  records.batch({ zone_id, posts: [{ type: 'A', name: 'half', content: '192.0.2.1', ttl: 1 }, { type: 'A', name: 'half', content: 'x', ttl: 1 }] }),
  Cloudflare.BadRequestError, 400, 1004);
const listed = await all(records.list({ zone_id, per_page: 50 }));
assert.equal(listed.length, 122);
assert.equal(new Set(listed.map((r) => r.id)).size, 122);
assert.deepEqual((await all(records.list({ zone_id, type: 'A', name: { exact: `n7.${ZONE}` } }))).map((r) => r.content), ['192.0.2.7']);
assert.deepEqual((await all(records.list({ zone_id, name: { startswith: 'n11' } }))).length, 11);

// out as a zone file and in again
const text = await records.export({ zone_id });
assert.match(text, /^blog\.sdk\.example\.\s+\d+\s+IN\s+A\s+192\.0\.2\.10\s.*cf-proxied:true/m);
await records.batch({ zone_id, deletes: listed.map(({ id }) => ({ id })) });
assert.deepEqual(await all(records.list({ zone_id })), []);
const imported = await records.import({ zone_id, file: await toFile(Buffer.from(text), 'sdk.example.zone') });
assert.equal(imported.recs_added, 122);
const [again] = await all(records.list({ zone_id, name: { exact: `blog.${ZONE}` } }));
assert.deepEqual([again.content, again.proxied], ['192.0.2.10', true]);

assert.equal((await records.delete(again.id, { zone_id })).id, again.id);
await refused(records.delete(again.id, { zone_id }), Cloudflare.NotFoundError, 404, 81044);
assert.equal((await edge.zones.delete({ zone_id })).id, zone_id);
await refused(edge.zones.get({ zone_id }), Cloudflare.NotFoundError, 404, 7003);
console.log('the client was content');
