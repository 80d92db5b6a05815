// @vitest-environment node
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
// @ts-expect-error a build script without types
import { openapi, schema } from '../scripts/schema.mjs';

const text = readFileSync('../openapi.yaml', 'utf8');
const document = parse(text);

it('has the components that the protos give', () => expect(openapi(text, schema())).toBe(text));

it('refers only to what is there', () => {
  const refs = [...text.matchAll(/\$ref: '#\/components\/schemas\/(\w+)'/g)].map((m) => m[1]!);
  expect(refs.filter((name) => !(name in document.components.schemas))).toEqual([]);
});

it('names each path parameter, each operation once, and the token of each request that changes something', () => {
  const ids: string[] = [];
  for (const [path, operations] of Object.entries<Record<string, { operationId: string; security?: []; parameters?: { name: string; in: string }[] }>>(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      ids.push(operation.operationId);
      const named = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name);
      expect([path, method, named]).toEqual([path, method, [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1])]);
      const token = (operation.parameters ?? []).some((p) => p.name === 'X-Switchboard-Csrf');
      expect([path, method, token]).toEqual([path, method, method !== 'get' && !operation.security]);
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
});
