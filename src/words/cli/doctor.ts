// What `suanpan doctor` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliDoctorWords = {
  powerCutMayLoseAcknowledgedEvents: words(
    '断电可能丢失已确认的事件；请设 fsync=on、full_page_writes=on，synchronous_commit 不为 off',
    'a power cut may lose acknowledged events; set fsync=on, full_page_writes=on and synchronous_commit other than off',
  ),
  postgresql: words('PostgreSQL 版本', 'PostgreSQL'),
  engine: words('数据库引擎', 'engine'),
  spreadByAccount: words('各表按账户分布', 'tables are spread by account'),
  notAllSpread: words(
    '有表尚未分布或分布方式不对；请停服后运行 suanpan database distribute',
    'some are not, or lie otherwise; stop the servers and run suanpan database distribute',
  ),
  acknowledgedEventsAreOnDisk: words('已确认的事件在磁盘上', 'acknowledged events are on disk'),
  standbysAwaited: words('等待确认的备库（synchronous_standby_names）', 'standbys awaited (synchronous_standby_names)'),
  standbysFollowing: words('正在跟随的备库', 'standbys following'),
  nothingLostWithANode: words('丢失一台机器时，已确认的事件丢失 0 条', '0 acknowledged lost when one node is lost'),
  standbysAreNotAwaited: words(
    '有备库但不等它确认：主库丢失时，已确认的事件可能随之丢失；请设 synchronous_standby_names',
    'standbys follow and none is waited for: acknowledged events may be lost with the primary; set synchronous_standby_names',
  ),
  commitsDoNotWait: words(
    'synchronous_commit 使提交不等备库，丢失一台机器时已确认的事件可能丢失；请设为 on',
    'synchronous_commit lets commits not wait for the standby, so acknowledged events may be lost with a node; set it to on',
  ),
  noStandbyConfirms: words(
    '没有可确认的备库：写入会一直等到有备库跟上',
    'no standby is there to confirm: writes wait until one follows',
  ),
  noneThatFollowsIsNamed: words(
    '跟随的备库都不在 synchronous_standby_names 所列名称（application_name）之中：写入会一直等待',
    'none of the standbys that follow is named in synchronous_standby_names (by its application_name): writes wait',
  ),
  tooFewConfirm: (needed: number, confirming: number) =>
    words(
      `synchronous_standby_names 要求 ${needed} 台备库确认，现在只有 ${confirming} 台：写入会一直等待`,
      `synchronous_standby_names wants ${needed} standbys to confirm and ${confirming} can: writes wait`,
    ),
  mayNotSeeStandbys: words(
    '此角色看不到备库的状态，无法判断；请授予 pg_monitor',
    'this role may not see how the standbys are; grant it pg_monitor to have it checked',
  ),
  writesStopWithTheStandby: words(
    '没有多余的备库：丢失一台，写入就会停下；请再加一台',
    'no standby follows that could take the place of one: writes stop when it is lost; add another node',
  ),
  superuser: words('超级用户', 'superuser'),
  mayCreateRoles: words('可创建角色', 'may create roles'),
  mayCreateDatabases: words('可创建数据库', 'may create databases'),
  mayReplicate: words('可复制', 'may replicate'),
  bypassesRowLevelSecurity: words('绕过行级安全', 'bypasses row-level security'),
  memberOf: (named: Shown) => words(`属于 ${named}`, `member of ${named}`),
  ownsTheSchema: (named: Shown) => words(`拥有模式 ${named}`, `owns the schema ${named}`),
  ownsTheDatabase: (named: Shown) => words(`拥有数据库 ${named}`, `owns the database ${named}`),
  databaseRole: words('数据库角色', 'database role'),
  mayDoMoreThanItNeeds: (told: Shown, told2: Shown) =>
    words(
      `权限超出所需：${told}；请换用只拥有本库的普通角色`,
      `may do more than it needs: ${told2}; use an ordinary role that owns this database and nothing else`,
    ),
  pepperOfTheApiKeys: words('密钥的 pepper 相符', 'pepper of the API keys'),
  schema: words('库结构版本', 'schema'),
  newerThanThisPrograms: (ours: Shown) =>
    words(`高于本程序的 ${ours}，请升级`, `newer than this program's ${ours}; start a newer Suanpan`),
  olderThanThisPrograms: (ours: Shown) =>
    words(
      `低于本程序的 ${ours}，启动服务即升级`,
      `older than this program's ${ours}; starting the server brings it up`,
    ),
  clockDifferenceToTheDatabase: words('与数据库的时钟差', 'clock difference to the database'),
  clocksOfTheTwoMachinesDiffer: words(
    '两台机器的时钟不一致；Suanpan 以数据库时钟为准，请校准',
    'the clocks of the two machines differ; Suanpan goes by the database’s, set this one right',
  ),
  suanpan: words('Suanpan 版本', 'Suanpan'),
  node: words('Node 版本', 'Node'),
  platform: words('平台', 'platform'),
  address: words('监听地址（SUANPAN_HOST、PORT）', 'address (SUANPAN_HOST, PORT)'),
  sandbox: words('沙箱（SUANPAN_SANDBOX）', 'sandbox (SUANPAN_SANDBOX)'),
  lanes: words('并行提交（SUANPAN_LANES）', 'lanes (SUANPAN_LANES)'),
  mostWaiting: words('排队上限（SUANPAN_MOST_WAITING）', 'most waiting (SUANPAN_MOST_WAITING)'),
  ownDatabase: words('外部数据库（DATABASE_URL）', 'own database (DATABASE_URL)'),
  dataFolder: words('数据目录（SUANPAN_DATA）', 'data folder (SUANPAN_DATA)'),
  thisUserCannotReadAndWrite: words('当前用户不能读写', 'this user cannot read and write it'),
  othersMayWriteIntoIt: (remedy: Shown) =>
    words(`其他用户可以写入；请 ${remedy}`, `others may write into it; ${remedy}`),
  noDataFolderOfSuanpans: (foreign: Shown) =>
    words(
      `不是 Suanpan 的数据目录：其中有“${foreign}”而没有数据库；请用 SUANPAN_DATA 指定其他目录`,
      `no data folder of Suanpan's: it holds "${foreign}" and no database; name another with SUANPAN_DATA`,
    ),
  diskIsNearlyFull: words('磁盘将满，请释放空间', 'the disk is nearly full, free some space'),
  serverOnThisFolder: words('此目录上的服务', 'server on this folder'),
  checkConfiguration: words(
    '检查配置、版本、数据库持久性设置与数据目录',
    'check configuration, versions, durability settings of the database, data folder',
  ),
  what: words('项目', 'what'),
  isWord: words('现状', 'is'),
  doctorFound: (length: Shown) => words(`doctor: ${length} 个问题`, `doctor: ${length} problem(s)`),
  doctorHealthy: words('doctor: 正常', 'doctor: healthy'),
  database: words('数据库', 'database'),
  noneYet: words('尚未建立', 'none yet'),
};
