// Told and picked up: the pages in a real browser, the real gateways, hub and MLLP adapters.
//   node e2e/journey.mjs PROGRAMS      (a build's bin/); npm run build first
// Every step waits for what it is about to look at; nothing waits for a time.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { Run } from './run.mjs';
import { eventually, Sandbox } from './sandbox.mjs';

const programs = resolve(process.argv[2] ?? '../../../build/dev/bin');
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
for (const needed of [programs, chromiumPath, 'dist/index.html']) assert.ok(existsSync(needed), `${needed} is not there`);

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const secret = /harrow|\bnia\b|quill|912\W*604\W*0018|926\W*260\W*4009/i;
const hv = '/teams/X99-HEALTH-VISITING';
const sandbox = new Sandbox();
const run = new Run('journey', 170, {
  logs: () => `--- sandbox.log\n${sandbox.log().slice(-2500)}\n`,
  stop: () => sandbox.stop(),
});
const step = (text) => run.step(text);
const { complaints } = run;
const at = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(p * values.length) - 1)].toFixed(0);

// A person with a browser of their own. What it asks for and what it is called never names a child.
async function arrive(name, agency, person, path) {
  const context = await run.browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(45_000);
  const page = await context.newPage();
  page.on('request', (r) => { if (secret.test(decodeURIComponent(r.url()))) complaints.push(`${name}: a URL names a child: ${r.url()}`); });
  page.on('pageerror', (e) => complaints.push(`${name}: ${e.message}`));
  page.on('console', (m) => { if (/Content Security Policy/.test(m.text())) complaints.push(`${name}: ${m.text()}`); });
  await page.goto(sandbox.screen(agency).url + path.slice(1));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await check(page, 'sign in');
  await page.getByLabel('Sign-in name').fill(person);
  await page.getByLabel('Password').fill(sandbox.passPhrase);
  await page.getByRole('button', { name: 'Sign in' }).click();
  return page;
}

async function check(page, what) {
  const title = await page.title();
  assert.doesNotMatch(title, secret, `the title of ${what}`);
  assert.doesNotMatch(decodeURIComponent(page.url()), secret, `the address of ${what}`);
  assert.ok(title, `${what} has a title`);
  await page.evaluate(`if (!globalThis.axe) { ${axe} }`);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  for (const v of violations) complaints.push(`${what}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
const live = (page) => page.getByText(/Live – last word/).waitFor({ timeout: 60_000 });
const notLive = (page) => page.getByText(/NOT live since/).waitFor({ timeout: 60_000 });
const showNew = (page) => page.getByRole('button', { name: /^Show \d+ new alert/ });
const tabTo = async (page, name, stops = 80) => {
  for (let n = 0; n < stops; n += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await focused(page))) return;
  }
  throw new Error(`${stops} tab stops and no ${name}`);
};

async function journey() {
  step('a sandbox: hub, two MLLP adapters, the screens of three agencies');
  await sandbox.start(programs, resolve('dist'));
  run.browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

  step('a health visitor signs in; nothing is there yet');
  const page = await arrive('health visitor', 'X99', 'chloe.ng', `${hv}/alerts`);
  await live(page);
  await page.getByText('Nothing here as of').waitFor();
  const loads = await page.evaluate(() => performance.getEntriesByType('navigation').length);
  await page.evaluate(() => { globalThis.sameDocument = true; });

  step('a colleague of the same team signs in, in a second browser');
  const colleague = await arrive('colleague', 'X99', 'tomos.price', `${hv}/alerts?section=others`);
  await live(colleague);

  step('the trust admits the child: ADT^A01; the alert is told without a reload');
  await sandbox.feed('X26', 'x26_adt_a01_admission.hl7');
  await showNew(page).waitFor();
  assert.match(await showNew(page).innerText(), /^Show 1 new alert/);
  await showNew(page).click();
  await page.getByRole('heading', { name: 'HARROW, Nia' }).waitFor();
  await page.getByText('912 604 0018').first().waitFor();
  assert.ok(loads === 1 && await page.evaluate(() => globalThis.sameDocument), 'it was not reloaded');
  const admitted = page.getByRole('article', { name: /^Admitted/ });
  const label = await admitted.getAttribute('aria-label');
  const alert = page.getByRole('article', { name: label, exact: true });
  await check(page, 'alerts');

  step('the colleague sees it, too, and then who has it');
  await showNew(colleague).click();
  await alert.getByRole('button', { name: /^Pick up/ }).click();
  await alert.getByRole('button', { name: /^Undo/ }).waitFor();
  const theirs = colleague.getByRole('article', { name: label, exact: true });
  await theirs.getByText(/Picked up: Chloe Ng/).waitFor();

  step('picked up in error: Undo, and picked up again');
  await alert.getByRole('button', { name: /^Undo/ }).click();
  await alert.getByText(/Nobody has picked it up/).waitFor();
  await theirs.waitFor({ state: 'detached' });
  await alert.getByRole('button', { name: /^Pick up/ }).click();
  await alert.getByText(/Picked up: you/).waitFor();
  await theirs.getByText(/Picked up: Chloe Ng/).waitFor();
  await check(colleague, 'alerts of a colleague');

  step('who else was told, and why');
  await alert.getByRole('button', { name: /^Details/ }).click();
  await alert.getByRole('cell', { name: /Chloe Ng/ }).waitFor();
  await check(page, 'details');

  step('20 more messages: from AA to the screen');
  const took = [];
  for (let n = 0; n < 20; n += 1) {
    const accepted = await sandbox.feed('X26', 'x26_adt_a04_ed.hl7');
    await showNew(page).waitFor();
    took.push(performance.now() - accepted);
    await showNew(page).click();
    await page.getByRole('article', { name: /^Attended/ }).nth(n).waitFor();
  }
  process.stdout.write(`          accepted -> on screen: p50 ${at(took, 0.5)} ms, p95 ${at(took, 0.95)} ms, most ${at(took, 1)} ms (${took.length} messages)\n`);

  step('what is typed is kept while the screen is locked');
  await page.getByRole('link', { name: /^Mine/ }).click();
  await alert.getByRole('button', { name: /^Record an action/ }).click();
  const words = alert.getByLabel('What was done?');
  await words.fill('Home visit booked');
  await page.getByText('Chloe Ng', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Lock this screen' }).click();
  await page.getByRole('heading', { name: 'This screen is locked' }).waitFor();
  assert.ok(!await page.getByText('HARROW').first().isVisible(), 'a locked screen shows no child');
  await check(page, 'locked');
  await page.getByLabel('Password').fill(sandbox.passPhrase);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await words.waitFor();
  assert.equal(await words.inputValue(), 'Home visit booked');

  step('an action, and the outcome');
  await alert.getByRole('button', { name: 'Save action' }).click();
  await alert.getByText(/Actioned: you/).waitFor();
  await alert.getByRole('button', { name: /^Finish/ }).click();
  await alert.locator('form').getByRole('button', { name: 'Finish', exact: true }).click();
  await alert.getByText('Write at least a few words').waitFor();
  await alert.getByLabel('What is the outcome?').fill('Seen at home, feeding well');
  await alert.locator('form').getByRole('button', { name: 'Finish', exact: true }).click();
  await alert.getByText(/Finished: you/).waitFor();

  step('the sender sees who picked it up');
  const sender = await arrive('sender', 'X26', 'ruth.hollis', '/teams/X26-SAFEGUARDING/sent');
  await sender.getByText(/Finished by Chloe Ng/).first().waitFor();
  const item = sender.getByRole('article', { name: /^Admitted/ });
  await item.getByRole('button', { name: /^Who was told/ }).click();
  await item.getByRole('cell', { name: /Chloe Ng.*signed in here/ }).waitFor();
  await check(sender, 'sent by us');

  step('the safety net: each of the attendances is there, the counts agree, one is reviewed');
  const nurse = await arrive('liaison nurse', 'X26', 'ben.carver', '/teams/X26-LIAISON/safety-net');
  await nurse.getByText(/20 attendances are not reviewed/).waitFor();
  assert.equal(await nurse.getByRole('article', { name: /^Attendance/ }).count(), 20);
  await eventually('the adapter has told its count, and it agrees', async () => {
    await nurse.reload();
    await nurse.getByText(/attendances are not reviewed/).waitFor();
    return nurse.getByText('This list agrees with what the feed counted').isVisible();
  });
  const visit = nurse.getByRole('article', { name: /^Attendance/ }).last();
  await visit.getByRole('button', { name: /^Record the review/ }).click();
  await visit.getByRole('button', { name: 'Save the review' }).click();
  await visit.getByText('Choose the outcome of the review').waitFor();
  await visit.getByLabel('What came of the review?').selectOption('Discussed with the named nurse');
  await visit.getByRole('button', { name: 'Save the review' }).click();
  await visit.getByText(/by Ben Carver, .*Discussed with the named nurse/).waitFor();
  await nurse.getByText(/19 attendances are not reviewed/).waitFor();
  await check(nurse, 'safety net');
  await visit.getByRole('button', { name: /^Undo/ }).click();
  await nurse.getByText(/20 attendances are not reviewed/).waitFor();

  step('the hub, as its operator sees it: nothing of a child; nobody else may look');
  const operator = await arrive('operator', 'X26', 'ruth.hollis', '/operator');
  await operator.getByRole('heading', { name: 'Health in plain words' }).waitFor();
  assert.doesNotMatch(await operator.locator('#main').innerText(), secret);
  await check(operator, 'the hub');
  assert.equal((await nurse.request.get(`${sandbox.screen('X26').url}api/operator`)).status(), 403);

  step('a prompt that policy makes mandatory; a call is logged, told, and shows no place');
  await sender.getByRole('link', { name: 'Send', exact: true }).click();
  await sender.getByLabel('Who else is in the household?').waitFor();
  await sender.getByRole('button', { name: 'Send', exact: true }).click();
  await sender.getByRole('link', { name: /Who else is in the household/ }).click();
  assert.equal(await sender.evaluate(() => document.activeElement?.id), 'answers.household');
  await check(sender, 'a form with errors');
  await sender.getByLabel('What do you want to send?').selectOption('call_logged');
  const call = {
    'Family name': 'Harrow', 'Given names': 'Nia', 'Date of birth': '2026-05-02', 'Council area code, if you have it': 'E06009901',
    'Whom was the call with?': 'Duty social worker', 'What was said?': 'A plan meeting is on Friday.', 'Why does it matter for this child?': 'All should be there.',
    'If that is not known, why?': 'Too young to say', 'What was agreed: who does what next? (optional)': 'They invite the health visitor.', 'Number to ring you back on': '01632 960131',
  };
  for (const [label, text] of Object.entries(call)) await sender.getByLabel(label, { exact: true }).fill(text);
  const choices = { 'Who rang?': 'CALL_DIRECTION_MADE', 'How urgent is it?': 'URGENCY_ROUTINE', 'Has the family been told?': 'FAMILY_INFORMED_YES', 'Has the child’s and the family’s view been sought?': 'VIEWS_SOUGHT_YES' };
  for (const [label, value] of Object.entries(choices)) await sender.getByLabel(label, { exact: true }).selectOption(value);
  await sender.getByLabel('The child’s address must be kept secret').check();
  await sender.getByRole('button', { name: 'Send', exact: true }).click();
  await sender.getByRole('heading', { name: 'Sent', exact: true }).waitFor();
  await page.goto(`${sandbox.screen('X99').url}${hv.slice(1)}/alerts?section=information`);
  const logged = page.getByRole('article', { name: /^Telephone call/ });
  await logged.getByRole('button', { name: /^Details/ }).click();
  await logged.getByText('They invite the health visitor.').waitFor();
  await logged.getByText(/^Address protected/).waitFor();
  await check(page, 'a call, told');

  step('with the keyboard alone: list, pick up, undo');
  await page.goto(`${sandbox.screen('X99').url}${hv.slice(1)}/alerts`);
  await live(page);
  await page.getByRole('article', { name: /^Attended/ }).first().waitFor();
  await tabTo(page, /^Pick up/);
  await page.keyboard.press('Enter');
  await eventually('the focus is on Undo', async () => /^Undo/.test(await focused(page)));
  await page.keyboard.press('Enter');
  await eventually('the focus is on Pick up again', async () => /^Pick up/.test(await focused(page)));
  await tabTo(page, /^Log a call/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Cancel/);
  await page.keyboard.press('Enter');
  await eventually('the focus is on an act of the alert, not at the top', async () => /^Pick up/.test(await focused(page)));

  step('all pages');
  const card = page.getByRole('link', { name: 'All about this child' }).first();
  await card.click();
  await page.getByRole('heading', { name: 'HARROW, Nia', level: 1 }).waitFor();
  await page.getByRole('listitem').filter({ hasText: /^Finished by Chloe Ng/ }).getByText('Seen at home, feeding well').waitFor();
  await page.getByLabel('Show', { exact: true }).selectOption('events');
  await eventually('the address says what is shown', () => page.url().endsWith('?show=events'));
  await check(page, 'child');
  await page.getByRole('link', { name: 'Send', exact: true }).click();
  await page.getByRole('heading', { name: 'Send', exact: true }).waitFor();
  await check(page, 'send');
  await page.getByRole('link', { name: 'Directory and duty' }).click();
  await page.getByRole('rowheader', { name: /Northmoor emergency department/ }).waitFor();
  await check(page, 'directory');
  await page.getByRole('link', { name: 'Hand-over', exact: true }).click();
  await page.getByRole('heading', { name: /^Not picked up \(\d+\)/ }).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'HARROW, Nia' }).first().waitFor();
  await page.getByLabel('With children’s names').uncheck();
  assert.equal(await page.getByText('HARROW').filter({ visible: true }).count(), 0, 'a sheet without names names nobody');
  await check(page, 'hand-over');
  await page.getByRole('link', { name: 'Alerts', exact: true }).click();
  await live(page);

  step('the hub is killed: the screen says so, the numbers stay readable, the feed is still taken');
  sandbox.hold();
  process.kill(sandbox.addresses().hub.pid, 'SIGKILL');
  await notLive(page);
  await page.getByRole('link', { name: 'the teams you depend on' }).click();
  await page.getByRole('rowheader', { name: /Northmoor emergency department/ }).waitFor();
  await page.getByText('01632 960121').first().waitFor();
  await page.getByText(/These numbers are a copy/).waitFor();
  await page.getByRole('link', { name: 'Alerts', exact: true }).click();
  await sandbox.feed('X26', 'x26_adt_a01_newborn.hl7');

  step('the hub is back: live again, and what was sent meanwhile is there');
  sandbox.letGo();
  await live(page);
  await showNew(page).click();
  await page.getByRole('heading', { name: 'QUILL, Baby' }).waitFor();

  step('the gateway is killed: still signed in, live again, no gap');
  const before = sandbox.screen('X99');
  sandbox.hold();
  process.kill(before.pid, 'SIGKILL');
  await notLive(page);
  await sandbox.feed('X26', 'x26_adt_a04_ed.hl7');
  sandbox.letGo();
  await eventually('the gateway is started again', () => sandbox.screen('X99').pid !== before.pid);
  await live(page);
  await showNew(page).waitFor();
  assert.match(await showNew(page).innerText(), /^Show 1 new alert/);
  await showNew(page).click();
  assert.equal(await page.getByRole('article', { name: /^Attended/ }).count(), 21);
  await check(page, 'alerts at the end');
}

await run.of(journey);
