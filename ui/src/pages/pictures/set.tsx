// What a data set of pictures holds: how many of each class, and the pictures themselves.
import type { Dataset, Profile } from '../../api/types';
import { number } from '../../app/format';
import { t } from '../../app/t';
import { Bars } from '../../charts/histogram';
import { Tabs, useTab } from '../../design/tabs';
import { Empty } from '../../design/parts';
import { WorthKnowing } from '../data/worth';
import type { Shape } from './form';
import { Gallery } from './gallery';

/** Classes that differ less than this in their counts are about the same. */
const EVEN = 1.25;

export function PictureSet({ dataset, profile, shape }: { dataset: Dataset; profile: Profile; shape: Shape }) {
  const [tab, choose] = useTab([{ id: 'classes' }, { id: 'gallery' }]);
  return (
    <>
      <WorthKnowing warnings={profile.warnings} onShow={() => choose('classes')} />
      <Tabs
        label={t('profile.tabs')} current={tab} onChoose={choose}
        tabs={[
          { id: 'classes', label: t('pictures.tab.classes'), content: () => <Classes profile={profile} /> },
          { id: 'gallery', label: t('pictures.tab.gallery'), content: () => <Gallery id={dataset.id} shape={shape} total={profile.rows} /> },
        ]}
      />
    </>
  );
}

function Classes({ profile }: { profile: Profile }) {
  const label = profile.columns.find((column) => column.name === profile.suggested_target);
  const counts = label?.top ?? [];
  const [top, least] = [counts[0], counts[counts.length - 1]];
  if (!label || !top || !least) return <Empty>{t('profile.noPlot', { name: label?.name ?? '' })}</Empty>;
  const rows = counts.map((one) => ({ label: String(one.value), value: one.count, faint: false }));
  if (label.other) rows.push({ label: t('profile.others'), value: label.other, faint: true });
  return (
    <div className="panel">
      <Bars
        title={top.count <= least.count * EVEN && !label.other ? t('pictures.even') : t('pictures.finding', { top: String(top.value), count: top.count, all: number(profile.rows) })}
        over={t('pictures.classes')} how={t('pictures.classesHow')} rows={rows} name="classes" unit={t('pictures.count')} total={profile.rows}
        summary={t('pictures.summary', { count: label.distinct, top: String(top.value), least: String(least.value) })}
      />
    </div>
  );
}
