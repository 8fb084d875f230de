// Questions and words, each with an address of its own; every parameter of every algorithm, from the server's list.
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useState } from 'react';
import { algorithmsQuery } from '../../api/queries';
import type { Algorithm } from '../../api/types';
import { Contact } from '../../app/contact';
import { setting } from '../../app/format';
import { hasSession } from '../../app/session';
import { t } from '../../app/t';
import { Empty, Head, Panel } from '../../design/parts';
import { type Entry, METRICS, QUESTIONS, TERMS } from './words';
import './help.css';

function fits(words: string, ...texts: string[]): boolean {
  const text = texts.join(' ').toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

export function Help() {
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed.trim());
  const hash = useLocation({ select: (location) => location.hash });
  const algorithms = useQuery({ ...algorithmsQuery, enabled: hasSession() });
  const wanted = (list: Entry[]) => list.filter((entry) => fits(words, entry.title, entry.text));
  const params = (algorithms.data?.items ?? []).map((one) => ({ ...one, params: one.params.filter((param) => fits(words, one.title, param.name, param.doc)) })).filter((one) => one.params.length > 0);
  // What a link elsewhere points at may only just have been drawn.
  useEffect(() => {
    if (!hash) return;
    const target = document.getElementById(hash);
    if (target instanceof HTMLDetailsElement) target.open = true;
    target?.scrollIntoView();
  }, [hash, algorithms.data]);
  const [questions, metrics, terms] = [wanted(QUESTIONS), wanted(METRICS), wanted(TERMS)];
  const nothing = questions.length + metrics.length + terms.length + params.length === 0;
  return (
    <>
      <Head title={t('nav.help')} lead={t('help.lead')} />
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        <TextInput type="search" label={t('help.find')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} style={{ maxWidth: 360 }} />
        {words === '' && <Contact className="" />}
        {nothing && <Empty>{t('list.none', { search: words })}</Empty>}
        {questions.length > 0 && (
          <Panel title={t('help.questions')}>
            {questions.map((entry) => (
              <details key={entry.id} id={entry.id} className="question" open={words !== '' || undefined}>
                <summary>{entry.title}</summary>
                <p>{entry.text}</p>
              </details>
            ))}
          </Panel>
        )}
        <div className="two">
          {metrics.length > 0 && <Panel title={t('help.metrics')}><Words list={metrics} prefix="metric-" /></Panel>}
          {terms.length > 0 && <Panel title={t('help.terms')}><Words list={terms} prefix="term-" /></Panel>}
        </div>
        {params.length > 0 && (
          <Panel title={t('help.params')}>
            {params.map((one) => <Params key={one.name} algorithm={one} open={words !== ''} />)}
          </Panel>
        )}
      </div>
    </>
  );
}

function Words({ list, prefix }: { list: Entry[]; prefix: string }) {
  return (
    <dl className="words">
      {list.map((entry) => <div key={entry.id} id={prefix + entry.id}><dt>{entry.title}</dt><dd>{entry.text}</dd></div>)}
    </dl>
  );
}

function Params({ algorithm, open }: { algorithm: Algorithm; open: boolean }) {
  return (
    <details id={`algorithm-${algorithm.name}`} className="question" open={open || undefined}>
      <summary>{algorithm.title}</summary>
      <dl className="words">
        {algorithm.params.map((param) => (
          <div key={param.name} id={`param-${algorithm.name}-${param.name}`}>
            <dt><code>{param.name}</code></dt>
            <dd>{param.doc} <span className="soft">{t('help.allowed', { allowed: param.allowed, value: setting(param.default, t('train.param.none')) })}</span></dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
