// A test in a browser, from its first step to its exit code: says each step and when; of a failure what failed, the
// logs, and a picture of every page in out/. Owns the time it may take. What it started is ended by `stop`, which
// resolves to what the sandbox exited with.
import { mkdirSync } from 'node:fs';

export class Run {
  complaints = [];  // what does not end the test, and fails it
  browser;
  #began = performance.now();
  #current = '';
  #ending = false;
  #outOfTime;

  constructor(name, seconds, { logs, stop }) {
    Object.assign(this, { name, logs, stop });
    this.#outOfTime = setTimeout(() => { process.stderr.write(`FAILED in "${this.#current}": not done within ${seconds} s\n`); void this.#finish(1); }, seconds * 1000);
  }

  step(text) {
    this.#current = text;
    process.stdout.write(`${((performance.now() - this.#began) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  }

  async of(story) {
    try {
      await story();
      await this.#finish(0);
    } catch (error) {
      process.stderr.write(`FAILED in "${this.#current}": ${error.stack}\n`);
      mkdirSync('out', { recursive: true });
      const pages = this.browser?.contexts().flatMap((c) => c.pages()) ?? [];
      await Promise.all(pages.map((p, n) => p.screenshot({ path: `out/${this.name}-${n}.png`, fullPage: true, timeout: 5_000 }).catch(() => undefined)));
      await this.#finish(1);
    }
  }

  async #finish(code) {
    if (this.#ending) return;
    this.#ending = true;
    clearTimeout(this.#outOfTime);
    await this.browser?.close().catch(() => undefined);
    if (code) {
      try { process.stderr.write(this.logs()); } catch { /* it never started */ }
    }
    const exit = await this.stop().catch((e) => e.message);
    for (const text of this.complaints) process.stderr.write(`FAILED: ${text}\n`);
    if (!code && exit !== 0) process.stderr.write(`FAILED: the sandbox ended with ${exit}\n`);
    const failed = code || exit !== 0 || this.complaints.length > 0;
    if (!failed) this.step('done');
    process.exit(failed ? 1 : 0);
  }
}
