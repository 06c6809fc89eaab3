// What hours can say besides the week: rules, absences, extra hours and closures, as an administrator sets them and a patient finds them.
import { create, dateIn, freeTimes, newDoctor, newPatient, read, tell, tokenOf } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A doctor who works every morning, and how many of her times are free on a date. */
async function working(request) {
  const { hospital, doctor, kind } = await newDoctor(request);
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '09:00', end: '12:00' }));
  const data = { weekly, rules: { cadence_minutes: 30, notice_minutes: 60, horizon_days: 60 } };
  const response = await request.put(`/api/v1/doctors/${doctor.id}/hours`, { data, headers: { authorization: `Bearer ${hospital.token}` } });
  expect(response.ok(), await response.text()).toBeTruthy();
  const free = async (date) => (await freeTimes(request, doctor.id, kind.id)).filter((start) => start.startsWith(date)).length;
  const hours = `/hospital/${hospital.id}/doctors/${doctor.id}/hours`;
  return { hospital, doctor, kind, free, hours };
}

function section(page, key) {
  return main(page).getByRole('region', { name: t(key) });
}

withAndWithoutScripts(() => {
  test('a doctor is away for a week, and back', { tag: '@engine' }, async ({ page, request, gate }) => {
    gate.allow(422);
    const { doctor, free, hours } = await working(request);
    const [first, last] = [dateIn(10), dateIn(12)];
    expect(await free(last)).toBeGreaterThan(0);
    await signIn(page, ADMIN, { next: hours });
    const away = section(page, 'hospital_hours.away');
    await away.getByText(t('hospital_hours.away_add_title')).click();
    await away.getByLabel(t('hospital_hours.away_from')).fill(first);
    await away.getByLabel(t('hospital_hours.away_to')).fill(dateIn(9));
    await away.getByRole('button', { name: t('hospital_hours.away_add') }).click();
    // The end before the beginning is said beside its field, and what was typed stays.
    await expect(page.getByRole('alert').getByText(t('error.range_order'))).toBeVisible();
    await expect(away.getByLabel(t('hospital_hours.away_from'))).toHaveValue(first);
    await away.getByLabel(t('hospital_hours.away_to')).fill(last);
    await away.getByLabel(t('hospital_hours.note')).fill('Walking');
    await away.getByRole('button', { name: t('hospital_hours.away_add') }).click();
    const row = away.getByRole('row').filter({ hasText: 'Walking' });
    await expect(row).toContainText(t('hospital_hours.away_leave'));
    for (const date of [first, last]) expect(await free(date)).toBe(0);
    expect(await free(dateIn(13))).toBeGreaterThan(0);
    await row.getByRole('button', { name: t('common.remove') }).click();
    await expect(row).toHaveCount(0);
    expect(await free(last), doctor.name).toBeGreaterThan(0);
  });

  test('hours every second week for video alone stay when the week is saved', async ({ page, request, gate }) => {
    gate.allow(422);
    gate.allow(409);
    const { doctor, hours, hospital } = await working(request);
    await signIn(page, ADMIN, { next: hours });
    const special = section(page, 'hospital_hours.special');
    await special.getByText(t('hospital_hours.rule_add_title')).click();
    await special.getByLabel(`${t('hospital_hours.hours')}, ${t('common.from')}`).fill('18:00');
    await special.getByLabel(`${t('hospital_hours.hours')}, ${t('common.until')}`).fill('20:00');
    await special.getByLabel(t('hospital_hours.rule_weeks')).selectOption('2');
    await special.getByRole('button', { name: t('hospital_hours.rule_add'), exact: true }).click();
    await expect(page.getByRole('alert').getByText(t('error.weeks_need_a_beginning'))).toBeVisible();
    await special.getByLabel(t('hospital_hours.rule_from')).fill(dateIn(7));
    await special.getByLabel(t('hospital_hours.rule_modality')).selectOption('video');
    await special.getByRole('button', { name: t('hospital_hours.rule_add'), exact: true }).click();
    const row = special.getByRole('row').filter({ hasText: '18:00' });
    await expect(row).toContainText(t('hospital_hours.every_weeks', { number: 2 }));
    await page.getByRole('button', { name: t('hospital_hours.save') }).click();
    await expect(main(page).getByRole('status').or(main(page).getByText(t('common.saved'), { exact: true })).first()).toBeVisible();
    await expect(row).toBeVisible();
    const { weekly } = await read(request, `/doctors/${doctor.id}/hours`, hospital.token);
    expect(weekly.filter((window) => window.modality === 'video' && window.every_weeks === 2)).toHaveLength(1);
    expect(weekly).toHaveLength(8);
    // Whoever is quicker than the page, which reads the saved week anew, is told so and presses again.
    await expect(async () => {
      await row.getByRole('button', { name: t('common.remove') }).click();
      await expect(row).toHaveCount(0, { timeout: 3000 });
    }).toPass();
  });

  test('hours that somebody else has changed meanwhile are not overwritten', async ({ page, request, gate }) => {
    gate.allow(409);
    const { doctor, hours, hospital } = await working(request);
    await signIn(page, ADMIN, { next: hours });
    await expect(page.getByRole('button', { name: t('hospital_hours.save') })).toBeVisible();
    const weekly = [{ weekday: 1, start: '08:00', end: '09:00' }];
    const response = await request.put(`/api/v1/doctors/${doctor.id}/hours`, { data: { weekly }, headers: { authorization: `Bearer ${hospital.token}` } });
    expect(response.ok()).toBeTruthy();
    await page.getByRole('button', { name: t('hospital_hours.save') }).click();
    await expect(page.getByRole('alert').getByText(t('error.stale_version'))).toBeVisible();
    // It is shown as it stands now, so that a second press overwrites nothing unseen.
    const monday = `${t('calendar.monday')}, ${t('hospital_hours.window', { number: 1 })}`;
    await expect(page.getByLabel(`${monday}, ${t('common.from')}`)).toHaveValue('08:00');
    await page.getByRole('button', { name: t('hospital_hours.save') }).click();
    await expect(page.getByRole('alert').getByText(t('error.stale_version'))).toBeHidden();
    const now = await read(request, `/doctors/${doctor.id}/hours`, hospital.token);
    expect(now.weekly).toHaveLength(1);
  });

  test('an evening is added once', async ({ page, request }) => {
    const { free, hours } = await working(request);
    const date = dateIn(11);
    const before = await free(date);
    await signIn(page, ADMIN, { next: hours });
    const days = section(page, 'hospital_hours.exceptions');
    const first = t('hospital_hours.window', { number: 1 });
    await days.getByLabel(t('hospital_hours.date'), { exact: true }).fill(date);
    await days.getByLabel(`${first}, ${t('common.from')}`).fill('18:00');
    await days.getByLabel(`${first}, ${t('common.until')}`).fill('20:00');
    await days.getByRole('checkbox').check();
    await days.getByRole('button', { name: t('hospital_hours.add'), exact: true }).click();
    const row = days.getByRole('row').filter({ hasText: t('hospital_hours.besides_short') });
    await expect(row).toContainText('18:00');
    expect(await free(date)).toBeGreaterThan(before);
    await row.getByRole('button', { name: t('common.remove') }).click();
    await expect(row).toHaveCount(0);
    expect(await free(date)).toBe(before);
  });

  test('a time that is not there is explained, and what is free near it is booked', async ({ page, request }) => {
    const { doctor, kind, hospital } = await working(request);
    const date = dateIn(14);
    await create(request, `/doctors/${doctor.id}/absences`, hospital.token, { from: `${date}T10:00:00`, to: `${date}T11:00:00`, kind: 'meeting' });
    const person = await newPatient(request);
    await signIn(page, person.email, { password: person.password, next: `/book/${doctor.id}/time?visit_type=${kind.id}` });
    await main(page).getByText(t('booking.why_open')).click();
    await main(page).getByLabel(t('booking.why_day')).fill(date);
    await main(page).getByLabel(t('booking.why_time')).fill('10:00');
    await main(page).getByRole('button', { name: t('booking.why_action') }).click();
    await expect(main(page).getByText(t('booking.why_away'))).toBeVisible();
    await main(page).getByRole('link', { name: /11:00/ }).click();
    await expect(main(page).locator('time')).toHaveAttribute('datetime', new RegExp(`${date}T11:00`));
  });
});

test('days on which a hospital is closed', async ({ page, request }) => {
  // A hospital of its own: nobody else's times are taken away.
  const platform = await tokenOf(request, 'platform@demo.example');
  const person = await newPatient(request);
  const hospital = await create(request, '/hospitals', platform, {
    name: `Closed ${Date.now()}`, address: 'Main Street 1', city: 'Berlin', time_zone: 'Europe/Berlin', currency: 'EUR', staff_second_factor: false,
  });
  const link = await create(request, `/hospitals/${hospital.id}/invitations`, platform, { email: person.email, role: 'hospital_admin' });
  await tell(request, '/invitations/accept', person.token, { token: link.token });
  await signIn(page, person.email, { password: person.password, next: `/hospital/${hospital.id}/settings` });
  const closures = section(page, 'hospital_closures.title');
  await closures.getByLabel(t('hospital_closures.from')).fill(dateIn(20));
  await closures.getByLabel(t('hospital_hours.note')).fill('Moving');
  await closures.getByRole('button', { name: t('hospital_closures.add') }).click();
  const row = closures.getByRole('row').filter({ hasText: 'Moving' });
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: t('common.remove') }).click();
  await expect(row).toHaveCount(0);
});
