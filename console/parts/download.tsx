// A file of the server's. A browser that came by a portal token has no cookie that a link would take along: the page fetches it then.

import { type MouseEvent, type ReactNode, useState } from 'react';
import { type Asking, addressOf, fetchFile } from '../server/ask.ts';
import { portalToken } from '../shell/portal.ts';
import { ProblemShown } from './problem-shown.tsx';
import { saveFile } from './save-text.tsx';

interface Props {
  readonly path: string;
  readonly query: NonNullable<Asking['query']>;
  readonly children: ReactNode;
}

export function Download({ path, query, children }: Props) {
  const [problem, setProblem] = useState<unknown>();
  const fetched = (event: MouseEvent) => {
    if (portalToken() === null) return;
    event.preventDefault();
    setProblem(undefined);
    fetchFile(path, query).then(({ name, content }) => saveFile(name, content), setProblem);
  };
  return (
    <>
      <a href={addressOf(path, query)} download onClick={fetched}>
        {children}
      </a>
      <ProblemShown problem={problem} />
    </>
  );
}
