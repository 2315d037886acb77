// Holds an embedded PostgreSQL until its input ends; tells its socket's folder.
import { startEmbedded } from '../../src/store/connection/embedded.ts';

const [dataFolder = ''] = process.argv.slice(2);
const { poolConfig, stop } = await startEmbedded({ dataFolder });
process.stdout.write(`${poolConfig.host}\n`);
process.stdin.resume();
process.stdin.once('end', () => void stop().then(() => process.exit(0)));
