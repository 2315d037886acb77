import { Alert, Button } from 'antd';
import { Problem } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';

interface Props {
  /** Whatever was thrown; undefined or null: nothing is shown. */
  readonly problem: unknown;
  readonly onAgain?: () => void;
}

/** What went wrong and what to do, in the words of whoever refused; what was typed stays. */
export function ProblemShown({ problem, onAgain }: Props) {
  const say = useWords(partsWords);
  if (problem === undefined || problem === null) return null;
  const document = problem instanceof Problem ? problem.document : undefined;
  const message = problem instanceof Error ? problem.message : String(problem);
  const errors = (document?.errors ?? []).filter(({ detail }) => detail !== message);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      style={{ marginBottom: 16 }}
      title={message}
      description={
        document === undefined ? undefined : (
          <>
            {errors.length === 0 ? null : (
              <ul>
                {errors.map(({ pointer, detail }) => (
                  <li key={`${pointer} ${detail}`}>
                    {pointer === undefined ? null : <code>{pointer}</code>} {detail}
                  </li>
                ))}
              </ul>
            )}
            {document.request_id === undefined ? null : <small>{say('requestId', { id: document.request_id })}</small>}
          </>
        )
      }
      action={onAgain === undefined ? undefined : <Button onClick={onAgain}>{say('again')}</Button>}
    />
  );
}
