import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/bench/**', 'tests/e2e/**', '**/node_modules/**'],
    testTimeout: 30_000,
    pool: 'forks',
    coverage: {
      provider: 'v8',
      include: ['runtime/**/*.ts', 'nodes/**/*.ts', 'server/**/*.ts'],
      exclude: ['**/*.generated.ts'],
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
      thresholds: {
        'runtime/**/*.ts': { lines: 80 },
        'nodes/**/*.ts': { lines: 80 },
        'server/**/*.ts': { lines: 80 },
        'runtime/run/apply.ts': { branches: 100 },
        'runtime/run/decide.ts': { branches: 100 },
        'runtime/run/judge.ts': { branches: 100 },
        'runtime/cache-key.ts': { branches: 100 },
      },
    },
  },
})
