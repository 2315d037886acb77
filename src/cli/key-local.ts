// suanpan key create --local: a key written straight into this machine's database, for when no other is left.

import { otherPepper, readPepper } from '../configuration.ts';
import { localAct } from '../core/act.ts';
import type { Words } from '../core/price-book.ts';
import { isRefusal } from '../core/refusal.ts';
import { mostScopes, type Scope } from '../core/scopes.ts';
import { adoptPepper, changePepper, createKey, isPepperInUse, local } from '../operations/api-keys.ts';
import { readAccount } from '../operations/read-account.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { keepAct } from '../store/ledger/audit.ts';
import { cliKeyWords } from '../words/cli/key.ts';
import { configurationOf, withLocalLedger } from './local-ledger.ts';
import { exitCodes, type Output } from './output.ts';
import { showNewKey } from './show.ts';

export interface LocalKeyOptions {
  readonly account?: string;
  readonly name: string;
  readonly scopes?: string;
  readonly newPepper?: true;
}

export async function createLocally(options: LocalKeyOptions, output: Output): Promise<void> {
  const { account = null, name, newPepper } = options;
  const scopes = scopesOf(options.scopes, account, output);
  const configuration = configurationOf(output);
  if (configuration === undefined || scopes === undefined) return;
  await withLocalLedger(output, async (suanpan) => {
    const { pool } = suanpan;
    const now = suanpan.clock();
    const known = account === null ? undefined : await readAccount(pool, suanpan, account, now);
    if (isRefusal(known)) return output.refused(known);
    const pepper = readPepper(process.env, configuration.dataFolder);
    if (newPepper === true && (await isPepperInUse(pool, pepper))) return output.fail(exitCodes.conflict, nothingLost);
    if (newPepper === true) {
      const revoked = await inTransaction(pool, async (tx) => {
        await keepAct(tx, localAct('key create --local --new-pepper', null, now, {}));
        return changePepper(tx, pepper, local, now);
      });
      output.tell(output.say(cliKeyWords.keysRevoked(String(revoked))));
    } else if (!(await adoptPepper(pool, pepper))) {
      return output.fail(exitCodes.failure, otherPepper(configuration.dataFolder));
    }
    const made = await inTransaction(pool, async (tx) => {
      const key = await createKey(tx, { account, name, scopes, by: local }, pepper, now);
      await keepAct(tx, localAct('key create --local', account, now, { id: key.prefix, name, scopes }));
      return key;
    });
    if (isRefusal(made)) return;
    if (output.json) output.printJson({ id: made.prefix, account, name, scopes, key: made.key });
    else showNewKey(made.key, output);
  });
}

const nothingLost: Words = cliKeyWords.presentPepperIsThatOfThe;

/** Undefined: the command has been ended. */
function scopesOf(text: string | undefined, account: string | null, output: Output): readonly Scope[] | undefined {
  const most = mostScopes(account);
  if (text === undefined) return most;
  const asked = text.split(',').map((scope) => scope.trim());
  if (asked.every((scope) => most.includes(scope as Scope))) return asked as Scope[];
  const list = most.join(',');
  output.misused(cliKeyWords.scopesTakesSomeOf(list));
  return undefined;
}
