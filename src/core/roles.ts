// What people may do: roles, and the duties of each. Every operation belongs to one duty. Shown whole in docs/reference/roles.md.

/**
 * `read` looks, `buy` spends an account's balance and says where its alerts go, `meter` sends events and asks before calls. The rest is
 * the operator's, but for `keys` and `people`, which an account's owner has for that account.
 */
export const duties = [
  'read',
  'buy',
  'meter',
  'support',
  'accounts',
  'money',
  'prices',
  'keys',
  'people',
  'server',
] as const;
export type Duty = (typeof duties)[number];

/** Duties that a key with the scope `manage` has, beside those of the same name as a scope. */
export type ManagingDuty = Exclude<Duty, 'read' | 'buy' | 'meter'>;

export const operatorRoles = ['admin', 'finance', 'support', 'read-only'] as const;
export const accountRoles = ['owner', 'member', 'read-only'] as const;
export type Role = (typeof operatorRoles)[number] | (typeof accountRoles)[number];
export const roles = ['admin', 'finance', 'support', 'owner', 'member', 'read-only'] as const satisfies readonly Role[];

const dutiesOf: Readonly<Record<Role, readonly Duty[]>> = {
  admin: duties,
  finance: ['read', 'buy', 'accounts', 'money', 'prices'],
  support: ['read', 'support', 'accounts'],
  'read-only': ['read'],
  owner: ['read', 'buy', 'keys', 'people'],
  member: ['read', 'buy'],
};

export const hasDuty = (role: Role, duty: Duty): boolean => dutiesOf[role].includes(duty);

/** Whether there is such a role on that side: an account's people are no operators. */
export const isRoleOf = (role: Role, account: string | null): boolean =>
  (account === null ? operatorRoles : accountRoles).includes(role as never);
