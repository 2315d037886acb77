import { Button } from 'antd';
import { useState } from 'react';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';

/** A secret that nobody is shown again. */
export function Secret({ label, secret }: { readonly label: string; readonly secret: string }) {
  const say = useWords(partsWords);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <>
      <p>{label}</p>
      <pre className="command secret">{secret}</pre>
      <Button onClick={() => void copy().catch(() => {})}>{say(isCopied ? 'copied' : 'copy')}</Button>
    </>
  );
}
