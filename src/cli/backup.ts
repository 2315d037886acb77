// suanpan backup: works on the database of this machine, beside a running server too.

import type { Command } from 'commander';
import type { BackupManifest } from '../operations/back-up.ts';
import { cliBackupWords } from '../words/cli/backup.ts';
import { exitCodes, type Output } from './output.ts';
import { examplesOf } from './show.ts';

const examples = `suanpan backup create /backups/2026-01-12
suanpan backup verify /backups/2026-01-12
SUANPAN_DATA=/srv/suanpan suanpan backup restore /backups/2026-01-12
`;

export function registerBackup(program: Command, output: Output): void {
  const { say } = output;
  const backup = program
    .command('backup')
    .description(say(cliBackupWords.backupCommand))
    .addHelpText('before', examplesOf(output, examples));
  backup
    .command('create')
    .description(say(cliBackupWords.create))
    .argument('<FOLDER>', say(cliBackupWords.folder))
    .action((folder: string) => create(folder, output));
  backup
    .command('restore')
    .description(say(cliBackupWords.restore))
    .argument('<FOLDER>', say(cliBackupWords.folder))
    .option('--into <DATA>', say(cliBackupWords.into))
    .action((folder: string, { into }: { readonly into?: string }) => restore(folder, into, output));
  backup
    .command('verify')
    .description(say(cliBackupWords.verify))
    .argument('<FOLDER>', say(cliBackupWords.folder))
    .action((folder: string) => verify(folder, output));
}

const parts = async () => {
  const [local, operations, { keptPepperOf, restorePepper }, { isRefusal }, { openDatabase }, paths] =
    await Promise.all([
      import('./local-ledger.ts'),
      import('../operations/back-up.ts'),
      import('../configuration.ts'),
      import('../core/refusal.ts'),
      import('../store/connection/connect.ts'),
      import('node:path'),
    ]);
  return { ...local, ...operations, keptPepperOf, restorePepper, isRefusal, openDatabase, ...paths };
};

const rowsOf = ({ tables }: BackupManifest): number => tables.reduce((sum, { rows }) => sum + rows, 0);

async function create(folder: string, output: Output): Promise<void> {
  const { configurationOf, withDatabase, createBackup, keptPepperOf, isRefusal, resolve } = await parts();
  const configuration = configurationOf(output);
  if (configuration === undefined) return;
  const pepper = keptPepperOf(process.env, configuration.dataFolder);
  await withDatabase(configuration, output, async ({ pool }) => {
    const manifest = await createBackup(pool, resolve(folder), pepper, (table) => {
      if (process.stderr.isTTY && !output.json) output.tell(table);
    });
    if (isRefusal(manifest)) return output.refused(manifest);
    if (output.json) return output.printJson(manifest);
    output.print(output.say(cliBackupWords.created(manifest.tables.length, rowsOf(manifest), manifest.at)));
    if (pepper === null) output.tell(output.say(cliBackupWords.noPepper));
  });
}

async function restore(folder: string, into: string | undefined, output: Output): Promise<void> {
  const { configurationOf, readBackup, isRefusal, resolve } = await parts();
  const configuration = configurationOf(output);
  if (configuration === undefined) return;
  const dataFolder = into === undefined ? configuration.dataFolder : resolve(into);
  const manifest = await readBackup(resolve(folder));
  if (isRefusal(manifest)) return output.refused(manifest);
  const restored = await restoreInto(configuration.databaseUrl, dataFolder, resolve(folder), manifest, output);
  if (!restored) return;
  if (output.json) output.printJson({ rows: rowsOf(manifest), dataFolder, at: manifest.at });
  else output.print(output.say(cliBackupWords.restored(rowsOf(manifest), dataFolder)));
}

/** False: it was refused, which has been said. */
async function restoreInto(
  databaseUrl: string | undefined,
  dataFolder: string,
  folder: string,
  manifest: BackupManifest,
  output: Output,
): Promise<boolean> {
  const { openDatabase, restoreBackup, restorePepper, isRefusal, join } = await parts();
  const pepper = restorePepper(dataFolder, manifest.pepper === null ? null : join(folder, manifest.pepper.name));
  if (pepper !== undefined) {
    output.fail(exitCodes.conflict, pepper);
    return false;
  }
  const database = await openDatabase({ databaseUrl, dataFolder });
  try {
    const refused = await restoreBackup(database.pool, folder, manifest, join(dataFolder, 'archive'));
    if (isRefusal(refused)) output.refused(refused);
    return refused === undefined;
  } finally {
    await database.close();
  }
}

async function verify(folder: string, output: Output): Promise<void> {
  const { readBackup, isRefusal, openDatabase, resolve, join } = await parts();
  const [{ mkdtemp, rm }, { tmpdir }, { openSuanpan }, { verifyLedger }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('../operations/suanpan.ts'),
    import('../verify/verify.ts'),
  ]);
  const manifest = await readBackup(resolve(folder));
  if (isRefusal(manifest)) return output.refused(manifest);
  const temporary = await mkdtemp(join(tmpdir(), 'suanpan-backup-'));
  try {
    const dataFolder = join(temporary, 'data');
    if (!(await restoreInto(undefined, dataFolder, resolve(folder), manifest, output))) return;
    const database = await openDatabase({ dataFolder });
    try {
      const suanpan = await openSuanpan(database);
      const report = await verifyLedger(suanpan);
      await suanpan.ledger.drain();
      if (output.json) output.printJson({ ...report, at: manifest.at });
      const [first] = report.verdicts.flatMap((verdict) => (verdict.first === null ? [] : [verdict.first]));
      if (first !== undefined) process.exitCode = exitCodes.failure;
      if (output.json) return;
      if (first === undefined) output.print(output.say(cliBackupWords.sound(report.accounts, report.rows)));
      else
        output.print(
          output.say(cliBackupWords.unsound(`${first.invariant} ${first.table} ${first.account} ${first.key}`)),
        );
    } finally {
      await database.close();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
