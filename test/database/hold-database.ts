// A process that opens the database of a folder and holds it until it is killed, for the tests beside.
import { openDatabase } from '../../src/store/connection/connect.ts';

const [dataFolder = ''] = process.argv.slice(2);
const { pool } = await openDatabase({ dataFolder });
await pool.query('create table if not exists kept (n int8)');
await pool.query('insert into kept values (1)');
process.stdout.write('ready\n');
setInterval(() => {}, 60_000);
