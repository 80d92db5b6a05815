// Signed in by the organisation: a real provider, Apache with the recipe that is handed out, the real gateway.
//   node e2e/oidc.mjs PROGRAMS      (a build's bin/); npm run build first
// Every step waits for what it is about to look at; nothing waits for a time.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { startProvider } from './provider.mjs';
import { freePort, group, isRoot, makeCertificate, makeDoor, missing, Proxy } from './proxy.mjs';
import { Run } from './run.mjs';
import { Sandbox } from './sandbox.mjs';

const programs = resolve(process.argv[2] ?? '../../../build/dev/bin');
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
for (const needed of [programs, chromiumPath, 'dist/index.html']) assert.ok(existsSync(needed), `${needed} is not there`);
assert.deepEqual(missing(), [], 'apt-get install apache2-bin libapache2-mod-auth-openidc');

// What the provider calls them (sub) is not what we call them; the claim of the recipe is.
const accounts = {
  's-1001': { name: 'Chloe Ng', preferred_username: 'chloe.ng' },
  's-1002': { name: 'Tomos Price', preferred_username: 'tomos.price' },
  's-1003': { name: 'Vera Stone', preferred_username: 'vera.stone' },  // nobody enrolled her
};
const hv = '/teams/X99-HEALTH-VISITING';
const within = 1_000;
const run = new Run('oidc', 55, {
  logs: () => `--- apache.log\n${proxy.log().slice(-2500)}\n--- sandbox.log\n${sandbox.log().slice(-1500)}\n`,
  stop: async () => {
    await proxy?.stop().catch(() => undefined);
    await provider?.stop().catch(() => undefined);
    const exit = await sandbox.stop();
    for (const made of [folder, door]) rmSync(made, { recursive: true, force: true });
    return exit;
  },
});
const step = (text) => run.step(text);
const { complaints } = run;

const sandbox = new Sandbox();
const folder = mkdtempSync(join(tmpdir(), 'switchboard-oidc-'));
const door = mkdtempSync(join(tmpdir(), 'switchboard-door-'));
let provider, proxy, values;

function edit(file, pattern, to) {
  const text = readFileSync(file, 'utf8');
  assert.match(text, pattern, file);
  writeFileSync(file, text.replace(pattern, to));
}

async function startAll() {
  const socket = makeDoor(door);
  chmodSync(folder, 0o755);  // the proxy's user reads the certificate there; what is secret is 0600
  const { key, certificate } = makeCertificate(folder);
  proxy = new Proxy(folder, await freePort());
  const client = { client_id: 'switchboard', client_secret: 'a-secret-of-this-test-only-0123456789' };
  provider = await startProvider({ key: readFileSync(key), certificate: readFileSync(certificate), accounts, client, proxy: proxy.address });
  values = {
    screens_port: proxy.port, screens_host: '127.0.0.1', screens_address: `127.0.0.1:${proxy.port}`, screens_certificate: certificate,
    screens_key: key, screens_socket: socket, sign_in_metadata: provider.metadata, sign_in_authorities: certificate,
    sign_in_client: client.client_id, sign_in_client_secret: client.client_secret, sign_in_passphrase: 'a-passphrase-of-this-test-only-012345',
    sign_in_claim: 'preferred_username', sign_in_idle_s: 900, sign_in_longest_s: 43200,
  };
  await sandbox.start(programs, resolve('dist'), (dir) => {
    edit(join(dir, 'gateway-x99.toml'), /^/, `proxy_socket = "${socket}"\n`);
    // The hub believes a key no more than the directory says.
    edit(join(dir, 'directory.toml'), /(id = "x99-screen"[^[]*(?:\[(?!\[)[^[]*)*assurance = )"local_sign_in"/, '$1"federated"');
  });
  await proxy.start(values);
  run.browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// A person with a browser of their own, at the provider's sign-in page.
async function arrive(options = {}) {
  const context = await run.browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', ignoreHTTPSErrors: true, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on('pageerror', (e) => complaints.push(e.message));
  page.on('console', (m) => { if (/Content Security Policy/.test(m.text())) complaints.push(m.text()); });
  await page.goto(`${proxy.address}${hv}/alerts`);
  return page;
}
const atProvider = (page) => page.waitForURL((url) => url.origin === provider.issuer && url.pathname.startsWith('/interaction/'));
async function signIn(page, account) {
  await atProvider(page);
  await page.locator('input[name=login]').fill(account);
  await page.locator('input[name=password]').fill('of no account here');
  await page.locator('button[type=submit]').click();
}
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
async function check(page, what) {
  await page.evaluate(`if (!globalThis.axe) { ${axe} }`);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  for (const v of violations) complaints.push(`${what}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
}
const live = (page) => page.getByText(/Live – last word/).waitFor();
const showNew = (page) => page.getByRole('button', { name: /^Show \d+ new alert/ });
const fromJson = (...args) => JSON.parse(execFileSync(join(programs, 'switchboard'), [...args, '--format', 'json', '--connect', join(sandbox.dir, 'connect.toml')], { encoding: 'utf8' }));

// Without a browser: what the proxy answers to somebody who is not signed in.
const ask = (path, headers) => new Promise((done, fail) => {
  request(`${proxy.address}${path}`, { headers, rejectUnauthorized: false }, (reply) => {
    let body = '';
    reply.on('data', (text) => { body += text; }).on('end', () => done({ status: reply.statusCode, location: reply.headers.location ?? '', body }));
  }).on('error', fail).end();
});
const atDoor = (as) => spawnSync('curl', ['--silent', '--max-time', '10', '--unix-socket', values.screens_socket, '-H', 'X-Switchboard-Person: chloe.ng', 'http://localhost/api/session'],
  { ...as, encoding: 'utf8' });

async function journey() {
  step('a sandbox, a provider with three accounts, Apache between them');
  await startAll();

  step('the proxy sends whoever is not signed in to the provider; the page\'s own requests are told');
  const sent = await ask(`${hv}/alerts`, { Accept: 'text/html' });
  assert.equal(sent.status, 302);
  assert.ok(sent.location.startsWith(`${provider.issuer}/auth?`), sent.location);
  assert.equal((await ask('/api/session', { 'X-Switchboard-Person': 'chloe.ng' })).status, 401);

  step('a health visitor signs in with her organisation, and is on the page she asked for');
  const page = await arrive();
  await signIn(page, 's-1001');
  await live(page);
  assert.equal(page.url(), `${proxy.address}${hv}/alerts`);
  await page.getByText('Chloe Ng, signed in by your organisation').waitFor();
  const cookies = await page.context().cookies();
  assert.ok(cookies.filter((c) => c.domain === '127.0.0.1').every((c) => c.httpOnly), JSON.stringify(cookies.map((c) => c.name)));

  step('a browser that says itself who it is: not believed by the proxy');
  const colleague = await arrive({ extraHTTPHeaders: { 'X-Switchboard-Person': 'chloe.ng' } });
  await signIn(colleague, 's-1002');
  await colleague.getByText('Tomos Price, signed in by your organisation').waitFor();

  step('… nor at the gateway\'s own port');
  const own = await fetch(`${sandbox.screen('X99').url}api/session`, { headers: { 'X-Switchboard-Person': 'chloe.ng' } });
  assert.equal((await own.json()).person ?? '', '');
  const list = await fetch(`${sandbox.screen('X99').url}api${hv}/alerts`, { headers: { 'X-Switchboard-Person': 'chloe.ng' } });
  assert.equal(list.status, 401);

  step('who is not of the proxy\'s group cannot open the socket');
  if (isRoot) {
    const stranger = atDoor({ uid: 65534, gid: 65534 });
    assert.equal(stranger.status, 7, `curl: could not connect; was ${stranger.status}: ${stranger.stdout}`);
    const member = atDoor({ uid: 65534, gid: group });
    assert.equal(JSON.parse(member.stdout).person, 'chloe.ng', 'and who can may be anybody');
  } else {
    process.stdout.write('          left out: needs root\n');
  }

  step('an alert comes through the proxy as it comes from the hub');
  const accepted = await sandbox.feed('X26', 'x26_adt_a01_admission.hl7');
  await showNew(page).waitFor();
  const took = performance.now() - accepted;
  process.stdout.write(`          accepted -> on screen: ${took.toFixed(0)} ms\n`);
  assert.ok(took < within, `buffered: ${took.toFixed(0)} ms`);

  step('picked up: told with how sure it is who did it, to the colleague and to the operator');
  await showNew(page).click();
  const alert = page.getByRole('article', { name: /^Admitted/ });
  await alert.getByRole('button', { name: /^Pick up/ }).click();
  await alert.getByText(/Picked up: you/).waitFor();
  await colleague.goto(`${proxy.address}${hv}/alerts?section=others`);
  const theirs = colleague.getByRole('article', { name: /^Admitted/ });
  await theirs.getByText(/Picked up: Chloe Ng/).waitFor();
  await theirs.getByRole('button', { name: /^Details/ }).click();
  await theirs.getByRole('cell', { name: 'Chloe Ng, health visitor (organisation sign-in)' }).waitFor();
  const [, reference] = /Reference (\S+)/.exec(await alert.innerText());
  const { recipients } = fromJson('event', 'journey', reference);
  const pickedUp = recipients[0].steps.find((s) => s.state === 'DELIVERY_STATE_ACKNOWLEDGED').actor;
  assert.deepEqual([pickedUp.person, pickedUp.assurance], ['chloe.ng', 'ASSURANCE_FEDERATED']);

  step('somebody whom nobody enrolled is told what to do, and sees nothing');
  const stranger = await arrive();
  await signIn(stranger, 's-1003');
  await stranger.getByRole('heading', { name: 'You are not enrolled here' }).waitFor();
  await stranger.getByText(/Ask to be added/).waitFor();
  await stranger.getByRole('link', { name: '01632 960140' }).first().waitFor();
  assert.equal(await stranger.getByLabel('Password').count(), 0, 'there is no password to give here');
  assert.doesNotMatch(await stranger.content(), /harrow/i);
  await check(stranger, 'not enrolled');

  step('the sign-in has ended: an open page shows nothing more, and goes on after signing in again');
  await alert.getByRole('button', { name: /^Record an action/ }).click();
  await alert.getByLabel('What was done?').fill('Home visit booked');
  await proxy.stop();  // with every session it had
  await page.getByText(/NOT live since/).waitFor();
  await proxy.start(values);
  await page.getByRole('heading', { name: 'Sign in again' }).waitFor();
  assert.ok(!await page.getByText('HARROW').first().isVisible(), 'a page without a session shows no child');
  await check(page, 'sign in again');
  const [tab] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: /^Sign in with your organisation/ }).click()]);
  await tab.getByText('Chloe Ng, signed in by your organisation').waitFor();  // the provider still knows her
  await live(page);
  assert.equal(await alert.getByLabel('What was done?').inputValue(), 'Home visit booked');

  step('signed out: here, in the other tab and at the provider; the next request goes back to it');
  await tab.getByRole('button', { name: 'Sign out' }).click();
  await tab.waitForURL((url) => url.origin === provider.issuer && url.pathname === '/session/end');
  await page.getByRole('heading', { name: 'Sign in again' }).waitFor();
  await tab.getByRole('button', { name: /sign me out/i }).click();
  await atProvider(tab);
  await page.goto(`${proxy.address}${hv}/alerts`);
  await atProvider(page);
  assert.equal((await ask('/api/session', {})).status, 401);
}

await run.of(journey);
