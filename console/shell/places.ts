// What a page of the console is: where, whose, and how it is loaded. One folder a page.

import type { ComponentType } from 'react';
import type { Duty } from '../../src/core/roles.ts';
import type { MenuWord } from '../words/menu.ts';

export interface Place {
  /** As React Router has it: "/accounts/:account/packs". */
  readonly path: string;
  /** Its word in the menu, and its title. */
  readonly name: MenuWord;
  /** Who has the duty sees it in the menu; none: everybody does. */
  readonly duty?: Duty;
  /** A page of one thing is reached from its list. */
  readonly inMenu: boolean;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}
