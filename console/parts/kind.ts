import { useWords } from '../shell/language.ts';
import { kindWords } from '../words/kinds.ts';

const isKnown = (kind: string): kind is keyof typeof kindWords.zh => Object.hasOwn(kindWords.zh, kind);

/** How people call a kind of alert, or a job; one that a newer server knows stands as it is. */
export function useKind(): (kind: string) => string {
  const say = useWords(kindWords);
  return (kind) => (isKnown(kind) ? say(kind) : kind);
}
