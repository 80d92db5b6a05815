import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: { target: 'es2022', modulePreload: false, assetsInlineLimit: 0, reportCompressedSize: false },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.{ts,tsx}'] },
});
