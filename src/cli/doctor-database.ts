// What doctor asks the database: versions, schema, the settings that decide whether a committed row survives a power cut.

import type { Pool } from 'pg';
import { type Configuration, findPepper, otherPepper } from '../configuration.ts';
import type { Words } from '../core/price-book.ts';
import { isPepperOfKeys } from '../operations/api-keys.ts';
import { readDurability } from '../store/connection/connect.ts';
import { newestMigration } from '../store/connection/migrate.ts';
import { type Power, readRole } from '../store/connection/role.ts';
import { readDatabaseClock, readSchemaNumber } from '../store/connection/safeguards.ts';
import { tolerableOffset } from '../store/connection/time-offset.ts';
import type { DoctorLine } from './doctor-line.ts';

const schemaWithCheck = 5;

export async function databaseLines(pool: Pool, configuration: Configuration): Promise<DoctorLine[]> {
  const { version, fsync, fullPageWrites, synchronousCommit, durable } = await readDurability(pool);
  const lost = {
    zh: '断电可能丢失已确认的事件；请设 fsync=on、full_page_writes=on，synchronous_commit 不为 off',
    en: 'a power cut may lose acknowledged events; set fsync=on, full_page_writes=on and synchronous_commit other than off',
  };
  return [
    { name: 'postgresql', words: { zh: 'PostgreSQL 版本', en: 'PostgreSQL' }, value: version },
    await schemaLine(pool),
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
      words: { zh: '已确认的事件在磁盘上', en: 'acknowledged events are on disk' },
      value: durable,
      ...(durable ? {} : { problem: lost }),
    },
    await clockLine(pool),
    ...(await pepperLines(pool, configuration)),
  ];
}

const powerWords: Record<Power, (named: string) => Words> = {
  superuser: () => ({ zh: '超级用户', en: 'superuser' }),
  createrole: () => ({ zh: '可创建角色', en: 'may create roles' }),
  createdb: () => ({ zh: '可创建数据库', en: 'may create databases' }),
  replication: () => ({ zh: '可复制', en: 'may replicate' }),
  bypassrls: () => ({ zh: '绕过行级安全', en: 'bypasses row-level security' }),
  member: (named) => ({ zh: `属于 ${named}`, en: `member of ${named}` }),
  schema: (named) => ({ zh: `拥有模式 ${named}`, en: `owns the schema ${named}` }),
  database: (named) => ({ zh: `拥有数据库 ${named}`, en: `owns the database ${named}` }),
};

async function roleLine(pool: Pool): Promise<DoctorLine> {
  const { name, excess } = await readRole(pool);
  const line = { name: 'role', words: { zh: '数据库角色', en: 'database role' }, value: name };
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
    problem: {
      zh: `权限超出所需：${told('zh')}；请换用只拥有本库的普通角色`,
      en: `may do more than it needs: ${told('en')}; use an ordinary role that owns this database and nothing else`,
    },
  };
}

/** Nothing is said of a schema that does not keep the check yet, and of a machine on which no server has started. */
async function pepperLines(pool: Pool, { dataFolder }: Configuration): Promise<DoctorLine[]> {
  const pepper = findPepper(process.env, dataFolder);
  if (pepper === undefined || (await readSchemaNumber(pool)) < schemaWithCheck) return [];
  const fits = await isPepperOfKeys(pool, pepper);
  const line = { name: 'pepper', words: { zh: '密钥的 pepper 相符', en: 'pepper of the API keys' }, value: fits };
  return [fits ? line : { ...line, problem: otherPepper(dataFolder) }];
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
