// What doctor asks the database: versions, schema, the settings that decide whether a committed row survives a power cut.

import type { Pool } from 'pg';
import { readDurability } from '../store/connect.ts';
import { newestMigration } from '../store/migrate.ts';
import { readDatabaseClock, readSchemaNumber } from '../store/safeguards.ts';
import { tolerableOffset } from '../store/time-offset.ts';
import type { DoctorLine } from './doctor.ts';

export async function databaseLines(pool: Pool): Promise<DoctorLine[]> {
  const { version, fsync, fullPageWrites, synchronousCommit, durable } = await readDurability(pool);
  const lost = {
    zh: '断电可能丢失已确认的事件；请设 fsync=on、full_page_writes=on，synchronous_commit 不为 off',
    en: 'a power cut may lose acknowledged events; set fsync=on, full_page_writes=on and synchronous_commit other than off',
  };
  return [
    { name: 'postgresql', words: { zh: 'PostgreSQL 版本', en: 'PostgreSQL' }, value: version },
    await schemaLine(pool),
    { name: 'fsync', words: { zh: 'fsync', en: 'fsync' }, value: fsync },
    {
      name: 'synchronousCommit',
      words: { zh: 'synchronous_commit', en: 'synchronous_commit' },
      value: synchronousCommit,
    },
    { name: 'fullPageWrites', words: { zh: 'full_page_writes', en: 'full_page_writes' }, value: fullPageWrites },
    {
      name: 'durable',
      words: { zh: '已确认的事件在磁盘上', en: 'acknowledged events are on disk' },
      value: durable,
      ...(durable ? {} : { problem: lost }),
    },
    await clockLine(pool),
  ];
}

async function schemaLine(pool: Pool): Promise<DoctorLine> {
  const [there, ours] = [await readSchemaNumber(pool), await newestMigration()];
  const line = { name: 'schema', words: { zh: '库结构版本', en: 'schema' }, value: there };
  if (there === ours) return line;
  if (there > ours) {
    return {
      ...line,
      problem: { zh: `高于本程序的 ${ours}，请升级`, en: `newer than this program's ${ours}; start a newer Suanpan` },
    };
  }
  return {
    ...line,
    problem: {
      zh: `低于本程序的 ${ours}，启动服务即升级`,
      en: `older than this program's ${ours}; starting the server brings it up`,
    },
  };
}

async function clockLine(pool: Pool): Promise<DoctorLine> {
  const before = Date.now();
  const theirs = await readDatabaseClock(pool);
  const difference = Math.round(theirs - (before + Date.now()) / 2);
  const line = {
    name: 'clock',
    words: { zh: '与数据库的时钟差', en: 'clock difference to the database' },
    value: `${difference} ms`,
  };
  if (Math.abs(difference) <= tolerableOffset) return line;
  return {
    ...line,
    problem: {
      zh: '两台机器的时钟不一致；Suanpan 以数据库时钟为准，请校准',
      en: 'the clocks of the two machines differ; Suanpan goes by the database’s, set this one right',
    },
  };
}
