// What 200 open browsers cost, and how fast a screen is: measured on the real hub, adapters and gateways of a sandbox.
//   node e2e/screens.mjs PROGRAMS [--quick]      (a build's bin/); npm run build first. See tests/bench/screens.
// The 200 are plain sockets of this process, each somebody's own session at the gateway's proxy_socket, each with a
// team's stream; the page itself is looked at in Chromium, signed in with a password. Alerts are MLLP messages of the
// trust, one after the other. Prints a table; exits with 1 where somebody missed an alert or was told one twice.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { eventually, Sandbox } from './sandbox.mjs';

const quick = process.argv.includes('--quick');
const programs = resolve(process.argv[2] ?? '../../../build/release/bin');
const size = quick ? { browsers: 20, minutes: 3, minuteMs: 3_000, idle: 10, paints: 3 } : { browsers: 200, minutes: 3, minuteMs: 60_000, idle: 120, paints: 10 };
const everyMs = 1_000;
const rows = 30;
const team = 'X99-HEALTH-VISITING';
const sample = 'x26_adt_a04_ed.hl7';
const folder = mkdtempSync(join(tmpdir(), 'switchboard-screens-'));
const socket = join(folder, 'gateway.sock');
const sandbox = new Sandbox();
const table = [];
const row = (what, figure, asked = '') => { table.push([what, figure, asked]); process.stderr.write(`${what}: ${figure}\n`); };
const at = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(p * values.length) - 1)].toFixed(0);
const wait = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));
const load = () => loadavg()[0].toFixed(1);
const rss = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const nameOf = (n) => `reader.${String(n).padStart(3, '0')}`;

function prepare(dir) {
  const gateway = join(dir, 'gateway-x99.toml');
  writeFileSync(gateway, `proxy_socket = "${socket}"\nbrowsers_max = 1000\n${readFileSync(gateway, 'utf8')}`);
  const people = Array.from({ length: size.browsers }, (_, n) => `\n[[people]]\nid = "${nameOf(n)}"\nname = "Reader ${n}"\nrole = "health visitor"\nteams = ["${team}"]\n`);
  const directory = join(dir, 'directory.toml');
  writeFileSync(directory, readFileSync(directory, 'utf8') + people.join(''));
}

// One open browser: a session of its own, the list read, then the stream from where the list ends.
class Browser {
  seen = []; cut = 0;
  constructor(person) { this.headers = { Host: 'screens', 'X-Switchboard-Person': person }; }
  #open(path, body) {
    return new Promise((done, fail) => {
      const headers = body ? { ...this.headers, 'Content-Type': 'application/json', 'X-Switchboard-Csrf': this.csrf } : this.headers;
      this.request = request({ socketPath: socket, path, method: body ? 'POST' : 'GET', headers, agent: false }, done).on('error', fail);
      this.request.end(body && JSON.stringify(body));
    });
  }
  async #ask(path, body) {
    const reply = await this.#open(path, body);
    let text = '';
    for await (const part of reply) text += part;
    if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.statusCode} ${text}`);
    if (reply.headers['set-cookie']) this.headers.Cookie = reply.headers['set-cookie'][0].split(';')[0];
    return JSON.parse(text);
  }
  async signIn() {
    const session = await this.#ask('/api/session');
    if (!session.person) throw new Error('not signed in');
    this.csrf = session.csrf;
  }
  list() { return this.#ask(`/api/teams/${team}/alerts`); }
  pickUp(alert) {
    return this.#ask(`/api/teams/${team}/alerts/${alert.number}/acts`, { kind: 'ACT_KIND_ACKNOWLEDGE', actId: randomBytes(16).toString('hex'), reference: alert.reference });
  }
  async join() {
    await this.signIn();
    const list = await this.list();
    const stream = await this.#open(`/api/teams/${team}/stream?after=${list.epoch}-${list.head ?? 0}`);
    if (stream.statusCode !== 200) throw new Error(`the stream: ${stream.statusCode}`);
    let waiting = '';
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      const events = (waiting + text).split('\n\n');
      waiting = events.pop();
      for (const event of events) if (/^event: pushed$/m.test(event)) this.seen.push(Number(/^id: \d+-(\d+)$/m.exec(event)[1]));
    });
    stream.on('close', () => { this.cut += 1; });
  }
  leave() { this.request.destroy(); }
}

// The page, where each new count of waiting alerts is timed at the frame that shows it.
async function watchPage(browser) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const shown = globalThis.shown = new Map();
    const paintedAt = performance.now.bind(performance);
    globalThis.rowsAt = 0;
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
      const count = Number(/Show (\d+) new/.exec(document.body?.textContent ?? '')?.[1] ?? 0);
      if (count && !shown.has(count)) shown.set(count, Date.now());
      if (!globalThis.rowsAt && document.querySelectorAll('article').length >= 30) globalThis.rowsAt = paintedAt();
    }))).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(`${sandbox.screen('X99').url}teams/${team}/alerts`);
  await page.getByLabel('Sign-in name').fill('chloe.ng');
  await page.getByLabel('Password').fill(sandbox.passPhrase);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(/Live – last word/).waitFor();
  return page;
}
// As a person does now and then: what waits is shown. Then colleagues pick up all but so many, so that the list stays one.
async function bringUp(page, colleague) {
  await page.getByRole('button', { name: /^Show \d+ new/ }).click();
  const open = ((await colleague.list()).alerts ?? []).filter((a) => !a.notice?.pickedUpBy);
  for (const alert of open.slice(rows)) await colleague.pickUp(alert);
  await eventually('the list is short again', async () => await page.getByRole('article').count() === rows, 20);
  await page.evaluate(() => globalThis.shown.clear());
}

// AA -> painted, of so many alerts one after the other; each `every` ms at the earliest.
async function timed(page, colleague, count, every, accepted = () => undefined) {
  const took = [];
  for (let n = 1, next = Date.now(); n <= count; n += 1) {
    await wait(next - Date.now());
    next = Date.now() + every;
    await sandbox.feed('X26', sample);
    const aa = Date.now();
    accepted(aa);
    const place = (n - 1) % 20 + 1;
    took.push(await eventually('it is on the screen', () => page.evaluate((c) => globalThis.shown.get(c), place), 10) - aa);
    if (place === 20 || n === count) await bringUp(page, colleague);
  }
  return took;
}

async function paint(browser, page) {
  const storageState = await page.context().storageState();
  const cold = [], warm = [];
  for (let n = 0; n < size.paints; n += 1) {
    const context = await browser.newContext({ storageState, locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    const own = await context.newPage();
    await own.addInitScript((least) => {
      globalThis.rowsAt = 0;
      new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
        if (!globalThis.rowsAt && document.querySelectorAll('article').length >= least) globalThis.rowsAt = performance.now();
      }))).observe(document, { childList: true, subtree: true });
    }, rows);
    for (const into of [cold, warm]) {
      await own.goto(`${sandbox.screen('X99').url}teams/${team}/alerts`);
      into.push(await eventually('the rows are there', () => own.evaluate(() => globalThis.rowsAt), 20));
    }
    await context.close();
  }
  return { cold, warm };
}

async function crowd(page, colleague) {
  const all = Array.from({ length: size.browsers }, (_, n) => new Browser(nameOf(n)));
  const pid = sandbox.screen('X99').pid;
  row('gateway, RSS before they come', `${rss(pid).toFixed(1)} MiB`);
  for (const one of all) await one.join();
  const fed = [];
  const took = [];
  row(`gateway, RSS with ${size.browsers} streams open`, `${rss(pid).toFixed(1)} MiB`);
  for (let minute = 1; minute <= size.minutes; minute += 1) {
    const end = Date.now() + size.minuteMs;
    while (Date.now() < end) took.push(...await timed(page, colleague, Math.min(20, Math.ceil((end - Date.now()) / everyMs)), everyMs, (aa) => fed.push(aa)));
    row(`… after ${minute} min, ${fed.length} alerts`, `${rss(pid).toFixed(1)} MiB`, minute === size.minutes ? 'flat' : '');
  }
  const { head } = await colleague.list();
  const first = Math.min(...all.flatMap((one) => one.seen));
  const whole = (one) => new Set(one.seen).size === Number(head) - first + 1;
  await eventually('everybody has everything', () => all.every(whole), 20).catch(() => undefined);
  const missed = all.filter((one) => !whole(one)).length;
  const twice = all.filter((one) => new Set(one.seen).size !== one.seen.length).length;
  const disorder = all.filter((one) => one.seen.some((n, i) => i > 0 && n <= one.seen[i - 1])).length;
  const cut = all.filter((one) => one.cut > 0).length;
  row(`streams that missed one of ${Number(head) - first + 1} messages / had one twice / out of order / were cut`, `${missed} / ${twice} / ${disorder} / ${cut} of ${size.browsers}`, '0 / 0 / 0 / 0');
  for (const one of all) one.leave();
  row(`AA -> painted, ${size.browsers} streams open, p50 / p95 (${took.length} alerts, ${(1000 / everyMs).toFixed(0)}/s)`, `${at(took, 0.5)} / ${at(took, 0.95)} ms`, '<= 250 ms');
  return missed + twice + disorder + cut;
}

function bundle() {
  const sizes = readdirSync('dist/assets').filter((f) => /\.(js|css)$/.test(f)).map((f) => readFileSync(join('dist/assets', f)));
  sizes.push(readFileSync('dist/index.html'));
  const sum = (bytes) => `${(bytes.reduce((a, b) => a + b, 0) / 1024).toFixed(0)} KiB`;
  row('pages, raw / gzip', `${sum(sizes.map((s) => s.length))} / ${sum(sizes.map((s) => gzipSync(s, { level: 9 }).length))}`);
}

let browser;
let failures = 1;
const before = load();
try {
  chmodSync(folder, 0o700);
  await sandbox.start(programs, resolve('dist'), prepare);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const page = await watchPage(browser);
  for (let n = 0; n < rows; n += 1) await sandbox.feed('X26', sample);
  const colleague = new Browser(nameOf(0));
  await colleague.signIn();
  await eventually('all are there', () => page.evaluate((c) => globalThis.shown.has(c), rows), 20);
  await bringUp(page, colleague);
  const { cold, warm } = await paint(browser, page);
  row(`navigation -> ${rows} alerts painted, signed in, cold cache, p50 / most (${cold.length})`, `${at(cold, 0.5)} / ${at(cold, 1)} ms`, '<= 1000 ms');
  row('… warm cache', `${at(warm, 0.5)} / ${at(warm, 1)} ms`, '<= 1000 ms');
  const idle = await timed(page, colleague, size.idle, 0);
  row(`AA -> painted, nobody else there, p50 / p95 (${idle.length} alerts, one after the other)`, `${at(idle, 0.5)} / ${at(idle, 0.95)} ms`, '<= 250 ms');
  failures = await crowd(page, colleague);
  bundle();
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  process.stdout.write(`\`tests/bench/screens${quick ? ' --quick' : ''}\`, commit ${commit}, ${cpus().length} cores, load before ${before}, after ${load()}\n\n| what | measured | asked |\n| --- | --- | --- |\n`);
  for (const line of table) process.stdout.write(`| ${line.join(' | ')} |\n`);
} catch (error) {
  process.stderr.write(`FAILED: ${error.stack}\n${sandbox.log().slice(-1500)}\n`);
} finally {
  await browser?.close().catch(() => undefined);
  await sandbox.stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failures ? 1 : 0);
