// Step, play, or slide through a run. What stands at a step is the run of a scenario that ends there.

import { Button, Card, Skeleton, Slider, Tag } from 'antd';
import { useEffect, useState } from 'react';
import { PlainTable } from '../parts/plain-table.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { scenarioWords } from '../words/scenarios.ts';
import { useInWorker } from '../worker/in-worker.ts';
import type { Played, ScenarioStep } from '../worker/scenario-tasks.ts';
import { Standing } from './standing.tsx';

interface Props {
  readonly text: string;
  readonly whole: Played;
}

/** Long enough to read what a step did. */
const pace = 1_200;

export function Player({ text, whole }: Props) {
  const say = useWords(scenarioWords);
  const all = whole.steps.length;
  const [step, setStep] = useState(all);
  const [isPlaying, setPlaying] = useState(false);
  const { data } = useInWorker('scenario', { text, steps: step });
  useEffect(() => {
    if (!isPlaying) return;
    if (step >= all) {
      setPlaying(false);
      return;
    }
    const next = setTimeout(() => setStep(step + 1), pace);
    return () => clearTimeout(next);
  }, [isPlaying, step, all]);
  const play = () => {
    if (!isPlaying && step >= all) setStep(0);
    setPlaying(!isPlaying);
  };
  const goTo = (chosen: number) => {
    setPlaying(false);
    setStep(Math.min(all, Math.max(0, chosen)));
  };
  return (
    <section className="stack" aria-label={say('player')}>
      <Card size="small" title={<h2 className="card-title">{say('player')}</h2>}>
        <div className="bar">
          <Button type="primary" onClick={play}>
            {say(isPlaying ? 'pause' : 'play')}
          </Button>
          <Button disabled={step <= 0} onClick={() => goTo(step - 1)}>
            {say('back')}
          </Button>
          <Button disabled={step >= all} onClick={() => goTo(step + 1)}>
            {say('next')}
          </Button>
          <span aria-live="polite">{say('at', { step, all })}</span>
        </div>
        <Slider
          min={0}
          max={all}
          value={step}
          ariaLabelForHandle={say('step')}
          tooltip={{ open: false }}
          onChange={goTo}
        />
        <Steps whole={whole} step={step} onChoose={goTo} />
      </Card>
      {data !== undefined && 'simulation' in data ? <Standing played={data} /> : <Skeleton active />}
    </section>
  );
}

interface StepsProps {
  readonly whole: Played;
  readonly step: number;
  readonly onChoose: (step: number) => void;
}

/** What a step is about, in the fields that its kind has. */
function subjectOf({ do: verb, at: _, ...fields }: ScenarioStep): string {
  const shown = verb === 'use' ? { ...fields, time: undefined } : fields;
  return Object.values(shown)
    .flatMap((value) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []))
    .join(' · ');
}

function Steps({ whole, step, onChoose }: StepsProps) {
  const say = useWords(scenarioWords);
  const said = useSaid();
  const isWord = (word: string): word is keyof typeof scenarioWords.zh & string => word in scenarioWords.zh;
  const resultOf = (index: number) => {
    const result = whole.simulation.results[index];
    if (index >= step || result === undefined) return '';
    if (!result.ok) {
      return (
        <>
          <Tag color="red">{say('refused')}</Tag> {said(result.detail)}
        </>
      );
    }
    if (result.duplicate === true) return say('duplicate');
    return say(result.status === 'held' ? 'held' : 'done');
  };
  return (
    <PlainTable
      label={say('step')}
      columns={[say('step'), say('when'), say('does'), say('result')]}
      rows={whole.steps.map((each, index) => ({
        key: String(index),
        isMarked: index === step - 1,
        cells: [
          <button key="step" type="button" className="as-link" onClick={() => onChoose(index + 1)}>
            {index + 1}
          </button>,
          <span key="when" className="nowrap">
            {each.at.slice(0, 16).replace('T', ' ')}
          </span>,
          <span key="does" className="break-anywhere">
            {isWord(each.do) ? say(each.do) : each.do} {subjectOf(each)}
          </span>,
          resultOf(index),
        ],
      }))}
    />
  );
}
