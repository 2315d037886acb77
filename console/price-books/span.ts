import { useWords } from '../shell/language.ts';
import { priceBookWords } from '../words/price-books.ts';

/** Days from one on until another, either of which may be open. */
export function useSpan() {
  const say = useWords(priceBookWords);
  return (from: string | null, until: string | null): string => {
    if (from !== null && until !== null) return say('between', { from, until });
    if (from !== null) return say('since', { from });
    return until === null ? say('always') : say('before', { until });
  };
}
