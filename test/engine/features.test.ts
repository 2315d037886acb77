import { freshDatabase } from '../setup/database.ts';
import { tryFeatures } from './features.ts';

tryFeatures(freshDatabase);
