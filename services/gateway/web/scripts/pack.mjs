// Compresses what a browser can take compressed, once, at build time; says how big the page is.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

let whole = 0;
let packed = 0;
for (const name of readdirSync('dist', { recursive: true })) {
  const path = join('dist', name);
  if (!statSync(path).isFile() || !/\.(js|css|html|svg|webmanifest)$/.test(path)) continue;
  const bytes = readFileSync(path);
  const small = gzipSync(bytes, { level: 9 });
  writeFileSync(`${path}.gz`, small);
  whole += bytes.length;
  packed += small.length;
  process.stdout.write(`${path}  ${bytes.length} B  gzip ${small.length} B\n`);
}
process.stdout.write(`bundle: ${whole} B, gzip ${packed} B\n`);
