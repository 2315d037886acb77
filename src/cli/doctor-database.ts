// What doctor asks the database: versions, schema, the settings that decide whether a committed row survives a power cut.

import type { Pool } from 'pg';
import { type Configuration, findPepper, otherPepper } from '../configuration.ts';
import type { Words } from '../core/price-book.ts';
import { isPepperOfKeys } from '../operations/api-keys.ts';
import { readDurability } from '../store/connection/connect.ts';
import { newestMigration } from '../store/connection/migrate.ts';
import { type Power, readRole } from '../store/connection/role.ts';
import { readPulse, readSchemaNumber } from '../store/connection/safeguards.ts';
import { obstaclesOf, readCluster, stepsOf } from '../store/connection/spread.ts';
import { readStandbys, type Standbys } from '../store/connection/standby.ts';
import { tolerableOffset } from '../store/connection/time-offset.ts';
import { cliDoctorWords } from '../words/cli/doctor.ts';
import type { DoctorLine } from './doctor-line.ts';

const schemaWithCheck = 5;

export async function databaseLines(pool: Pool, configuration: Configuration): Promise<DoctorLine[]> {
  const { version, engine, fsync, fullPageWrites, synchronousCommit, durable } = await readDurability(pool);
  const lost = cliDoctorWords.powerCutMayLoseAcknowledgedEvents;
  return [
    { name: 'postgresql', words: cliDoctorWords.postgresql, value: version },
    { name: 'engine', words: cliDoctorWords.engine, value: engine },
    await schemaLine(pool),
    ...(engine === 'citus' ? await spreadLines(pool) : []),
    await roleLine(pool),
    { name: 'fsync', words: { zh: 'fsync', en: 'fsync' }, value: fsync },
    {
      name: 'synchronousCommit',
      words: { zh: 'synchronous_commit', en: 'synchronous_commit' },
      value: synchronousCommit,
    },
    { name: 'fullPageWrites', words: { zh: 'full_page_writes', en: 'full_page_writes' }, value: fullPageWrites },
    {
      name: 'durable',
      words: cliDoctorWords.acknowledgedEventsAreOnDisk,
      value: durable,
      ...(durable ? {} : { problem: lost }),
    },
    ...(await standbyLines(pool)),
    await clockLine(pool),
    ...(await pepperLines(pool, configuration)),
  ];
}

const powerWords: Record<Power, (named: string) => Words> = {
  superuser: () => cliDoctorWords.superuser,
  createrole: () => cliDoctorWords.mayCreateRoles,
  createdb: () => cliDoctorWords.mayCreateDatabases,
  replication: () => cliDoctorWords.mayReplicate,
  bypassrls: () => cliDoctorWords.bypassesRowLevelSecurity,
  member: (named) => cliDoctorWords.memberOf(named),
  schema: (named) => cliDoctorWords.ownsTheSchema(named),
  database: (named) => cliDoctorWords.ownsTheDatabase(named),
};

async function roleLine(pool: Pool): Promise<DoctorLine> {
  const { name, excess } = await readRole(pool);
  const line = { name: 'role', words: cliDoctorWords.databaseRole, value: name };
  if (excess.length === 0) return line;
  const told = (language: keyof Words) =>
    excess
      .map(({ power, named }) => {
        const words = powerWords[power](named ?? name)[language];
        const isOfAnother = named !== null && power !== 'member' && power !== 'schema' && power !== 'database';
        return isOfAnother ? `${words} (${named})` : words;
      })
      .join(language === 'zh' ? '、' : ', ');
  return {
    ...line,
    problem: cliDoctorWords.mayDoMoreThanItNeeds(told('zh'), told('en')),
  };
}

/** Nothing is said of a schema that does not keep the check yet, and of a machine on which no server has started. */
async function pepperLines(pool: Pool, { dataFolder }: Configuration): Promise<DoctorLine[]> {
  const pepper = findPepper(process.env, dataFolder);
  if (pepper === undefined || (await readSchemaNumber(pool)) < schemaWithCheck) return [];
  const fits = await isPepperOfKeys(pool, pepper);
  const line = { name: 'pepper', words: cliDoctorWords.pepperOfTheApiKeys, value: fits };
  return [fits ? line : { ...line, problem: otherPepper(dataFolder) }];
}

async function schemaLine(pool: Pool): Promise<DoctorLine> {
  const [there, ours] = [await readSchemaNumber(pool), await newestMigration()];
  const line = { name: 'schema', words: cliDoctorWords.schema, value: there };
  if (there === ours) return line;
  if (there > ours) {
    return {
      ...line,
      problem: cliDoctorWords.newerThanThisPrograms(ours),
    };
  }
  return {
    ...line,
    problem: cliDoctorWords.olderThanThisPrograms(ours),
  };
}

/** What is promised now when one machine is lost. A machine by itself promises nothing of the kind, and nothing is wrong with that. */
async function standbyLines(pool: Pool): Promise<DoctorLine[]> {
  const standbys = await readStandbys(pool);
  const { awaited, following, confirming, needed } = standbys;
  const promise: DoctorLine = {
    name: 'nodeLoss',
    words: cliDoctorWords.nothingLostWithANode,
    value: awaited !== '' && standbys.commitsWait && (confirming ?? 0) >= needed,
  };
  const problem = standbyProblem(standbys);
  return [
    { name: 'synchronousStandbyNames', words: cliDoctorWords.standbysAwaited, value: awaited },
    { name: 'standbys', words: cliDoctorWords.standbysFollowing, value: following },
    problem === undefined ? promise : { ...promise, problem },
  ];
}

function standbyProblem({ awaited, commitsWait, following, confirming, needed }: Standbys): Words | undefined {
  if (awaited === '') return following === 0 ? undefined : cliDoctorWords.standbysAreNotAwaited;
  if (!commitsWait) return cliDoctorWords.commitsDoNotWait;
  if (confirming === null) return cliDoctorWords.mayNotSeeStandbys;
  if (confirming === 0 && following > 0) return cliDoctorWords.noneThatFollowsIsNamed;
  if (confirming === 0) return cliDoctorWords.noStandbyConfirms;
  if (confirming < needed) return cliDoctorWords.tooFewConfirm(needed, confirming);
  return following === needed ? cliDoctorWords.writesStopWithTheStandby : undefined;
}

/** Whether all tables lie as they should, where some do. */
async function spreadLines(pool: Pool): Promise<DoctorLine[]> {
  const client = await pool.connect();
  const cluster = await readCluster(client).finally(() => client.release());
  const isSpread = cluster?.tables.some(({ lying }) => lying === 'account') ?? false;
  if (cluster === undefined || !isSpread) return [];
  const left = obstaclesOf(cluster).length + stepsOf(cluster).length;
  const line = { name: 'spread', words: cliDoctorWords.spreadByAccount, value: left === 0 };
  return [left === 0 ? line : { ...line, problem: cliDoctorWords.notAllSpread }];
}

async function clockLine(pool: Pool): Promise<DoctorLine> {
  const before = Date.now();
  const { now: theirs } = await readPulse(pool);
  const difference = Math.round(theirs - (before + Date.now()) / 2);
  const line = {
    name: 'clock',
    words: cliDoctorWords.clockDifferenceToTheDatabase,
    value: `${difference} ms`,
  };
  if (Math.abs(difference) <= tolerableOffset) return line;
  return {
    ...line,
    problem: cliDoctorWords.clocksOfTheTwoMachinesDiffer,
  };
}
