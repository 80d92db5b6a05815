import a11y from 'eslint-plugin-jsx-a11y';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', 'out', 'src/generated', 'node_modules'] },
  ...ts.configs.recommended,
  { files: ['src/**/*.tsx'], ...a11y.flatConfigs.strict },
  {
    files: ['src/**/*.tsx'],
    settings: { 'jsx-a11y': { attributes: { for: ['for', 'htmlFor'] } } },
    rules: {
      // A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
      'jsx-a11y/no-noninteractive-tabindex': ['error', { roles: ['region'], tags: [] }],
      'jsx-a11y/label-has-associated-control': ['error', { assert: 'either' }],
    },
  },
);
