// Apache in front of a gateway's proxy_socket, by the recipe that is handed out (deploy/config/apache-openid.conf):
// the values behind its Defines are the test's, everything else is as it stands there. An ordinary process on
// loopback with a folder of its own; stop() ends it. As root it serves as www-data, as Debian's does.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from './sandbox.mjs';

const recipe = '../../../deploy/config/apache-openid.conf';
export const program = '/usr/sbin/apache2';
const modules = '/usr/lib/apache2/modules';
const loaded = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'alias', 'headers', 'ssl', 'proxy', 'proxy_http', 'auth_openidc'];

export const missing = () => [program, `${modules}/mod_auth_openidc.so`].filter((file) => !existsSync(file));
export const isRoot = process.getuid() === 0;
export const group = isRoot ? Number(execFileSync('id', ['-g', 'www-data'])) : process.getgid();

// As the runbook has it: what is made in there belongs to the proxy's group.
export function makeDoor(folder) {
  if (isRoot) chownSync(folder, 0, group);
  chmodSync(folder, 0o2750);
  return join(folder, 'gateway.sock');
}

export function makeCertificate(folder) {
  const [key, certificate] = [join(folder, 'proxy.key'), join(folder, 'proxy.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  return { key, certificate };
}

export const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)); });
});

export class Proxy {
  #folder; #process; #log = '';
  constructor(folder, port) { this.#folder = folder; this.port = port; this.address = `https://127.0.0.1:${port}`; }

  #configuration(values) {
    let text = readFileSync(recipe, 'utf8');
    const names = [...text.matchAll(/^Define (\S+)/gm)].map((m) => m[1]);
    assert.deepEqual(Object.keys(values).sort(), names.sort(), 'the Defines of the recipe');
    for (const [name, value] of Object.entries(values)) text = text.replace(new RegExp(`^(Define ${name}) .*$`, 'm'), `$1 ${value}`);
    const own = [`ServerRoot ${this.#folder}`, `DefaultRuntimeDir ${this.#folder}`, `PidFile ${this.#folder}/apache.pid`, 'ServerName localhost',
      `ErrorLog ${this.#folder}/apache.log`, 'LogLevel warn', ...loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`),
      ...(isRoot ? ['User www-data', 'Group www-data'] : []), `Listen 127.0.0.1:${this.port}`];
    return `${own.join('\n')}\n${text}`;
  }

  // In the foreground, one process: it ends with the signal and leaves nothing behind.
  async start(values) {
    const file = join(this.#folder, 'apache.conf');
    writeFileSync(file, this.#configuration(values), { mode: 0o600 });
    this.#process = spawn(program, ['-X', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const out of [this.#process.stdout, this.#process.stderr]) out.on('data', (text) => { this.#log += text; });
    await eventually('the proxy answers', () => this.#process.exitCode !== null || fetch(`http://127.0.0.1:${this.port}/`).then(() => true, () => false));
    if (this.#process.exitCode !== null) throw new Error(`the proxy ended:\n${this.log()}`);
  }

  log() {
    const file = join(this.#folder, 'apache.log');
    return this.#log + (existsSync(file) ? readFileSync(file, 'utf8') : '');
  }

  async stop() {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((done) => this.#process.on('exit', done));
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(late);
  }
}
