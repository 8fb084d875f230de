// The same prediction from a script, with this model's own id, columns and typical values.
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { below, publicAddress } from '../../api/place';
import type { Model } from '../../api/types';
import { Link } from '../../app/link';
import { type Key, t } from '../../app/t';
import { Choices } from '../../design/choices';
import { Panel } from '../../design/parts';
import { shapeOf } from '../pictures/form';
import { fileSnippet, inferenceSnippet, MORE_LANGUAGES, type MoreLanguage } from './more-snippets';
import { pictureSnippet } from './picture-snippets';
import { snippet, type Language, LANGUAGES } from './snippets';
import { typicalRow } from './words';

/** Texts in quotation marks apart from what surrounds them: a name written from right to left would turn that round too. */
function isolated(text: string): ReactNode[] {
  return text.split(/("(?:[^"\\\n]|\\.)*")/).map((part, index) => (index % 2 === 1 ? <bdi key={index}>{part}</bdi> : part));
}

const KINDS = ['one', 'file', 'v2'] as const;
const LEADS = { one: 'code.lead', file: 'code.fileLead', v2: 'code.v2Lead' } as const;

export function Code({ model }: { model: Model }) {
  const [wanted, setLanguage] = useState<Language>('curl');
  const [kind, setKind] = useState<(typeof KINDS)[number]>('one');
  const [copied, setCopied] = useState(false);
  const picture = shapeOf(model) !== null;
  const languages: readonly Language[] = kind === 'one' ? LANGUAGES : MORE_LANGUAGES;
  const language = languages.includes(wanted) ? wanted : 'curl';
  const origin = publicAddress();
  const signature = model.signature ?? [];
  const text = picture ? pictureSnippet(language, origin, model.id)
    : kind === 'file' ? fileSnippet(language as MoreLanguage, origin, model.id)
    : kind === 'v2' ? inferenceSnippet(language as MoreLanguage, origin, model.id, signature)
    : snippet(language, origin, model.id, typicalRow(signature), model.task === 'classification');
  const name = t(`code.${language}` as Key);
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    });
  };
  return (
    <Panel>
      <div className="stack">
        {!picture && <Choices legend={t('code.kind')} hideLegend compact choices={KINDS.map((one) => ({ value: one, label: t(`code.kind.${one}`) }))} value={kind} onChange={setKind} />}
        <p className="soft wrap">{t(LEADS[kind])}</p>
        <Choices legend={t('code.language')} hideLegend compact choices={languages.map((one) => ({ value: one, label: t(`code.${one}` as Key) }))} value={language} onChange={setLanguage} />
        <pre className="sunk" style={{ overflowX: 'auto', margin: 0, fontSize: 14, lineHeight: 1.55 }} role="region" aria-label={t('code.region', { language: name })} tabIndex={0}><code style={{ fontSize: 'inherit' }}>{isolated(text)}</code></pre>
        <div className="split">
          <Button variant="default" onClick={copy}>{copied ? t('action.copied') : t('action.copy')}</Button>
          <span className="small soft">{t('code.key')} <Link to="/account" search={{ tab: 'keys' }}>{t('code.makeKey')}</Link>. {t('code.docs')} <a href={below('/docs')}>{t('code.reference')}</a>.</span>
        </div>
      </div>
    </Panel>
  );
}
