/** Who may import whom. The table of README's "The house", enforced. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
})

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Split by subject so that imports form a tree.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      comment:
        'The file or package does not exist. (What the benchmarks compare with is installed beside them.)',
      severity: 'error',
      from: { pathNot: '^tests/bench/' },
      to: { couldNotResolve: true },
    },
    only(
      'runtime-is-pure',
      '^runtime/',
      ['^runtime/', 'node_modules/zod'],
      'runtime imports zod and nothing else',
    ),
    only(
      'kinds-are-pure',
      '^nodes/kinds/',
      ['^runtime/', '^nodes/kinds/', 'node_modules/zod', '^models/[^/]+/vocabulary\\.json$'],
      'nodes/kinds imports runtime and zod',
    ),
    only(
      'nodes',
      '^nodes/[^/]+/[^/]+\\.ts$',
      [
        '^runtime/',
        '^nodes/',
        'node_modules/(zod|sharp)',
        '^(node:)?(fs|path|os|url|crypto|dns|net|buffer|util|stream|zlib)(/|$)',
      ],
      'nodes import runtime, kinds, services, sharp',
    ),
    {
      name: 'no-node-imports-another-node',
      severity: 'error',
      from: { path: '^nodes/(?!kinds|services)[^/]+/' },
      to: { path: '^nodes/(?!kinds|services)[^/]+/' },
    },
    {
      name: 'nodes-not-server',
      severity: 'error',
      from: { path: '^(nodes|runtime|document)/' },
      to: { path: '^(server|editor)/' },
    },
    {
      name: 'services-only',
      comment: 'ws, openai and onnxruntime-node belong to nodes/services',
      severity: 'error',
      from: { pathNot: '^nodes/services/' },
      to: { path: 'node_modules/(openai|onnxruntime-node)' },
    },
    {
      name: 'cli-through-app',
      severity: 'error',
      from: { path: '^server/(cli|http|live)/' },
      to: { path: '^server/storage/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
