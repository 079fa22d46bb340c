import { Command, CommanderError } from 'commander';
import { createLog } from '../observe/index.ts';
import { systemChance, systemClock } from '../time/index.ts';
import { runToken } from './api-tokens.ts';
import { runCall } from './call.ts';
import { runCheck } from './check.ts';
import { runDecrypt } from './decrypt.ts';
import { runDemo } from './demo/run-demo.ts';
import { runMachines } from './machines.ts';
import { runNew } from './new-agent.ts';
import { type Terminal, UserError } from './output.ts';
import { runForget } from './records.ts';
import { runRehearse } from './rehearse/run-rehearse.ts';
import { runSchema } from './schema.ts';
import { runServe } from './serve.ts';
import { agentsFolder, readAgentFiles } from './settings.ts';
import { runShop } from './shop.ts';
import { ToolBook } from './tools.ts';
import { runWatch } from './watch/run-watch.ts';
import { runWebhooks } from './webhooks-command.ts';

/**
 * The command line of Baari. Resolves with the exit code: 0 all is well, 1 what was asked for failed, 2 it was asked for
 * wrongly.
 */
export async function main(args: readonly string[], terminal: Terminal = process): Promise<number> {
  let exitCode = 0;
  const run = (work: Promise<number>): Promise<void> =>
    work.then((code) => {
      exitCode = code;
    });
  const program = commands(terminal, run);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UserError)) throw error;
    terminal.stderr.write(`baari: ${error.message}\n`);
    return error.exitCode;
  }
}

function commands(terminal: Terminal, run: (work: Promise<number>) => Promise<void>): Command {
  const { stdout, stderr, env } = terminal;
  const program = new Command('baari')
    .description('Baari (बारी, "your turn") answers Exotel phone calls with Gemini Live.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .showHelpAfterError('(baari --help tells what there is)');

  program
    .command('serve')
    .description(
      'answer calls: with a key in GEMINI_API_KEY by Gemini Live, without one by the built-in simulator',
    )
    .option('--agents <folder>', 'the folder of agent files (BAARI_AGENTS); by default the bakery example')
    .option('--port <number>', 'where to listen (PORT, 8080)')
    .option('--host <address>', 'where to listen (HOST, 127.0.0.1)')
    .option('--workers <number>', 'processes that share the calls, or auto: one a core (BAARI_WORKERS, 1)')
    .option('--records <folder>', 'write a record of each call here (BAARI_RECORDS)')
    .option('--gemini <which>', 'auto, google or simulated (BAARI_GEMINI, auto)')
    .option(
      '--inspect <tool>',
      'stately: show the charts of live calls in Stately’s inspector, a page of theirs',
    )
    .option('--log-level <level>', 'trace, debug, info, warn, error or silent (BAARI_LOG_LEVEL, info)')
    .option('--json', 'tell the addresses as one JSON line')
    .action((options) => run(runServe(options, terminal)));

  program
    .command('demo')
    .description('place one call with recorded human speech, end to end, and show it')
    .option('--out <folder>', 'where the record goes', 'baari-demo')
    .option('--json', 'tell the result as JSON')
    .action((options) => run(runDemo(options, terminal)));

  program
    .command('new <agent>')
    .description('begin an agent file from an example, with scenarios to rehearse it')
    .option('--from <example>', 'bakery, clinic or delivery', 'bakery')
    .option('--agents <folder>', 'the folder of agent files (BAARI_AGENTS, agents)')
    .action((agent, options) => run(runNew(agent, options, terminal)));

  program
    .command('shop')
    .description('the example bakery’s own system: a menu, and orders that are kept')
    .option('--port <number>', 'where to listen on 127.0.0.1 (8090)')
    .option('--orders <file>', 'where orders are kept', 'baari-orders.jsonl')
    .action((options) => run(runShop(options, terminal)));

  program
    .command('rehearse')
    .description('let simulated callers try an agent, and measure what they hear')
    .option('--agents <folder>', 'the folder of agent files (BAARI_AGENTS); by default the bakery example')
    .option('--agent <name>', 'which agent; by default the first')
    .option('--scenario <name or file...>', 'scenarios to rehearse; by default all that ship')
    .option('--set <section.field=value...>', 'try another policy, such as turns.confirm_ms=400')
    .option('--seed <number>', 'of all chance (1)')
    .option('--calls <number>', 'at most so many calls of each scenario')
    .option('--concurrency <number>', 'calls at a time in real time (8)')
    .option(
      '--simulated-time',
      'everything in one process on one simulated clock: fast, and the same each time',
    )
    .option('--gemini <which>', 'simulated or google', 'simulated')
    .option('--out <file>', 'write the result as JSON')
    .option('--json', 'tell the result as JSON')
    .option('--verbose', 'tell every call on stderr')
    .action((options) => run(runRehearse(options, terminal)));

  program
    .command('call <agent> <number>')
    .description('place a call by Exotel, with the credentials in EXOTEL_*; exit code 0 once it was answered')
    .option('--agents <folder>', 'the folder of agent files (BAARI_AGENTS); by default the bakery example')
    .option('--field <name=value...>', 'custom fields, which arrive as parameters of the call')
    .option('--no-wait', 'do not follow the call to its end')
    .option(
      '--log-level <level>',
      'trace, debug, info, warn, error or silent, on stderr (BAARI_LOG_LEVEL, silent)',
    )
    .option('--json', 'tell each status as one JSON line')
    .action((agent: string, number: string, options) => run(runCall(agent, number, options, terminal)));

  program
    .command('watch [call]')
    .description('show a live call of a running service as it goes on; without one, the only one or the list')
    .option('--url <address>', 'of the service (BAARI_URL, http://127.0.0.1:8080)')
    .option('--token <token>', 'that opens it (BAARI_API_TOKEN)')
    .option('--all', 'tell the steps of every chart')
    .action((call: string | undefined, options) => run(runWatch(call, options, terminal)));

  program
    .command('machines')
    .description(
      'write the statecharts as files: as JSON, as Mermaid, and as code that Stately’s editor imports',
    )
    .option('--out <folder>', 'where the files go', 'baari-machines')
    .option('--format <format>', 'json, mermaid or stately; by default each of them')
    .action((options) => run(runMachines(options, terminal)));

  program
    .command('forget <number>')
    .description('delete every record of a phone number, as the caller or the called')
    .option('--records <folder>', 'the folder of records (BAARI_RECORDS)')
    .action((number: string, { records }: { records?: string }) => run(runForget(number, records, terminal)));

  program
    .command('decrypt <call>')
    .description(
      'write the files of a call as they were before BAARI_RECORDS_KEY sealed them, from wherever they are',
    )
    .option('--records <folder>', 'the folder of records (BAARI_RECORDS)')
    .option('--out <folder>', 'where they go; by default a folder named after the call')
    .action((call: string, options) => run(runDecrypt(call, options, terminal)));

  program
    .command('webhooks')
    .description('tell what waits to be delivered to receivers of webhooks, and what was given up')
    .option('--records <folder>', 'the folder of records, with the outbox in it (BAARI_RECORDS)')
    .option('--resend <id...>', 'send again what was given up: these messages, or all')
    .option('--json', 'tell it as JSON')
    .action((options) => run(runWebhooks(options, terminal)));

  program
    .command('token <name>')
    .description('make a token for the API, and the entry by which BAARI_API_TOKENS_FILE knows it')
    .action((name: string) => run(Promise.resolve(runToken(name, terminal))));

  program
    .command('schema <what>')
    .description('print the JSON Schema of an agent file (agent) or of call.json (call)')
    .action((what: string) => run(runSchema(what, terminal)));

  program
    .command('check')
    .description('explain every field of every agent file in force, and every error')
    .option('--agents <folder>', 'the folder of agent files (BAARI_AGENTS); by default the bakery example')
    .option('--json', 'tell it as JSON')
    .option('--schema', 'print the JSON Schema of an agent file')
    .action(({ agents, json, schema }: { agents?: string; json?: boolean; schema?: boolean }) =>
      run(
        runCheck({
          folder: agentsFolder(agents, env),
          alsoFrom: readAgentFiles(env),
          json: json ?? false,
          schema: schema ?? false,
          stdout,
          stderr,
          tools: new ToolBook({
            clock: systemClock,
            chance: systemChance,
            env,
            log: createLog({ level: 'silent' }),
          }),
        }),
      ),
    );
  for (const command of program.commands) command.exitOverride();
  return program;
}
