import { Command, Option } from 'commander'
import { version } from '../app/package.ts'
import type * as Options from './commands/options.ts'
import type { Io } from './io.ts'

/** Each command's code is loaded when it is called: `check` never waits for what only `run` needs. */
export function createProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('planograph')
    .description('Plan, review and paint pictures from workflow files.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns || 100,
      getErrHelpWidth: () => io.stderr.columns || 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('planograph --help shows what there is.')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed or rejected, 2 usage or invalid workflow, 3 waiting for a review,\n4 timeout, 5 unreachable or not allowed in, 130 cancelled.',
    )
  addRun(program, io, done)
  addResume(program, io, done)
  addFiles(program, io, done)
  addRuns(program, io, done)
  addInstallation(program, io, done)
  return program
}

type Done = (exitCode: number) => void

const collect = (value: string, before: string[]) => [...before, value]
const homeOption = ['--home <dir>', 'home folder (default: PLANOGRAPH_HOME, else ~/.planograph)'] as const
const jsonOption = ['--json', 'print one JSON document'] as const
const source = 'workflow file, .planograph bundle, picture that carries its workflow, or example name'

const reviewOption = () =>
  new Option(
    '--review <how>',
    'reviews: ask (default on a terminal), approve, wait (default elsewhere), reject',
  ).choices(['ask', 'approve', 'wait', 'reject'])

/** Options of commands that follow a run. */
function following(command: Command): Command {
  return command
    .addOption(reviewOption())
    .option('--out <dir>', 'folder for the declared outputs', 'out')
    .option('--overwrite', 'replace files of the same name instead of taking the next free number')
    .option('--timeout <time>', 'park the run after so long: 30s, 10m, 2h')
    .option(...homeOption)
    .option(...jsonOption)
    .option('--ndjson', 'stream events as JSON lines, the document last')
    .option('--open', 'open the pictures when the run is done')
}

function addRun(program: Command, io: Io, done: Done): void {
  const command = program
    .command('run')
    .summary('run a workflow')
    .description('Runs a workflow and writes its outputs.')
    .argument('<source>', source)
    .option(
      '-i, --input <name=value>',
      "a declared input; @file reads a file, @'dir/*.png' several, @@ begins a text with @",
      collect,
      [],
    )
    .option('-s, --set <node.field=value>', 'a value in a node', collect, [])
    .option('--until <node>', 'run only what this node needs', collect, [])
    .option('--refresh <node>', 'make the result of this node anew', collect, [])
    .option('--no-cache', 'use no results of earlier runs')
    .option('--plan-anew', 'take over no plan or decision of the run before')
  following(command).action(async (given: string, options: Options.Run) => {
    const { run } = await import('./commands/run.ts')
    done(await run(given, options, io))
  })
}

function addResume(program: Command, io: Io, done: Done): void {
  const command = program
    .command('resume')
    .summary('go on with a run, or answer its review')
    .description('Goes on with a run that waits, was parked, or was left by a process that died.')
    .argument('<run>', 'id of the run')
    .option('--answer <review>', 'answer this review (its id, or the id of its node)')
    .option('--decision <kind>', 'approve, edit, pick, revise or reject')
    .option('--value <json>', 'for edit: the new value, or @file')
    .option('--items <positions>', 'for pick and revise: positions in the list, counted from 0')
    .option('--feedback <text>', 'for revise: what should be different')
    .option('--node <id>', 'for revise: the node to do anew')
    .option('--comment <text>', 'a remark that is kept with the decision')
    .option('--by <name>', 'who decides')
    .option('--accept-versions', 'go on although node types have changed since the run began')
  following(command).action(async (run: string, options: Options.Resume) => {
    const { resume } = await import('./commands/resume.ts')
    done(await resume(run, options, io))
  })
}

function addFiles(program: Command, io: Io, done: Done): void {
  program
    .command('check')
    .description('Reports every problem of a workflow without running it.')
    .argument('<source>', source)
    .option(...homeOption)
    .option(...jsonOption)
    .action(async (given: string, options: Options.Check) => {
      const { checkFile } = await import('./commands/check.ts')
      done(await checkFile(given, options, io))
    })
  program
    .command('export')
    .description('Writes a workflow in its canonical form, or with all its files as a .planograph bundle.')
    .argument('<source>', source)
    .option('--with-files', 'make a bundle that brings its files along')
    .option('-o, --output <file>', 'where to; a workflow alone goes to stdout otherwise')
    .option('--overwrite', 'replace an existing file')
    .option(...homeOption)
    .action(async (given: string, options: Options.Export) => {
      const { exportFile } = await import('./commands/export.ts')
      done(await exportFile(given, options, io))
    })
}

function addRuns(program: Command, io: Io, done: Done): void {
  program
    .command('runs')
    .description('Lists the runs of this home, newest first.')
    .option('-n, --limit <count>', 'how many', '20')
    .option(...homeOption)
    .option(...jsonOption)
    .action(async (options: Options.Runs) => {
      const { runs } = await import('./commands/runs.ts')
      done(await runs(options, io))
    })
  program
    .command('show')
    .description('Shows a run: its steps, reviews and outputs.')
    .argument('<run>', 'id of the run')
    .option(...homeOption)
    .option(...jsonOption)
    .action(async (run: string, options: Options.Home) => {
      const { show } = await import('./commands/show.ts')
      done(await show(run, options, io))
    })
  program
    .command('explain')
    .description('Says why a step ran: which part of its key differs from the time before.')
    .argument('<run>', 'id of the run')
    .argument('<node>', 'id of the node')
    .option(...homeOption)
    .option(...jsonOption)
    .action(async (run: string, node: string, options: Options.Home) => {
      const { explain } = await import('./commands/explain.ts')
      done(await explain(run, node, options, io))
    })
}

function addInstallation(program: Command, io: Io, done: Done): void {
  program
    .command('nodes')
    .description('Lists the node types, or everything about one.')
    .argument('[type]', 'a node type')
    .option(...jsonOption)
    .action(async (type: string | undefined, options: Options.Json) => {
      const { nodes } = await import('./commands/nodes.ts')
      done(await nodes(type, options, io))
    })
  for (const [name, description] of [
    ['backends', 'Lists the image backends and what they can do.'],
    ['providers', 'Lists the LLM providers by role.'],
    ['models', 'Lists the checkpoints of all backends.'],
    ['doctor', 'Looks whether everything here is as it should be.'],
  ] as const) {
    program
      .command(name)
      .description(description)
      .option(...homeOption)
      .option(...jsonOption)
      .action(async (options: Options.Home) => {
        const command = await installation[name]()
        done(await command(options, io))
      })
  }
  program
    .command('gc')
    .description('Removes cached results that are old or too many, and files that nothing needs any more.')
    .option('--older-than <time>', 'results not used for so long, such as 30d')
    .option('--max-size <size>', 'the least recently used results until the rest fits, such as 5GB')
    .option(...homeOption)
    .option(...jsonOption)
    .action(async (options: Options.Gc) => {
      const { gc } = await import('./commands/gc.ts')
      done(await gc(options, io))
    })
}

const installation = {
  backends: async () => (await import('./commands/backends.ts')).backends,
  providers: async () => (await import('./commands/providers.ts')).providers,
  models: async () => (await import('./commands/models.ts')).models,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
}
