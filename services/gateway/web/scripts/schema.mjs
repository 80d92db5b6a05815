// One schema: the types of the page and the components of openapi.yaml are both written from
// proto/switchboard/v1/*.proto, as protoc understands it. The descriptor set is read by hand (five
// message types of descriptor.proto), so that the build needs nothing beside protoc.
//   node scripts/schema.mjs types     src/generated/schema.ts
//   node scripts/schema.mjs openapi   ../openapi.yaml: everything after the line "components:"
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const proto = join(here, '../../../../proto');
const openapiPath = join(here, '../../openapi.yaml');
const files = ['event', 'session', 'admin', 'screen'].map((name) => `switchboard/v1/${name}.proto`);

// Fields of one message as [number, value]: a number, or a Buffer.
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) yield [tag >>> 3, varint()];
    else if (wire === 2) {
      const size = varint();
      yield [tag >>> 3, bytes.subarray(at, (at += size))];
    } else throw new Error(`descriptor set: wire type ${wire}`);
  }
}
const all = (bytes, number) => [...fields(bytes)].filter(([n]) => n === number).map(([, v]) => v);
const text = (bytes, number) => (all(bytes, number)[0] ?? '').toString();
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase());

function readMessage(bytes, prefix) {
  const name = prefix + text(bytes, 1);
  const nested = all(bytes, 3).map((b) => readMessage(b, `${name}_`));
  const options = all(bytes, 7)[0];
  const fieldList = all(bytes, 2).map((b) => ({
    name: camel(text(b, 1)),
    repeated: all(b, 4)[0] === 3,
    type: all(b, 5)[0],
    ref: text(b, 6).replace('.switchboard.v1.', '').replaceAll('.', '_'),
  }));
  return { name, fields: fieldList, nested, map: options ? all(options, 7)[0] === 1 : false };
}

export function schema() {
  const dir = mkdtempSync(join(tmpdir(), 'switchboard-schema-'));
  try {
    const out = join(dir, 'set');
    execFileSync('protoc', [`-I${proto}`, `--descriptor_set_out=${out}`, ...files]);
    const messages = new Map();
    const enums = new Map();
    const add = (m) => [m, ...m.nested].forEach((one) => messages.set(one.name, one));
    for (const file of all(readFileSync(out), 1)) {
      all(file, 4).forEach((b) => add(readMessage(b, '')));
      all(file, 5).forEach((b) => enums.set(text(b, 1), all(b, 2).map((v) => text(v, 1))));
    }
    return { messages, enums };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const kDouble = 1, kFloat = 2, kInt32 = 5, kBool = 8, kString = 9, kMessage = 11, kBytes = 12;
const kUint32 = 13, kEnum = 14;
const kNumbers = [kDouble, kFloat, kInt32, kUint32];

// What a page can reach: from Screen* and what the stream and the refusals carry.
function reached({ messages }) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const f of messages.get(name)?.fields ?? []) if (f.ref) visit(f.ref);
  };
  const roots = ['Problem', 'SignIn', 'ChangePassword', 'Live', 'Alert', 'Alerts', 'Pushed'];
  [...messages.keys()].filter((n) => n.startsWith('Screen')).concat(roots).forEach(visit);
  return seen;
}

function tsType(field, messages) {
  const of = (f) => {
    if (f.type === kMessage || f.type === kEnum) return f.ref;
    if (f.type === kBool) return 'boolean';
    return kNumbers.includes(f.type) ? 'number' : 'string';
  };
  const entry = messages.get(field.ref);
  if (entry?.map) return `Record<string, ${of(entry.fields[1])}>`;
  return of(field) + (field.repeated ? '[]' : '');
}

export function types({ messages, enums }) {
  const keep = reached({ messages });
  const lines = ['// Written from proto/switchboard/v1 by scripts/schema.mjs.', ''];
  for (const [name, values] of enums) {
    if (keep.has(name)) lines.push(`export type ${name} =`, ...values.map((v) => `  | '${v}'`), '');
  }
  for (const m of messages.values()) {
    if (!keep.has(m.name) || m.map) continue;
    lines.push(`export interface ${m.name} {`);
    for (const f of m.fields) lines.push(`  ${f.name}?: ${tsType(f, messages)};`);
    lines.push('}', '');
  }
  return lines.join('\n').replaceAll(' =\n  |', ' =\n  |');
}

function yamlType(f) {
  if (f.type === kMessage || f.type === kEnum) return `{ $ref: '#/components/schemas/${f.ref}' }`;
  if (f.type === kBool) return '{ type: boolean }';
  if (f.type === kBytes) return '{ type: string, contentEncoding: base64 }';
  if (f.type === kString) return '{ type: string }';
  return kNumbers.includes(f.type) ? '{ type: number }' : "{ type: string, pattern: '^-?[0-9]+$' }";
}

export function components({ messages, enums }) {
  const keep = reached({ messages });
  const lines = ['components:', '  # Written from proto/switchboard/v1 by scripts/schema.mjs.',
    '  securitySchemes:', '    session: { type: apiKey, in: cookie, name: __Host-switchboard }', '  schemas:'];
  for (const [name, values] of enums) {
    if (keep.has(name)) lines.push(`    ${name}:`, '      type: string', '      enum:', ...values.map((v) => `        - ${v}`));
  }
  for (const m of messages.values()) {
    if (!keep.has(m.name) || m.map) continue;
    lines.push(`    ${m.name}:`, '      type: object');
    if (m.fields.length) lines.push('      properties:');
    for (const f of m.fields) {
      const entry = messages.get(f.ref);
      const one = entry?.map ? `{ type: object, additionalProperties: ${yamlType(entry.fields[1])} }` : yamlType(f);
      lines.push(`        ${f.name}: ${f.repeated && !entry?.map ? `{ type: array, items: ${one} }` : one}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function openapi(old, set) {
  const head = old.split(/^components:$/m)[0];
  return head + components(set);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'types') {
    mkdirSync(join(here, '../src/generated'), { recursive: true });
    writeFileSync(join(here, '../src/generated/schema.ts'), types(schema()));
  } else if (process.argv[2] === 'openapi') {
    writeFileSync(openapiPath, openapi(readFileSync(openapiPath, 'utf8'), schema()));
  } else {
    process.stderr.write('schema.mjs types | openapi\n');
    process.exit(64);
  }
}
