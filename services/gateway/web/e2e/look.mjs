// Looks at each page x state: serves dist/ with fixtures for /api (a fixture of this check, no part of the
// product), runs axe, checks 320 px and takes screenshots: node e2e/look.mjs [DIR], out/ if none is named. npm run build first.
import { createServer } from 'node:http';
import { mkdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { fixtures } from './fixtures.mjs';

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const types = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', html: 'text/html; charset=utf-8' };
const out = process.argv[2] ?? 'out';
let state = {};
const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://x').pathname;
  if (path.endsWith('/stream')) {
    if (state.dead) return response.writeHead(503).end('{}');
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const [event, data] of state.stream ?? []) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    return undefined;
  }
  if (path.startsWith('/api/')) {
    const key = `${request.method} ${path}`;
    const [status, body] = state.api[key] ?? [404, { code: 'CODE_NOT_FOUND', text: `no fixture for ${key}` }];
    return response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }
  const file = join('dist', path);
  const found = /\.\w+$/.test(path) && existsSync(file) ? file : 'dist/index.html';
  return response.writeHead(200, { 'Content-Type': types[found.split('.').pop()], 'Content-Security-Policy': csp }).end(readFileSync(found));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
mkdirSync(out, { recursive: true });
let bad = 0;
const complain = (text) => { bad += 1; process.stdout.write(`FAIL ${text}\n`); };
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

for (const look of fixtures()) {
  state = look;
  for (const mode of ['wide', 'narrow', 'forced']) {
    const context = await browser.newContext({ viewport: { width: mode === 'narrow' ? 320 : 1280, height: 900 }, bypassCSP: mode !== 'wide', forcedColors: mode === 'forced' ? 'active' : 'none', reducedMotion: 'reduce', timezoneId: 'Europe/London', locale: 'en-GB' });
    const page = await context.newPage();
    page.on('console', (m) => { if (/Content Security Policy/.test(m.text())) complain(`${look.name}: ${m.text()}`); });
    page.on('pageerror', (e) => complain(`${look.name}: ${e.message}`));
    await page.goto(base + look.path);
    await page.getByRole('heading', { name: look.heading }).first().waitFor({ timeout: 10_000 });
    if (look.then) await look.then(page);
    await page.screenshot({ path: join(out, `${look.name}-${mode}.png`), fullPage: true });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) complain(`${look.name} ${mode}: scrolls sideways by ${over} px`);
    if (mode !== 'wide') {
      await page.evaluate(axe);
      const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
      for (const v of result.violations) complain(`${look.name} ${mode}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
    }
    await context.close();
  }
  process.stdout.write(`looked at ${look.name}\n`);
}
await browser.close();
server.closeAllConnections();
server.close();
process.exitCode = bad ? 1 : 0;
