// Whether the model answers the same however it is asked: compared before it could be used.
import type { Certificate } from '../../api/documents';
import { t } from '../../app/t';
import { Chip, Panel } from '../../design/parts';

/** A difference as people read it: none at all is said so. */
export function differenceText(largest: number | null): string {
  if (largest === null) return '–';
  return largest === 0 ? t('certificate.none') : largest.toExponential(1);
}

/** Whether a way that was asked answers the same; the server keeps no difference that is not a number. */
export function holds(one: Certificate['paths'][number]): boolean {
  return one.labels === 0 && one.largest !== null && one.largest <= one.bound;
}

export function CertificatePanel({ certificate }: { certificate: Certificate }) {
  return (
    <Panel title={t('certificate.title')}>
      <div className="stack">
        <p className="small soft wrap">{t('certificate.lead', { rows: certificate.rows })}</p>
        <table className="cards" aria-label={t('certificate.title')}>
          <thead><tr><th>{t('certificate.path')}</th><th className="num">{t('certificate.largest')}</th><th className="num">{t('certificate.bound')}</th><th>{t('certificate.found')}</th></tr></thead>
          <tbody>
            {certificate.paths.map((one) => (
              <tr key={one.path}>
                <th scope="row">{t(`certificate.${one.path}`)}</th>
                <td className="num" data-label={t('certificate.largest')}>{differenceText(one.largest)}</td>
                <td className="num" data-label={t('certificate.bound')}>{one.bound.toExponential(0)}</td>
                <td data-label={t('certificate.found')}>{one.skipped ? <span className="small soft" style={{ overflowWrap: 'anywhere' }}><bdi>{one.skipped}</bdi></span> : <Chip tone={holds(one) ? 'engine' : 'signal'}>{t(holds(one) ? 'certificate.same' : 'certificate.differs')}</Chip>}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {certificate.rows_beyond_text > 0 && <p className="small soft wrap">{t('certificate.beyond', { rows: certificate.rows_beyond_text })}</p>}
      </div>
    </Panel>
  );
}
