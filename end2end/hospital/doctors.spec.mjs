// The administrator's doctors and what can be booked with them. Each journey makes what it changes.
import { dateIn, doctors, freeTimes, hospitalOf, newDoctor, read } from '../fixtures/house.mjs';
import { alive } from '../fixtures/hydration.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, main, signIn, unique } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

withAndWithoutScripts((scripts) => {
  test('a new doctor: sheet, hours, public page with free times', async ({ page, request }) => {
    const hospital = await hospitalOf(request, ADMIN);
    const [kind] = await read(request, `/hospitals/${hospital.id}/visit-types`);
    const name = `Dr. ${unique()}`;
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/doctors` });
    await main(page).getByRole('link', { name: t('hospital_doctors.add') }).click();
    await page.getByLabel(t('common.name'), { exact: true }).fill(name);
    await page.getByRole('checkbox', { name: t('specialty_short.dentistry') }).check();
    await page.getByRole('checkbox', { name: t('language.it') }).check();
    await page.getByRole('checkbox', { name: kind.name }).check();
    await page.getByLabel(t('hospital_doctors.biography')).fill('I take my time.');
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();

    // A new doctor has no hours yet, so that is where it goes on.
    await expect(page.getByRole('heading', { level: 1, name: t('hospital_hours.title') })).toBeVisible();
    await expect(main(page)).toContainText(name);
    for (const day of ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']) {
      const label = `${t(`calendar.${day}`)}, ${t('hospital_hours.window', { number: 1 })}`;
      await page.getByLabel(`${label}, ${t('common.from')}`).fill('09:00');
      await page.getByLabel(`${label}, ${t('common.until')}`).fill('17:00');
    }
    await page.getByRole('button', { name: t('hospital_hours.save') }).click();
    await expect(main(page).getByText(t('common.saved'), { exact: true })).toBeVisible();

    const found = (await doctors(request, hospital.id)).find((doctor) => doctor.name === name);
    expect(found.next_free.length).toBeGreaterThan(0);
    await page.goto(`/doctors/${found.id}`);
    await expect(main(page)).toContainText('I take my time.');
    await expect(main(page).locator('a.time-link').first()).toBeVisible();
  });

  test('a sheet that is refused keeps what was typed and names the field', async ({ page, request, gate }) => {
    gate.allow(422);
    const hospital = await hospitalOf(request, ADMIN);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/doctors/new` });
    // Before the page is alive the form is a plain one, and the answer is a new page.
    if (scripts) await alive(page);
    await page.getByLabel(t('hospital_doctors.biography')).fill('Words that must not be lost');
    await page.getByRole('checkbox', { name: t('specialty_short.urology'), exact: true }).check();
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    const named = t('field.line', { field: t('common.name'), problem: t('error.required') });
    await expect(page.getByRole('alert').getByRole('link', { name: named })).toBeVisible();
    await expect(page.getByLabel(t('common.name'), { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel(t('hospital_doctors.biography'))).toHaveValue('Words that must not be lost');
    await expect(page.getByRole('checkbox', { name: t('specialty_short.urology'), exact: true })).toBeChecked();
    if (scripts) await expect(page.locator('#form-errors')).toBeFocused();
  });

  test('a changed sheet is what patients see', async ({ page, request }) => {
    const { hospital, doctor } = await newDoctor(request);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/doctors/${doctor.id}` });
    await page.getByRole('checkbox', { name: t('language.ja') }).check();
    await page.getByRole('checkbox', { name: t('hospital_doctors.can_be_booked') }).uncheck();
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(main(page).getByText(t('common.saved'), { exact: true })).toBeVisible();
    await expect(page.getByRole('checkbox', { name: t('language.ja') })).toBeChecked();
    await expect(page.getByRole('checkbox', { name: t('hospital_doctors.can_be_booked') })).not.toBeChecked();
    await page.goto(`/doctors/${doctor.id}`);
    await expect(main(page)).toContainText(t('language.ja'));
    await expect(main(page)).toContainText(t('error.not_bookable'));
  });

  test('hours that overlap are refused beside their field, and nothing typed is lost', async ({ page, request, gate }) => {
    gate.allow(422);
    const { hospital, doctor } = await newDoctor(request);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/doctors/${doctor.id}/hours` });
    const field = (number, end) =>
      page.getByLabel(`${t('calendar.tuesday')}, ${t('hospital_hours.window', { number })}, ${t(end ? 'common.until' : 'common.from')}`);
    await field(1, false).fill('09:00');
    await field(1, true).fill('12:00');
    await field(2, false).fill('11:00');
    await field(2, true).fill('13:00');
    await page.getByRole('button', { name: t('hospital_hours.save') }).click();
    await expect(page.getByRole('alert').getByText(t('error.hours_overlap'))).toBeVisible();
    await expect(field(2, false)).toHaveAttribute('aria-invalid', 'true');
    await expect(field(2, false)).toHaveValue('11:00');
    const { weekly } = await read(request, `/doctors/${doctor.id}/hours`, hospital.token);
    expect(weekly).toEqual([]);
  });

  test('a day off takes the free times away, and gives them back', async ({ page, request }) => {
    const { hospital, doctor, kind } = await newDoctor(request);
    const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '09:00', end: '12:00' }));
    const data = { weekly: week, rules: { cadence_minutes: 30, notice_minutes: 60, horizon_days: 60 } };
    const response = await request.put(`/api/v1/doctors/${doctor.id}/hours`, { data, headers: { authorization: `Bearer ${hospital.token}` } });
    expect(response.ok(), await response.text()).toBeTruthy();
    const off = dateIn(10);
    const free = async () => (await freeTimes(request, doctor.id, kind.id)).filter((start) => start.startsWith(off)).length;
    expect(await free()).toBeGreaterThan(0);

    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/doctors/${doctor.id}/hours` });
    await page.getByLabel(t('hospital_hours.date'), { exact: true }).fill(off);
    const days = main(page).getByRole('region', { name: t('hospital_hours.exceptions') });
    await days.getByLabel(t('hospital_hours.note')).fill('Training');
    await days.getByRole('button', { name: t('hospital_hours.add'), exact: true }).click();
    const row = main(page).getByRole('row').filter({ hasText: 'Training' });
    await expect(row).toContainText(t('hospital_hours.off'));
    expect(await free()).toBe(0);
    await row.getByRole('button', { name: t('common.remove') }).click();
    await expect(row).toHaveCount(0);
    expect(await free()).toBeGreaterThan(0);
  });
});
