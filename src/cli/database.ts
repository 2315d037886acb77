// suanpan database: how the tables lie on an engine of several nodes. Works on the database that the configuration names, without a server.

import type { Command } from 'commander';
import type { Words } from '../core/price-book.ts';
import { instantOf } from '../core/units.ts';
import type { Obstacle, Step } from '../store/connection/spread.ts';
import { cliDatabaseWords } from '../words/cli/database.ts';
import { exitCodes, type Output } from './output.ts';
import { examplesOf } from './show.ts';

const examples = `suanpan database distribute --dry-run
suanpan database distribute
`;

export function registerDatabase(program: Command, output: Output): void {
  const { say } = output;
  program
    .command('database')
    .description(say(cliDatabaseWords.databaseCommand))
    .addHelpText('before', examplesOf(output, examples))
    .command('distribute')
    .description(say(cliDatabaseWords.distribute))
    .option('--dry-run', say(cliDatabaseWords.dryRun))
    .action(({ dryRun }: { readonly dryRun?: true }) => distribute(dryRun === true, output));
}

const parts = async () => {
  const [
    local,
    { migrate, newestMigration },
    { readSchemaNumber },
    locks,
    { DatabaseUnavailable },
    spread,
    { keepLocalAct },
  ] = await Promise.all([
    import('./local-ledger.ts'),
    import('../store/connection/migrate.ts'),
    import('../store/connection/safeguards.ts'),
    import('../store/connection/schema-lock.ts'),
    import('../store/connection/server-lock.ts'),
    import('../store/connection/spread.ts'),
    import('../operations/local-acts.ts'),
  ]);
  return {
    ...local,
    migrate,
    newestMigration,
    readSchemaNumber,
    DatabaseUnavailable,
    ...locks,
    ...spread,
    keepLocalAct,
  };
};

async function distribute(dryRun: boolean, output: Output): Promise<void> {
  const { configurationOf, withDatabase, ...store } = await parts();
  const configuration = configurationOf(output);
  if (configuration === undefined) return;
  await withDatabase(configuration, output, async ({ pool }) => {
    const client = await pool.connect();
    try {
      const found = await store.readCluster(client);
      if (found === undefined) return output.fail(exitCodes.failure, cliDatabaseWords.noExtension, 'NO_CITUS');
      if (!dryRun) {
        const schema = await store.migrate(pool);
        await store.takeMigratingTurn(client);
        const others = await store.takeSchemaAlone(client, schema).catch((error: unknown) => error);
        if (others instanceof store.DatabaseUnavailable)
          return output.fail(exitCodes.conflict, cliDatabaseWords.serversRun, 'CANNOT_DISTRIBUTE');
        if (others !== undefined) throw others;
      }
      if (dryRun && (await store.readSchemaNumber(client)) !== (await store.newestMigration()))
        return output.fail(exitCodes.failure, told([{ kind: 'older' }]), 'CANNOT_DISTRIBUTE');
      const cluster = (await store.readCluster(client)) ?? found;
      const obstacles = store.obstaclesOf(cluster);
      if (obstacles.length > 0) return output.fail(exitCodes.failure, told(obstacles), 'CANNOT_DISTRIBUTE');
      const planned = store.stepsOf(cluster);
      if (dryRun || planned.length === 0) return show(planned, { dryRun, workers: cluster.workers }, output);
      await store.keepLocalAct({ pool, clock: () => instantOf(Date.now()) }, 'database distribute', {});
      const done: Step[] = [];
      await store.layTables(client, (step) => done.push(step));
      await show(done, { dryRun, workers: cluster.workers }, output);
    } catch (error) {
      if (!(error instanceof store.StepFailed)) throw error;
      const { what, of } = error.step;
      output.fail(
        exitCodes.failure,
        both((language) => cliDatabaseWords.failed(cliDatabaseWords.what[what][language], of, error.message)[language]),
        'CANNOT_DISTRIBUTE',
      );
    } finally {
      // Its locks end with the connection.
      client.release(true);
    }
  });
}

const both = (say: (language: keyof Words) => string): Words => ({ zh: say('zh'), en: say('en') });

function obstacleWords(obstacle: Obstacle): Words {
  switch (obstacle.kind) {
    case 'no-coordinator':
      return cliDatabaseWords.noCoordinator;
    case 'replicas':
    case 'older':
      return cliDatabaseWords[obstacle.kind];
    case 'key':
    case 'number':
      return cliDatabaseWords[obstacle.kind](obstacle.table, obstacle.names.join(', '));
    default:
      return cliDatabaseWords[obstacle.kind](obstacle.table);
  }
}

const told = (obstacles: readonly Obstacle[]): Words =>
  both(
    (language) =>
      cliDatabaseWords.cannot(
        obstacles.map((each) => obstacleWords(each)[language]).join(language === 'zh' ? '；' : '; '),
      )[language],
  );

async function show(
  steps: readonly Step[],
  { dryRun, workers }: { readonly dryRun: boolean; readonly workers: number },
  output: Output,
): Promise<void> {
  if (output.json) return output.printJson({ dryRun, workers, steps });
  const { say } = output;
  if (steps.length === 0) return output.print(say(cliDatabaseWords.nothingLeft(workers)));
  const state = say(dryRun ? cliDatabaseWords.toDo : cliDatabaseWords.done);
  await output.table(
    [say(cliDatabaseWords.step), say(cliDatabaseWords.of), say(cliDatabaseWords.state)],
    steps.map(({ what, of }) => [say(cliDatabaseWords.what[what]), of, state]),
  );
  output.print(say(dryRun ? cliDatabaseWords.wouldDo(steps.length) : cliDatabaseWords.spread(steps.length, workers)));
}
