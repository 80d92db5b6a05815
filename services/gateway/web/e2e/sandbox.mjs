// A sandbox in a temporary folder: the real hub, MLLP adapters and gateways, and a feed into them.
// Owns its processes and its folder; stop() leaves neither behind.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function eventually(what, holds, seconds = 60) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > until) throw new Error(`did not happen within ${seconds} s: ${what}`);
    await new Promise((next) => setTimeout(next, 50));  // between two looks at the condition
  }
}

export class Sandbox {
  #runner; #folder; #exit; #messages = 0;

  // `change` is given the sandbox's folder before anything runs in it.
  async start(programs, pages, change = () => undefined) {
    this.#folder = mkdtempSync(join(tmpdir(), 'switchboard-journey-'));
    const switchboard = join(programs, 'switchboard');
    execFileSync(switchboard, ['sandbox', 'init', this.dir], { stdio: 'pipe' });
    change(this.dir);
    const log = openSync(join(this.#folder, 'sandbox.log'), 'a');
    this.#runner = spawn(switchboard, ['sandbox', 'run', this.dir, '--web', pages], { stdio: ['ignore', log, log] });
    this.#exit = new Promise((done) => this.#runner.on('exit', (code, signal) => done(signal ?? code)));
    await eventually('the sandbox starts', () => this.addresses() !== undefined || this.#runner.exitCode !== null);
    if (!this.addresses()) throw new Error(`the sandbox ended:\n${this.log()}`);
    await Promise.all(this.addresses().screens.map((s) => this.#open(s.url)));
  }

  get dir() { return join(this.#folder, 'sandbox'); }
  get passPhrase() { return readFileSync(join(this.dir, 'keys/people.pass'), 'utf8').trim(); }
  log() { return readFileSync(join(this.#folder, 'sandbox.log'), 'utf8'); }
  addresses() {
    try { return JSON.parse(readFileSync(join(this.dir, 'endpoints.json'), 'utf8')); } catch { return undefined; }
  }
  screen(agency) { return this.addresses().screens.find((s) => s.agency === agency); }

  // Nobody can sign in before a gateway has heard from the hub who there is.
  #open(url) {
    return eventually(`${url} knows its people`, async () => {
      const said = await fetch(`${url}api/session`, { method: 'POST', body: '{"person":"nobody","password":"none at all"}',
        headers: { 'Content-Type': 'application/json', Origin: url.slice(0, -1) } }).catch(() => undefined);
      return said && said.status !== 503;
    });
  }

  // One sample over MLLP, as a message of its own; resolves at its AA.
  feed(agency, sample) {
    this.#messages += 1;
    const text = readFileSync(join(this.dir, 'hl7', sample), 'utf8').replace(/(\|[NS])(\d{5})\|P\|/, `$1J${String(this.#messages).padStart(6, '0')}|P|`);
    const [host, port] = this.addresses().mllp.find((m) => m.agency === agency).address.split(':');
    return new Promise((done, fail) => {
      let answer = '';
      const socket = connect(Number(port), host, () => socket.write(`\x0b${text}\x1c\r`));
      socket.setTimeout(30_000, () => { socket.destroy(); fail(new Error('no acknowledgement in 30 s')); });
      socket.on('error', fail);
      socket.on('data', (bytes) => {
        answer += bytes;
        if (!answer.endsWith('\x1c\r')) return;
        socket.destroy();
        if (/\rMSA\|AA\|/.test(answer)) done(performance.now());
        else fail(new Error(`not AA: ${answer.replaceAll('\r', ' ')}`));
      });
    });
  }

  // While held, what dies stays dead.
  hold() { this.#runner.kill('SIGSTOP'); }
  letGo() { this.#runner.kill('SIGCONT'); }

  // What it exited with.
  async stop() {
    let exit;
    if (this.#runner) {
      this.letGo();
      this.#runner.kill('SIGTERM');
      exit = await this.#exit;
    }
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    return exit;
  }
}
